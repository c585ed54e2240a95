import type { Scenario } from '../scenario.js'

/** The balancer has no healthy instance: for 20 s it answers 503 in place of the service. */
export const failing503: Scenario = {
  name: 'Failing with 503',
  sentence: 'The balancer has no healthy instance: for 20 s it answers 503 in place of the service.',
  seed: 1,
  steps: [{ atMs: 1000, do: { type: 'status', code: 503, from: 'gateway' }, forMs: 20_000 }],
}
