/** What concerns sockets, streams and polls, and no scenario of the catalogue has. */
import type { Fault } from '../../../mocks/faults.js'
import type { Scenario, Step } from '../../../mocks/scenario.js'

const steps = (
  ...all: readonly (readonly [atMs: number, action: Fault, forMs?: number])[]
): readonly Step[] =>
  all.map(([atMs, action, forMs]) => ({ atMs, do: action, ...(forMs !== undefined && { forMs }) }))

/** The server closes with this code, for a short time. */
const closing = (atMs: number, code: number, reason: string, clean = true) =>
  [atMs, { type: 'close', code, reason, clean } as const, 400] as const

/** By name, as in the catalogue. */
export const liveScenarios: Readonly<Record<string, Scenario>> = {
  'closed-for-now': {
    name: 'Closed for now',
    sentence: 'The server closes with 1012 and its estimate, and then for a session that it does not know.',
    seed: 1,
    steps: steps(closing(1_000, 1012, '{"retryAfterMs":1500}'), closing(5_000, 4402, 'session_unknown')),
  },
  'closed-for-good': {
    name: 'Closed for good',
    sentence: 'The server closes for want of a token, and then because of a frame that it takes for none.',
    seed: 1,
    steps: steps(closing(1_000, 4401, 'token-expired'), closing(5_000, 1008, 'a frame is a JSON object')),
  },
  'closed-in-disorder': {
    name: 'Closed in disorder',
    sentence: 'The server says that it closes, and cuts the connection; and then it only cuts it.',
    seed: 1,
    steps: steps(closing(1_000, 1013, 'reads too slowly', false), closing(5_000, 1006, '', false)),
  },
  'cut-at-once': {
    name: 'Cut at once',
    sentence: 'Everything that is open is reset.',
    seed: 1,
    steps: steps(
      [1_000, { type: 'reset', only: { transport: 'ws' } }, 400],
      [4_000, { type: 'reset', only: { transport: 'sse' } }, 400],
    ),
  },
  'cut-by-bytes': {
    name: 'Cut after so many bytes',
    sentence: 'For 4 s each connection is cut after 11,000 bytes more.',
    seed: 1,
    steps: steps([1_000, { type: 'reset', afterBytes: 11_000 }, 4_000]),
  },
  'cut-short': {
    name: 'Answers cut short',
    sentence: 'For 4 s the body of each answer ends after 6,000 bytes.',
    seed: 1,
    steps: steps([1_000, { type: 'truncate', bytes: 6_000 }, 4_000]),
  },
  'deaf-server': {
    name: 'Nothing goes up',
    sentence: 'For 4 s what is sent to the server vanishes; what it says arrives.',
    seed: 1,
    steps: steps([1_000, { type: 'blackhole', only: { direction: 'up' } }, 4_000]),
  },
  'dumb-server': {
    name: 'Nothing comes down',
    sentence: 'For 5 s what the server says vanishes; what is sent to it arrives.',
    seed: 1,
    steps: steps([1_000, { type: 'blackhole', only: { direction: 'down' } }, 5_000]),
  },
  narrow: {
    name: 'Narrow',
    sentence: 'For 4 s sixteen thousand bytes a second come through, on each connection and each way.',
    seed: 1,
    steps: steps([1_000, { type: 'bandwidth', kBps: 16 }, 4_000]),
  },
  'token-refused': {
    name: 'Token refused',
    sentence: 'The token that was good is refused; streams feel it when they are closed and come back.',
    seed: 1,
    steps: steps([1_000, { type: 'unauthorized' }, 5_000], closing(3_000, 1012, '')),
  },
  'offline-briefly': {
    name: 'Offline for 2.4 s',
    sentence: 'The device has no network for 2.4 s: too short for who is silent to be given up.',
    seed: 1,
    steps: steps([1_000, { type: 'offline' }, 2_400]),
  },
  'slow-up': {
    name: 'What goes up is slow',
    sentence: 'For 4 s what is sent to the server takes a second; what it says comes at once.',
    seed: 1,
    steps: steps([1_000, { type: 'latency', ms: 2_000, only: { direction: 'up' } }, 4_000]),
  },
  'slow-down': {
    name: 'What comes down is slow',
    sentence: 'For 4 s what the server says takes a second; what is sent to it is there at once.',
    seed: 1,
    steps: steps([1_000, { type: 'latency', ms: 2_000, only: { direction: 'down' } }, 4_000]),
  },
  'first-fail': {
    name: 'The first four fail',
    sentence:
      'Everybody is cut, and a balancer sends the first four who come back to an instance that is gone.',
    seed: 1,
    steps: steps(
      [1_000, { type: 'failTimes', n: 4, fault: { type: 'status', code: 502, from: 'gateway' } }, 8_000],
      [1_000, { type: 'close', code: 1006, reason: '', clean: false }, 400],
    ),
  },
  'portal-redirects': {
    name: 'A captive portal sends elsewhere',
    sentence: 'Everybody is cut, and for 4 s whatever is asked is sent to a page of the Wi-Fi, elsewhere.',
    seed: 1,
    steps: steps(
      [1_000, { type: 'portal', redirect: true }, 4_000],
      [1_000, { type: 'close', code: 1006, reason: '', clean: false }, 400],
    ),
  },
  'late-guests': {
    name: 'Guests that come during a drain',
    sentence: 'Everybody is cut while the server drains, comes back, and is told at once.',
    seed: 1,
    steps: [
      { atMs: 1_000, do: { type: 'restart.graceful', drainMs: 4_000, downMs: 2_000 } },
      { atMs: 2_700, do: { type: 'close', code: 1012 }, forMs: 100 },
    ],
  },
}
