import type { Scenario } from '../scenario.js'

/** The edge of a mobile cell: every answer takes 2 to 3 s longer, for two minutes. */
export const slow: Scenario = {
  name: 'Slow',
  sentence: 'The edge of a mobile cell: every answer takes 2 to 3 s longer, for two minutes.',
  seed: 1,
  steps: [{ atMs: 0, do: { type: 'latency', ms: 2500, jitterMs: 500 }, forMs: 120_000 }],
}
