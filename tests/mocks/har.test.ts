import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHar } from '../../mocks/index.js'

const START = Date.parse('2026-05-04T10:00:00.000Z')

interface Given {
  readonly at: number
  readonly ms?: number
  readonly status?: number
  readonly error?: string
  readonly url?: string
  readonly retryAfter?: string
}

/** An entry as Chromium's network panel saves it, with everything in it that is nobody's business. */
const entry = ({
  at,
  ms = 50,
  status = 200,
  error,
  url = 'https://api.example/orders',
  retryAfter,
}: Given) => ({
  startedDateTime: new Date(START + at).toISOString(),
  time: ms,
  request: { method: 'GET', url, headers: [{ name: 'Authorization', value: 'Bearer abc' }], cookies: [] },
  response: {
    status: error ? 0 : status,
    headers: retryAfter === undefined ? [] : [{ name: 'Retry-After', value: retryAfter }],
    content: { text: 'a body' },
    ...(error && { _error: error }),
  },
})

const har = (...given: readonly Given[]) => ({ log: { version: '1.2', entries: given.map(entry) } })
const well = (from: number, to: number, ms = 50): Given[] =>
  Array.from({ length: Math.ceil((to - from) / 500) }, (_, turn) => ({ at: from + turn * 500, ms }))

test('B13: what failed one after the other is an outage, from the first that failed until the middle between the last and the first that did not', () => {
  const { steps, sentence } = fromHar(
    har(
      ...well(0, 2_000),
      { at: 2_000, ms: 30, error: 'net::ERR_CONNECTION_REFUSED' },
      { at: 3_000, ms: 30, error: 'net::ERR_CONNECTION_REFUSED' },
      { at: 5_000, ms: 30, error: 'net::ERR_CONNECTION_REFUSED' },
      ...well(8_000, 10_000),
    ),
  )
  expect(steps).toEqual([{ atMs: 2_000, do: { type: 'refuse' }, forMs: 4_500 }])
  expect(sentence).toBe('Saved on 2026-05-04 10:00 UTC: 3 of 11 requests failed.')
})

test.each([
  ['net::ERR_INTERNET_DISCONNECTED', { type: 'offline' }],
  ['net::ERR_TIMED_OUT', { type: 'blackhole' }],
  ['net::ERR_CONNECTION_TIMED_OUT', { type: 'blackhole' }],
  ['net::ERR_CONNECTION_RESET', { type: 'reset' }],
  ['net::ERR_EMPTY_RESPONSE', { type: 'reset' }],
  ['NS_ERROR_CONNECTION_REFUSED', { type: 'refuse' }],
])('%s is the fault %o', (error, fault) => {
  const { steps } = fromHar(
    har(...well(0, 2_000), { at: 2_000, error }, { at: 2_500, error }, ...well(4_000, 6_000)),
  )
  // What vanished may have been sent again; of the rest nobody knows when it ended: in the middle.
  expect(steps).toEqual([{ atMs: 2_000, do: fault, forMs: fault.type === 'blackhole' ? 2_000 : 1_250 }])
})

test('a status that says later is one, with what it says', () => {
  const busy = { status: 503, retryAfter: '7' }
  const { steps } = fromHar(
    har(...well(0, 2_000), { at: 2_000, ...busy }, { at: 3_000, ...busy }, ...well(9_000, 9_500)),
  )
  expect(steps).toEqual([{ atMs: 2_000, do: { type: 'status', code: 503, retryAfter: 7 }, forMs: 4_000 }])
})

test('one failure among others is one failure: of its method, and with paths of its path', () => {
  const one = har(
    ...well(0, 2_000),
    { at: 2_000, status: 500, url: 'https://api.example/orders/7?q=1' },
    ...well(2_100, 4_000),
  )
  const fault = { type: 'status', code: 500, from: 'gateway', only: { method: 'GET' } }
  expect(fromHar(one).steps).toEqual([{ atMs: 2_000, do: { type: 'failTimes', n: 1, fault }, forMs: 50 }])
  const only = { method: 'GET', path: '/orders/7' }
  expect(fromHar(one, { paths: true }).steps).toMatchObject([{ do: { fault: { only } } }])
})

test('three slow answers in a row are a slow network; one may be the work of the service', () => {
  const slow = fromHar(
    har(...well(0, 4_000), { at: 4_000, ms: 1_500 }, { at: 6_000, ms: 1_500 }, { at: 8_000, ms: 1_500 }),
  )
  expect(slow.steps).toEqual(
    [4_000, 6_000, 8_000].map((atMs) => ({ atMs, do: { type: 'latency', ms: 1_450 }, forMs: 1_500 })),
  )
  expect(fromHar(har(...well(0, 4_000), { at: 4_000, ms: 1_500 }, ...well(6_000, 8_000))).steps).toEqual([])
})

test('refusals of the application, streams, aborts and other hosts are no trouble', () => {
  const { log } = har(
    ...well(0, 2_000),
    { at: 2_000, status: 404 },
    { at: 2_100, status: 401 },
    { at: 2_200, error: 'net::ERR_ABORTED' },
    { at: 2_300, error: 'net::ERR_FAILED', url: 'https://ads.example/' },
  )
  const stream = { ...entry({ at: 2_400, error: 'net::ERR_FAILED' }), _resourceType: 'eventsource' }
  const given = { log: { entries: [...log.entries, stream] } }
  expect(fromHar(given, { hosts: ['api.example'] }).steps).toEqual([])
})

test('a file as it was saved is taken as its text', () => {
  expect(fromHar(JSON.stringify(har(...well(0, 1_000)))).steps).toEqual([])
})

test.each([
  ['not json', /har is "not json"; allowed: JSON/],
  [{}, /har.log is undefined; allowed: an object/],
  [{ log: {} }, /har.log.entries is undefined; allowed: a list/],
  [{ log: { entries: [] } }, /at least one request/],
  [
    { log: { entries: [{ ...entry({ at: 0 }), time: 'long' }] } },
    /entries\[0\].time is "long"; allowed: milliseconds/,
  ],
  [{ log: { entries: [{ ...entry({ at: 0 }), startedDateTime: 'then' }] } }, /startedDateTime is "then"/],
])('%j is refused by name', (given, message) => {
  expect(() => fromHar(given)).toThrow(message)
})

test('I16: nothing of an address, a header or a body gets into the scenario', () => {
  const secret = fc.stringMatching(/^[a-z0-9]{12}$/).map((text) => `zz${text}`)
  fc.assert(
    fc.property(secret, fc.constantFrom(200, 500, 503, 0), fc.boolean(), (word, status, paths) => {
      const one = entry({ at: 1_000, status, ...(status === 0 && { error: 'net::ERR_FAILED' }) })
      const given = {
        log: {
          entries: [
            ...well(0, 900).map(entry),
            {
              ...one,
              comment: word,
              request: {
                ...one.request,
                url: `https://${word}:${word}@api.example/orders?${word}=${word}#${word}`,
                headers: [{ name: 'Authorization', value: word }],
                postData: { text: word },
              },
              response: {
                ...one.response,
                headers: [
                  { name: 'Set-Cookie', value: word },
                  { name: 'Retry-After', value: word },
                ],
                content: { text: word },
              },
            },
            ...well(1_500, 2_500).map(entry),
          ],
        },
      }
      expect(JSON.stringify(fromHar(given, { paths }))).not.toContain(word)
    }),
  )
})
