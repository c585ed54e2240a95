import type { Scenario } from '../scenario.js'

/** The train goes through a long tunnel: the device has no network for a minute. */
export const offline60s: Scenario = {
  name: 'Offline for 60 s',
  sentence: 'The train goes through a long tunnel: the device has no network for a minute.',
  seed: 1,
  steps: [{ atMs: 1000, do: { type: 'offline' }, forMs: 60_000 }],
}
