import type { Scenario } from '../scenario.js'

/** A train: good, then nothing for 8 s in the tunnel, then 12 s of a bad cell behind it, then good. */
export const tunnel: Scenario = {
  name: 'Tunnel',
  sentence:
    'A train: good, then nothing for 8 s in the tunnel, then 12 s of a bad cell behind it, then good.',
  seed: 1,
  steps: [
    { atMs: 2000, do: { type: 'blackhole' }, forMs: 8000 },
    { atMs: 10_000, do: { type: 'latency', ms: 1500, jitterMs: 500 }, forMs: 12_000 },
    { atMs: 10_000, do: { type: 'bandwidth', kBps: 20 }, forMs: 12_000 },
    { atMs: 10_000, do: { type: 'flaky', probability: 0.2, fault: { type: 'reset' } }, forMs: 12_000 },
  ],
}
