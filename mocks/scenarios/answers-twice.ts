import type { Scenario } from '../scenario.js'

/** A relay in front of the server repeats itself: for 10 s each event and each acknowledgement comes twice. */
export const answersTwice: Scenario = {
  name: 'Everything comes twice',
  sentence:
    'A relay in front of the server repeats itself: for 10 s each event and each acknowledgement comes twice.',
  seed: 1,
  steps: [{ atMs: 1000, do: { type: 'duplicate', only: { direction: 'down' } }, forMs: 10_000 }],
}
