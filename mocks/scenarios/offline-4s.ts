import type { Scenario } from '../scenario.js'

/** The laptop changes from one Wi-Fi to another: the device has no network for 4 s. */
export const offline4s: Scenario = {
  name: 'Offline for 4 s',
  sentence: 'The laptop changes from one Wi-Fi to another: the device has no network for 4 s.',
  seed: 1,
  steps: [{ atMs: 1000, do: { type: 'offline' }, forMs: 4000 }],
}
