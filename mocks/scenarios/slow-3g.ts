import type { Scenario } from '../scenario.js'

/** A phone in the countryside, as in the profile of Chrome DevTools: 2 s a round trip, 50 kB a second. */
export const slow3g: Scenario = {
  name: 'Slow 3G',
  sentence:
    'A phone in the countryside, as in the profile of Chrome DevTools: 2 s a round trip, 50 kB a second.',
  seed: 1,
  steps: [
    { atMs: 0, do: { type: 'latency', ms: 2000 }, forMs: 120_000 },
    { atMs: 0, do: { type: 'bandwidth', kBps: 50 }, forMs: 120_000 },
  ],
}
