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
  'first-refused': {
    name: 'The first four are refused',
    sentence:
      'Of the instances behind a balancer one is gone: four requests are refused until it is taken out.',
    seed: 1,
    steps: [{ atMs: 1_000, do: { type: 'failTimes', n: 4, fault: { type: 'refuse' } }, forMs: 6_000 }],
  },
  'first-late': {
    name: 'The first three are late',
    sentence: 'A cache is cold: each of the first three requests takes 4 s.',
    seed: 1,
    steps: [
      { atMs: 1_000, do: { type: 'failTimes', n: 3, fault: { type: 'latency', ms: 4_000 } }, forMs: 6_000 },
    ],
  },
  'slow-up': {
    name: 'Requests are slow',
    sentence: 'Somebody uploads films on the same line: for 5 s whatever is sent takes 2.4 s.',
    seed: 1,
    steps: [{ atMs: 1_000, do: { type: 'latency', ms: 4_800, only: { direction: 'up' } }, forMs: 5_000 }],
  },
  'slow-down': {
    name: 'Answers are slow',
    sentence: 'Somebody watches films on the same line: for 5 s whatever comes back takes 2.4 s.',
    seed: 1,
    steps: [{ atMs: 1_000, do: { type: 'latency', ms: 4_800, only: { direction: 'down' } }, forMs: 5_000 }],
  },
  'portal-redirects': {
    name: 'A captive portal sends elsewhere',
    sentence: 'The Wi-Fi of a train asks for a sign-in: for 4 s each request is sent to its page, elsewhere.',
    seed: 1,
    steps: [{ atMs: 1_000, do: { type: 'portal', redirect: true }, forMs: 4_000 }],
  },
  'short-hole': {
    name: 'A black hole of 4 s',
    sentence: 'For 4 s every packet is dropped; then kernels send them again, each in its time.',
    seed: 1,
    steps: [{ atMs: 1_000, do: { type: 'blackhole' }, forMs: 4_000 }],
  },
}
