import * as fc from 'fast-check'
import { type Socket, connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSocket } from '../support/live-client.js'
import { startServer } from '../support/live-server.js'

/** So many of each are tried; `npm run soak` tries more. */
const RUNS = fc.readConfigureGlobal().numRuns ?? 250

let server: Awaited<ReturnType<typeof startServer>>
let idle: number
beforeAll(async () => {
  server = await startServer()
  idle = server.time.pending
})
afterAll(() => server.stop())

/** Nothing is left of those who came: no connection, no timer; and the server serves. */
async function isWell() {
  await expect.poll(() => server.connections(), { interval: 5 }).toBe(0)
  // The clock goes on for a few ticks after its last listener.
  server.time.advance(10_000)
  await expect.poll(() => server.time.pending, { interval: 5 }).toBe(idle)
  const socket = await openSocket(server.origin)
  socket.say({ type: 'PING' })
  await socket.heard('PONG')
  socket.close()
  await socket.closed
}

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0.5,
    2 ** 53,
    1e300,
    '',
    '__proto__',
    'chat',
    'clock',
    '\u0000',
    '💥',
  ),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom('x', '\\', '"', '\u2028').map((char) => char.repeat(3000)),
)
const nested = fc
  .tuple(fc.integer({ min: 1, max: 20_000 }), fc.constantFrom('[', '{"a":', '"'))
  .map(([depth, open]) => open.repeat(depth))
const proto = fc
  .tuple(fc.constantFrom('__proto__', 'constructor', 'prototype', '\\u005f_proto__', 'toString'), fc.json())
  .map(
    ([name, value]) =>
      `{"type":"SEND","id":"a","topic":"chat","data":{"${name}":${value}},"${name}":${value}}`,
  )
const almost = fc.record(
  {
    type: fc.oneof(
      fc.constantFrom('AUTH', 'SUBSCRIBE', 'UNSUBSCRIBE', 'SEND', 'PING', 'HELLO', 'EVENT'),
      odd,
    ),
    id: odd,
    topic: fc.oneof(fc.constantFrom('chat', 'orders'), odd),
    token: odd,
    cursor: odd,
    data: odd,
  },
  { requiredKeys: [] },
)
const text = fc.oneof(
  almost.map((frame) => JSON.stringify(frame)),
  fc.json(),
  fc.string({ unit: 'binary', maxLength: 500 }),
  nested,
  proto,
)

test('I35 malformed frames: each is answered, ignored with a word, or closes with 1007, 1008 or 1009 and a reason', async () => {
  const bytes = fc.uint8Array({ maxLength: 300 })
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 4, arbitrary: text }, bytes),
      fc.boolean(),
      async (frame, isBinary) => {
        const socket = await openSocket(server.origin)
        await socket.heard('HELLO')
        socket.raw.send(frame, { binary: isBinary })
        socket.say({ type: 'PING' })
        await Promise.race([socket.heard('PONG'), socket.closed])
        const last = socket.trace.at(-1)
        if (last?.what === 'close') {
          expect([1007, 1008, 1009]).toContain(last.code)
          // What is no UTF-8 the protocol itself refuses, with the code alone.
          if (last.code === 1008) expect(last.reason).not.toBe('')
          expect(last.wasClean).toBe(true)
        }
        for (const each of socket.frames.filter(({ type }) => type === 'ERROR'))
          expect(each).toMatchObject({ code: expect.any(String), detail: expect.any(String) })
        socket.cut()
      },
    ),
    { numRuns: RUNS },
  )
  await isWell()
})

test('bytes that are no WebSocket at all, after the handshake: the socket is closed, the server is not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
      const socket = await openSocket(server.origin)
      await socket.heard('HELLO')
      const { _socket: raw } = socket.raw as unknown as { _socket: Socket }
      await new Promise((written) => raw.end(bytes, () => written(null)))
      await socket.closed
    }),
    { numRuns: 100 },
  )
  await isWell()
})

interface RawAnswer {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** Sends these bytes and reads one answer: raw, because a decent client would refuse to send them. */
function exchange(bytes: Uint8Array): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.origin).port), '127.0.0.1')
    let heard = ''
    const done = () => {
      socket.destroy()
      const [head = '', ...rest] = heard.split('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      // The first answer: where the body that was announced is none, a second one says so.
      const body = rest.join('\r\n\r\n').slice(0, length)
      resolve({ status: Number(/^HTTP\/1.1 (\d{3})/.exec(head)?.[1]), head, body })
    }
    socket.setEncoding('utf8').on('data', (more) => {
      heard += more
      // A stream has no end; that it has begun is the answer.
      if (/event-stream|101 Switching/.test(heard)) done()
    })
    socket.on('error', () => {})
    socket.once('close', done)
    // Whoever waits for more of a body sees that none comes.
    socket.end(bytes)
  })
}

/** A handshake that lacks nothing, unless one of the generated headers is in its way. */
const UPGRADE =
  'upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='

