/** What concerns channels, and neither the catalogue nor the table of raw clients has. */
import type { Scenario } from '../../../mocks/scenario.js'

const ONLY_SOCKETS = { only: { transport: 'ws' } } as const
const ONLY_STREAMS = { only: { transport: 'sse' } } as const
const ONLY_REQUESTS = { only: { transport: 'http' } } as const

/** By name, as in the catalogue. */
export const channelScenarios: Readonly<Record<string, Scenario>> = {
  'cut-for-a-blip': {
    name: 'Cut for a blip',
    sentence: 'The proxy in front of the service reloads: what is open is cut, and for 0.7 s nobody listens.',
    seed: 1,
    steps: [
      { atMs: 1_000, do: { type: 'refuse' }, forMs: 700 },
      { atMs: 1_000, do: { type: 'reset' }, forMs: 100 },
    ],
  },
  'token-too-old': {
    name: 'Token too old',
    sentence: 'The token expires: polls are refused, and sockets and streams when they are closed for it.',
    seed: 1,
    steps: [
      { atMs: 1_000, do: { type: 'unauthorized', ...ONLY_STREAMS }, forMs: 4_000 },
      { atMs: 1_000, do: { type: 'unauthorized', ...ONLY_REQUESTS }, forMs: 4_000 },
      // Of a socket a proxy reads no frames: that its token is too old says the close itself.
      { atMs: 2_500, do: { type: 'close', code: 4401, reason: 'token-expired' }, forMs: 100 },
    ],
  },
  'told-to-wait': {
    name: 'Told to wait',
    sentence:
      'Sockets are closed with 1012 and an estimate, come back in their time, and are told that their session is lost.',
    seed: 1,
    steps: [
      {
        atMs: 1_000,
        do: { type: 'close', code: 1012, reason: '{"retryAfterMs":1500}', ...ONLY_SOCKETS },
        forMs: 100,
      },
      {
        atMs: 6_000,
        do: { type: 'close', code: 4402, reason: 'session_unknown', ...ONLY_SOCKETS },
        forMs: 100,
      },
    ],
  },
  'final-code': {
    name: 'A final code',
    sentence: 'Sockets are closed for a frame that is none: for good.',
    seed: 1,
    steps: [
      {
        atMs: 1_000,
        do: { type: 'close', code: 1008, reason: 'a frame is a JSON object', ...ONLY_SOCKETS },
        forMs: 100,
      },
    ],
  },
}
