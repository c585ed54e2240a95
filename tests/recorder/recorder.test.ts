import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { fromRecording } from '../../mocks/recording/recording.js'
import { attachFetch } from '../../src/http/fetch.js'
import { createConnection, type ConnectionEvent, type Probe } from '../../src/index.js'
import { createRecorder, type RecorderOptions } from '../../src/recorder/index.js'

const HOST = 'https://api.example'

/** A connection whose health check answers as it is told, and its recorder. */
function rig(options: Partial<RecorderOptions> = {}, send: typeof globalThis.fetch = globalThis.fetch) {
  const clock = manualClock()
  const health = { isWell: true }
  const probe: Probe = Object.assign(
    async () =>
      health.isWell ? ({ kind: 'good', boot: 'boot-secret' } as const) : ({ kind: 'failed' } as const),
    { origin: HOST },
  )
  const connection = createConnection({ probe, clock })
  const http = attachFetch(send, { connection, log: (line) => recorder.log(line) })
  const recorder = createRecorder({ connection, sources: [http], ...options })
  return { clock, health, connection, http, recorder }
}

test('B12: an outage is written down, from its suspicion to its end, in milliseconds from the beginning', async () => {
  const { clock, health, connection, recorder } = rig()
  connection.start()
  await clock.advance(1_000)
  health.isWell = false
  connection.send({ type: 'SUSPICION', cause: 'server' })
  await clock.advance(10)
  health.isWell = true
  await clock.advance(5_000)
  const { lines, lengthMs, startedAt } = recorder.recording()
  expect(lines.map((line) => line.what === 'link' && [line.event, line.link])).toEqual([
    ['START', 'connecting'],
    ['PROBE_OK', 'online'],
    ['SUSPICION', 'suspect'],
    ['PROBE_FAILED', 'waiting'],
    ['TIMER', 'trying'],
    ['PROBE_OK', 'online'],
  ])
  expect(lines[2]).toEqual({
    ...{ what: 'link', atMs: 1_000, event: 'SUSPICION', link: 'suspect', cause: 'server' },
    ...{ auth: 'unknown', seen: 'server', probe: true },
  })
  expect([lengthMs, startedAt]).toEqual([6_010, clock.now() - 6_010])
})

test('B12: in onOutage the part that tells of it can be taken alone', async () => {
  const { clock, health, connection, recorder } = rig()
  connection.start()
  await clock.advance(100_000)
  health.isWell = false
  connection.send({ type: 'SUSPICION', cause: 'server' })
  await clock.advance(10_000)
  const whole = recorder.recording()
  const part = recorder.recording(clock.now() - 15_000)
  expect(part).toMatchObject({ startedAt: whole.startedAt + 95_000, lengthMs: 15_000 })
  expect(part.lines).toHaveLength(whole.lines.length - 2)
  expect(part.lines[0]).toMatchObject({ event: 'SUSPICION', atMs: 5_000 })
  expect(fromRecording(part).steps[0]).toMatchObject({ atMs: expect.closeTo(5_000, -2) as number })
})

test('only so many lines are kept: the newest, with how many had to go', async () => {
  const { clock, connection, recorder } = rig({ maxLines: 10 })
  connection.start()
  await clock.settle()
  for (let turn = 0; turn < 40; turn++) {
    connection.send({ type: 'SUSPICION', cause: 'server' })
    await clock.advance(1)
  }
  const { lines, dropped } = recorder.recording()
  expect(lines).toHaveLength(10)
  expect(lines.length + dropped).toBe(2 + 80)
  expect(lines.at(-1)).toMatchObject({ event: 'PROBE_OK', atMs: 39 })
})

test('after its stop nothing is written, and what was stays', async () => {
  const { clock, connection, recorder } = rig()
  connection.start()
  await clock.advance(1)
  recorder.stop()
  connection.stop()
  recorder.log({ at: 0, id: 1, request: 'GET /', decision: 'retry', why: 'failed', attempt: 1 })
  expect(recorder.recording().lines).toHaveLength(2)
  expect(clock.pending()).toBe(0)
})

test('a recording is data of its own: what is done to it is not done to the next', () => {
  const { connection, recorder } = rig()
  connection.start()
  const first = recorder.recording()
  ;(first.lines as unknown[]).length = 0
  Object.assign(first, { lengthMs: -1 })
  expect(recorder.recording()).toMatchObject({ lengthMs: 0, lines: [{ event: 'START' }] })
})

