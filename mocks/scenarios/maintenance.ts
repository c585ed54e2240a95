import type { Scenario } from '../scenario.js'

/** The service is taken down on purpose: for 25 s it answers 503 to everything and says when to come back. */
export const maintenance: Scenario = {
  name: 'Maintenance of 25 s',
  sentence:
    'The service is taken down on purpose: for 25 s it answers 503 to everything and says when to come back.',
  seed: 1,
  steps: [{ atMs: 1000, do: { type: 'status', code: 503, retryAfter: 25 }, forMs: 25_000 }],
}