const latin1 = (value: string) => Buffer.from(value, 'latin1')

/** Either done, or refused in words: never a failure of the server's own, never silence. */
function isClear({ status, head, body }: RawAnswer, asked: string) {
  expect([asked, status >= 101 && status < 500]).toEqual([asked, true])
  expect(head).toMatch(/holdfast: 1/i)
  if (status < 400 || asked.includes('HEAD /')) return
  expect([asked, /content-type: application\/problem\+json/i.test(head)]).toEqual([asked, true])
  const problem = JSON.parse(body) as { type: unknown; detail: unknown; status: unknown }
  expect(problem).toMatchObject({ type: expect.any(String), detail: expect.any(String), status })
}

test('malformed headers: each request is done or refused with a problem', async () => {
  const known = fc.constantFrom(
    ...['Idempotency-Key', 'If-Match', 'If-None-Match', 'Last-Event-ID', 'Authorization', 'Cookie', 'Origin'],
    ...['X-Request-ID', 'X-Request-Deadline-Ms', 'traceparent', 'Content-Type', 'Content-Length', 'Host'],
    ...['Transfer-Encoding', 'Expect', 'Upgrade', 'Sec-WebSocket-Key', 'Sec-WebSocket-Version', 'Range'],
    ...['Access-Control-Request-Method', 'Accept-Encoding', '__proto__'],
  )
  const name = fc.oneof(
    { weight: 19, arbitrary: known },
    { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 20 }) },
  )
  const wellKnown = fc.constantFrom(
    ...['', '*', '"', '"a", W/"b"', 'Bearer ', `Bearer ${'x'.repeat(43)}`, '-1', '1e9', '1500', 'null', '{}'],
    ...['a, b', 'chunked', 'websocket', 'http://page.test', 'null', 'bytes=0-1', '"__proto__"', 'a:1'],
  )
  const value = fc.oneof(
    { weight: 5, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 100 }) },
    { weight: 5, arbitrary: wellKnown },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
    { weight: 1, arbitrary: fc.constantFrom('x', '"', '\\').map((char) => char.repeat(20_000)) },
  )
  const line = fc.constantFrom(
    ...[
      'GET /orders',
      'GET /orders/x',
      'DELETE /orders/x',
      'GET /sse?topics=chat',
      'GET /health',
      'GET /ledger',
    ],
    ...[
      'GET /poll?topics=chat&cursor=a:1',
      'GET /ws',
      `GET /ws${UPGRADE}`,
      `GET /elsewhere${UPGRADE}`,
      'OPTIONS /orders',
      'HEAD /orders',
      'BREW /orders',
    ],
    ...['GET /orders/%00', 'GET /%', 'GET /ledger?after=1e99', `GET /${'x'.repeat(3000)}`],
  )
  const headers = fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(line, headers, async (asked, lines) => {
      const fields = lines.map(([field, content]) => `${field}: ${content}\r\n`).join('')
      const [first, upgrade] = asked.endsWith(UPGRADE)
        ? [asked.slice(0, -UPGRADE.length), UPGRADE]
        : [asked, 'close']
      const request = `${first} HTTP/1.1\r\nHost: test\r\nConnection: ${upgrade}\r\n${fields}\r\n`
      isClear(await exchange(latin1(request)), JSON.stringify(request.slice(0, 300)))
    }),
    { numRuns: RUNS },
  )
  await isWell()
})

test('malformed bodies: each is taken or refused with a problem', async () => {
  const line = fc.constantFrom(
    ...['POST /orders', 'PUT /orders/x', 'POST /send', 'POST /sse', 'POST /auth/login', 'POST /auth/refresh'],
  )
  const type = fc.constantFrom(
    ...[
      'application/json',
      'application/json',
      'application/json',
      'application/json; charset=utf-16',
      'text/plain',
      'multipart/form-data',
      '',
    ],
  )
  const asJson = fc.record(
    {
      user: odd,
      refreshToken: odd,
      item: odd,
      qty: odd,
      note: odd,
      id: odd,
      topic: odd,
      topics: odd,
      data: odd,
    },
    { requiredKeys: [] },
  )
  const body = fc.oneof(
    asJson.map((value) => Buffer.from(JSON.stringify(value))),
    text.map((value) => Buffer.from(value)),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.constant(Buffer.alloc(70_000, 'x')),
  )
  await fc.assert(
    fc.asyncProperty(line, type, body, async (asked, contentType, bytes) => {
      const head = [
        `${asked} HTTP/1.1`,
        'Host: test',
        'Connection: close',
        'If-Match: *',
        ...(contentType ? [`Content-Type: ${contentType}`] : []),
        `Content-Length: ${bytes.byteLength}`,
      ].join('\r\n')
      const request = Buffer.concat([latin1(`${head}\r\n\r\n`), bytes])
      isClear(await exchange(request), `${head} ${JSON.stringify(bytes.toString().slice(0, 200))}`)
    }),
    { numRuns: RUNS },
  )
  await isWell()
})