test('a request is written down by the first route that it fits, else by its method alone', () => {
  const { recorder } = rig({ routes: ['/orders', '/orders/*', '/files*'] })
  const addresses = [
    'GET https://api.example/orders',
    'GET https://api.example/orders/7',
    'PUT /files-of-mine/1',
    'POST https://api.example/invitations/abc',
    'PURGE nowhere at all',
  ]
  addresses.forEach((request, at) =>
    recorder.log({ at: 0, id: at + 1, request, decision: 'retry', why: 'failed', attempt: 1 }),
  )
  const named = recorder
    .recording(-Infinity)
    .lines.map((line) => line.what === 'request' && [line.method, line.route])
  expect(named).toEqual([
    ['GET', '/orders'],
    ['GET', '/orders/*'],
    ['PUT', '/files*'],
    ['POST', null],
    ['OTHER', null],
  ])
})

/** Words that a recording may hold; everything else in it is a number. */
const CLOSED =
  /^(holdfast-recording|link|request|silence|idle|connecting|online|suspect|waiting|trying|stopped|device|server|timeout|planned|portal|unknown|valid|refreshing|required|[A-Z_]+|\/orders|hold|turn|share|refresh|budget|retry|send|give-back|link-down|link-up|verdict-open|lost|stalled|attempt-timeout|deadline|failed|final|unsafe|read-once|single|retries-used|hint-too-long|budget-empty|identical|unauthorized|not-refreshed|held-too-long|hold-full|paused|signed-out)$/

function wordsIn(given: unknown): readonly string[] {
  if (typeof given === 'string') return [given]
  if (typeof given !== 'object' || given === null) return []
  return Object.values(given).flatMap(wordsIn)
}

test('I16: nothing secret leaves: addresses, queries, headers, bodies, tokens, ids and errors are not in a recording', async () => {
  const secret = fc.stringMatching(/^[a-zA-Z0-9]{12,40}$/).map((text) => `Zz9${text}`)
  const events = fc.constantFrom<ConnectionEvent>(
    { type: 'SUSPICION', cause: 'server' },
    { type: 'NAV_OFFLINE' },
    { type: 'NAV_ONLINE' },
    { type: 'HIDDEN' },
    { type: 'VISIBLE' },
    { type: 'UNAUTHORIZED' },
    { type: 'NOTICE', retryAfterMs: 5_000, boot: 'Zz9boot' },
  )
  const request = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PURGE'),
    path: fc.constantFrom('/orders', '/reset-password/', '/orders/', '/'),
    status: fc.constantFrom(0, 200, 401, 404, 409, 429, 500, 503, 504),
    event: events,
  })
  await fc.assert(
    fc.asyncProperty(secret, fc.array(request, { minLength: 1, maxLength: 6 }), async (word, requests) => {
      let status = 0
      const send: typeof globalThis.fetch = async () => {
        if (status === 0) throw new TypeError(`Failed to fetch ${word}`)
        const headers = {
          'Retry-After': word,
          ETag: word,
          'Holdfast-Boot': word,
          'Content-Type': 'application/json',
        }
        return new Response(JSON.stringify({ token: word }), { status, statusText: word, headers })
      }
      const { clock, connection, http, recorder } = rig({ routes: ['/orders'] }, send)
      connection.start()
      await clock.advance(10)
      for (const { method, path, status: next, event } of requests) {
        status = next
        const url = `${HOST}${path}${path === '/orders' ? '' : word}?q=${word}#${word}`
        const headers = { Authorization: `Bearer ${word}`, Cookie: word, 'Idempotency-Key': word }
        void http.fetch(url, { method, headers, ...(method === 'POST' && { body: word }) }).catch(() => {})
        await clock.advance(100)
        connection.send(event)
        await clock.advance(3_000)
      }
      const recording = recorder.recording()
      const file = JSON.stringify(recording)
      expect(file).not.toContain(word)
      expect(file).not.toMatch(/secret|Zz9/)
      expect(wordsIn(recording).filter((text) => !CLOSED.test(text))).toEqual([])
      expect(wordsIn(fromRecording(file)).join(' ')).not.toContain(word)
      http.detach()
      connection.stop()
    }),
    { numRuns: import.meta.env.MODE === 'soak' ? 1_000 : 40 },
  )
})

test.each<[string, object, RegExp]>([
  ['no connection', { connection: null }, /createRecorder.connection is null; allowed: a connection/],
  ['a whole address', { routes: ['https://api.example/orders'] }, /createRecorder.routes/],
  ['a query', { routes: ['/orders?all'] }, /createRecorder.routes/],
  ['no room', { maxLines: 0 }, /createRecorder.maxLines is 0; allowed: a number from 1/],
  ['a misspelt option', { route: [] }, /createRecorder.route is not an option; allowed: connection/],
])('%s is refused by name', (_, options, message) => {
  expect(() => rig(options)).toThrow(message)
})
