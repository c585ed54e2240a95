import type { Scenario } from '../scenario.js'

/**
 * The write is done, and the connection is cut before its answer is there: the client cannot know. Twice: what is cut
 * once on a kept connection the browser sends again by itself, and nobody hears of it.
 */
export const replyLost: Scenario = {
  name: 'Reply lost after the commit',
  sentence:
    'The write is done, and the connection is cut before its answer is there: the client cannot know.',
  seed: 1,
  steps: [
    {
      atMs: 1000,
      do: { type: 'failTimes', n: 2, fault: { type: 'reset', only: { method: 'POST' } } },
      forMs: 10_000,
    },
  ],
}
