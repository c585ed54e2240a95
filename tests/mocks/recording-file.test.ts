/** Recordings as files: they may come from anywhere. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromRecording } from '../../mocks/index.js'
import { isHoldfastError } from '../../src/index.js'
import type { LinkLine, RecordedLine, Recording, RequestLine, SilenceLine } from '../../src/recorder/index.js'

const empty: Recording = {
  kind: 'holdfast-recording',
  version: 1,
  startedAt: Date.parse('2026-05-04T10:00:00Z'),
  lengthMs: 60_000,
  lines: [],
  dropped: 0,
}
const link: LinkLine = {
  ...{ what: 'link', atMs: 100, event: 'SUSPICION', link: 'suspect', cause: 'server' },
  ...{ auth: 'unknown', seen: 'server', probe: true },
}

const causes = fc.constantFrom('device', 'server', 'timeout', 'planned', 'portal')
const maybe = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((given) => (given === undefined ? {} : { [key]: given }))
const ms = fc.integer({ min: 0, max: 86_400_000 })

const links: fc.Arbitrary<LinkLine> = fc
  .tuple(
    fc.record({
      what: fc.constant('link'),
      atMs: ms,
      event: fc.constantFrom(
        ...['START', 'STOP', 'SUSPICION', 'PROBE_OK', 'PROBE_FAILED', 'NOTICE', 'TIMER', 'GOOD_ANSWER'],
        ...['NAV_OFFLINE', 'NAV_ONLINE', 'WAKE', 'HIDDEN', 'RETRY_NOW', 'UNAUTHORIZED', 'REFRESHED'],
      ),
      link: fc.constantFrom('idle', 'connecting', 'online', 'suspect', 'waiting', 'trying', 'stopped'),
      cause: fc.option(causes),
      auth: fc.constantFrom('unknown', 'valid', 'refreshing', 'required'),
    }),
    maybe('seen', causes),
    maybe('hintMs', fc.integer({ min: 0, max: 10 ** 9 })),
    maybe('startedMs', fc.integer({ min: -86_400_000, max: 86_400_000 })),
    maybe('probe', fc.constant(true)),
    maybe('newBoot', fc.constant(true)),
  )
  .map((parts) => Object.assign({}, ...parts) as LinkLine)

const requests = fc
  .tuple(
    fc.record({
      what: fc.constant('request'),
      atMs: ms,
      id: fc.integer({ min: 1, max: 5 }),
      method: fc.constantFrom('GET', 'POST', 'OTHER'),
      route: fc.constantFrom('/orders', '/orders/*', null),
      decision: fc.constantFrom('hold', 'retry', 'give-back', 'send'),
      why: fc.constantFrom('failed', 'verdict-open', 'link-down', 'stalled', 'lost', 'final'),
      attempt: fc.integer({ min: 0, max: 3 }),
    }),
    maybe('status', fc.constantFrom(0, 200, 401, 404, 408, 429, 500, 503, 504, 999)),
  )
  .map(([one, other]) => ({ ...one, ...other }) as RequestLine)

const silences = fc.record({
  what: fc.constant('silence'),
  atMs: ms,
  sinceMs: fc.option(fc.integer({ min: -86_400_000, max: 86_400_000 })),
}) as fc.Arbitrary<SilenceLine>

const recordings: fc.Arbitrary<Recording> = fc
  .tuple(fc.array(fc.oneof<fc.Arbitrary<RecordedLine>[]>(links, requests, silences), { maxLength: 40 }), ms)
  .map(([lines, lengthMs]) => ({
    ...empty,
    lengthMs,
    lines: [...lines].sort((one, other) => one.atMs - other.atMs),
  }))

test('B13: whatever a recording says, it is a scenario that can be played, or refused by name', () => {
  fc.assert(
    fc.property(recordings, (recording) => {
      const { steps } = fromRecording(JSON.stringify(recording))
      expect(steps.map(({ atMs }) => atMs)).toEqual(steps.map(({ atMs }) => atMs).sort((a, b) => a - b))
    }),
    { numRuns: import.meta.env.MODE === 'soak' ? 20_000 : 500 },
  )
})

test('nothing that happened is a scenario in which nothing happens', () => {
  expect(fromRecording(empty)).toEqual({
    name: 'Recorded outage',
    sentence: 'Recorded on 2026-05-04 10:00 UTC: in trouble 0 times, for 0.0 s at most.',
    seed: 1,
    steps: [],
  })
})

test('it may be given its own name and sentence', () => {
  expect(fromRecording(empty, { name: 'Monday', sentence: 'The deploy.' })).toMatchObject({
    name: 'Monday',
    sentence: 'The deploy.',
  })
})

test('a service that is farther away than the network is put there', () => {
  const lines = [
    { ...link, atMs: 0, event: 'START', link: 'connecting', cause: null, seen: undefined },
    { ...link, atMs: 180, event: 'PROBE_OK', link: 'online', cause: null, seen: undefined, probe: undefined },
  ]
  const far = JSON.stringify({ ...empty, lines })
  expect(fromRecording(far).steps).toEqual([{ atMs: 0, do: { type: 'latency', ms: 140 }, forMs: 60_000 }])
  expect(fromRecording(far, { latencyMs: 179 }).steps).toEqual([])
})

test.each<[string, unknown, RegExp]>([
  ['no JSON', '{', /recording is "{"; allowed: JSON/],
  ['something else', { ...empty, kind: 'har' }, /recording.kind is "har"; allowed: holdfast-recording/],
  ['a later format', { ...empty, version: 2 }, /recording.version is 2; allowed: 1/],
  [
    'a week',
    { ...empty, lengthMs: 7 * 86_400_000 },
    /recording.lengthMs .* at most a day: recorder.recording/,
  ],
  ['an unknown key', { ...empty, cookies: [] }, /recording.cookies is not an option/],
  ['no lines', { ...empty, lines: {} }, /recording.lines is \[object Object\]; allowed: a list/],
  ['an unknown line', { ...empty, lines: [{ ...link, what: 'cookie' }] }, /lines\[0\].what is "cookie"/],
  [
    'an unknown state',
    { ...empty, lines: [{ ...link, link: 'gone' }] },
    /lines\[0\].link is "gone"; allowed: idle/,
  ],
  [
    'lines in disorder',
    { ...empty, lines: [link, { ...link, atMs: 99 }] },
    /lines\[1\].atMs is 99; allowed: .* from 100/,
  ],
  [
    'half a millisecond',
    { ...empty, lines: [{ ...link, atMs: 0.5 }] },
    /lines\[0\].atMs is 0.5; allowed: a whole number/,
  ],
])('%s is refused by name', (_, given, message) => {
  const refusal = (() => {
    try {
      return fromRecording(given)
    } catch (error) {
      return error
    }
  })()
  expect(isHoldfastError(refusal, 'bad-option')).toBe(true)
  expect((refusal as Error).message).toMatch(message)
})
