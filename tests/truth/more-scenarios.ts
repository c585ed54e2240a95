/** Faults that concern HTTP and that no scenario of the catalogue has, so that the table has them too. */
import type { Scenario } from '../../mocks/scenario.js'

/** By name, as in the catalogue. */
export const moreScenarios: Readonly<Record<string, Scenario>> = {
  'cut-short': {
    name: 'Answers cut short',
    sentence: 'For 4 s the body of each answer ends after eight bytes.',
    seed: 1,
    steps: [{ atMs: 1_000, do: { type: 'truncate', bytes: 8 }, forMs: 4_000 }],
  },
  'reply-lost-on-kept': {
    name: 'Reply lost on a kept connection',
    sentence:
      'The answer to a write is cut once: the browser sends it again by itself, and nobody hears of it.',
    seed: 1,
    steps: [
      {
        atMs: 1_000,
        do: { type: 'failTimes', n: 1, fault: { type: 'reset', only: { method: 'POST' } } },
        forMs: 6_000,
      },
    ],
  },
  'first-fail': {
    name: 'The first three fail',
    sentence: 'A cache is cold: the first three requests after it was emptied get a 500.',
    seed: 1,
    steps: [
      { atMs: 1_000, do: { type: 'failTimes', n: 3, fault: { type: 'status', code: 500 } }, forMs: 6_000 },
    ],
  },
  'short-hole': {
    name: 'A black hole of 4 s',
    sentence: 'For 4 s every packet is dropped; then kernels send them again, each in its time.',
    seed: 1,
    steps: [{ atMs: 1_000, do: { type: 'blackhole' }, forMs: 4_000 }],
  },
}
