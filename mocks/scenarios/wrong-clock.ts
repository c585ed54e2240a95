import type { Scenario } from '../scenario.js'

/** The service's clock is an hour ahead, and for 10 s it is overloaded and says by date when to come back. */
export const wrongClock: Scenario = {
  name: 'Wrong clock',
  sentence:
    "The service's clock is an hour ahead, and for 10 s it is overloaded and says by date when to come back.",
  seed: 1,
  steps: [
    { atMs: 0, do: { type: 'clockSkew', ms: 3_600_000 }, forMs: 60_000 },
    {
      atMs: 1000,
      do: { type: 'status', code: 503, retryAfter: 10, retryAfterAs: 'date' },
      forMs: 10_000,
    },
  ],
}
