import type { Scenario } from '../scenario.js'

/** The proxy in front of the service reloads: for 0.7 s nobody listens. Nobody should notice. */
export const blip: Scenario = {
  name: 'Blip of 0.7 s',
  sentence: 'The proxy in front of the service reloads: for 0.7 s nobody listens. Nobody should notice.',
  seed: 1,
  steps: [{ atMs: 1000, do: { type: 'refuse' }, forMs: 700 }],
}
