import type { Scenario } from '../scenario.js'

/** The device has no network for 12 s, and in that time its token expires: what was held is refused at first. */
export const tokenExpired: Scenario = {
  name: 'Token expires in an outage',
  sentence:
    'The device has no network for 12 s, and in that time its token expires: what was held is refused at first.',
  seed: 1,
  steps: [
    { atMs: 1000, do: { type: 'offline' }, forMs: 12_000 },
    { atMs: 6000, do: { type: 'unauthorized' }, forMs: 60_000 },
  ],
}
