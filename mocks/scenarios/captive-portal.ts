import type { Scenario } from '../scenario.js'

/** The Wi-Fi of a hotel asks for a sign-in: for 20 s every answer is its page, with status 200. */
export const captivePortal: Scenario = {
  name: 'Captive portal',
  sentence: 'The Wi-Fi of a hotel asks for a sign-in: for 20 s every answer is its page, with status 200.',
  seed: 1,
  steps: [{ atMs: 1000, do: { type: 'portal' }, forMs: 20_000 }],
}
