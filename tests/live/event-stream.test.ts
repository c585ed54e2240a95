import { http, HttpResponse } from 'msw'
import { expect, onTestFinished, test, vi } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { eventStream, type EventStreamOptions } from '../../src/live/event-stream.js'
import type { LineRequest } from '../../src/live/line.js'
import { createLineDesk, requestOf } from './line-desk.js'

const HELLO =
  '{"type":"HELLO","boot":"boot-1","epoch":"epoch1","offset":0,"heartbeatMs":25000,"session":"known"}'
const EVENTS = { 'Content-Type': 'text/event-stream' }

/** A fetch that is answered by hand, and what it was called with. */
function createHandFetch(headers: Record<string, string> = EVENTS, status = 200) {
  const encoder = new TextEncoder()
  const calls: { url: string; init: RequestInit & { headers: Headers } }[] = []
  const cancelled: unknown[] = []
  let controller!: ReadableStreamDefaultController<Uint8Array>
  const body = new ReadableStream<Uint8Array>({
    start: (given) => void (controller = given),
    cancel: (reason) => void cancelled.push(reason),
  })
  const fetch = async (url: string, init: RequestInit & { headers: Headers }) => {
    calls.push({ url, init })
    return new Response(body, { status, headers })
  }
  const { clock, open } = createLineDesk()
  return {
    calls,
    cancelled,
    clock,
    async stream(options: EventStreamOptions = {}, more: Partial<LineRequest> = {}) {
      const driver = eventStream({ fetch: fetch as typeof globalThis.fetch, ...options })
      const told = open(driver, requestOf('/sse', more))
      await clock.settle()
      return told
    },
    async write(...pieces: (string | Uint8Array)[]) {
      for (const piece of pieces) {
        controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece)
        await clock.settle()
      }
    },
    async close() {
      controller.close()
      await clock.settle()
    },
    async fail() {
      controller.error(new TypeError('network error'))
      await clock.settle()
    },
  }
}

/** What was told after `open`, without times. */
const after = ({ lines }: { lines: readonly string[] }) =>
  lines.slice(1).map((line) => line.replace(/@0$/, ''))

test('B07 a stream opens with its head, and tells retry, frames and their cursors', async () => {
  const { clock, api, dial } = createLineDesk()
  const { lines } = dial('event-stream')
  await clock.advance(40)
  api.publish('chat', 'hi')
  await clock.advance(20)
  expect(lines).toEqual([
    'open@40',
    'retry 3000@40',
    `message ${HELLO}@40`,
    'message {"type":"RESUMED","topic":"chat","offset":0} epoch1:0@40',
    'message {"type":"EVENT","topic":"chat","offset":1,"data":"hi"} epoch1:1@60',
  ])
})

test.each(['GET', 'POST'] as const)(
  'B07 it goes on behind the cursor that it was opened with, by %s',
  async (method) => {
    const { clock, api, fetch, open } = createLineDesk()
    for (const text of ['a', 'b', 'c']) api.publish('chat', text)
    const told = open(eventStream({ fetch, method }), requestOf('/sse', { cursor: 'epoch1:1' }))
    await clock.advance(100)
    expect(told.lines.slice(3)).toEqual([
      'message {"type":"RESUMED","topic":"chat","offset":1} epoch1:1@40',
      'message {"type":"EVENT","topic":"chat","offset":2,"data":"b"} epoch1:2@40',
      'message {"type":"EVENT","topic":"chat","offset":3,"data":"c"} epoch1:3@40',
    ])
  },
)

test('comments are signs of life', async () => {
  const { clock, dial } = createLineDesk()
  const { lines } = dial('event-stream')
  await clock.advance(60_000)
  expect(lines.slice(4)).toEqual(['alive@25040', 'alive@50040'])
})

test('B07 a server that has drained says when to come back, and ends in good order', async () => {
  const { clock, network, dial } = createLineDesk()
  const { lines } = dial('event-stream')
  await clock.advance(100)
  network.restart.graceful({ drainMs: 200, downMs: 3000 })
  await clock.advance(400)
  expect(lines.slice(4).map((line) => line.replace(/\d+/, 'n'))).toEqual([
    expect.stringMatching(/^message {"type":"DRAIN"/),
    expect.stringMatching(/^retry n@/),
    expect.stringMatching(/^end later n "" clean after 3\d\d\d@/),
  ])
})

test('a stream that is cut is 1006; so is a server that nobody reaches', async () => {
  const { clock, network, dial } = createLineDesk()
  const cut = dial('event-stream')
  await clock.advance(100)
  network.apply({ type: 'reset' })
  const refused = dial('event-stream')
  await clock.advance(100)
  expect(cut.end).toEqual({ verdict: 'again', code: 1006, reason: 'the stream broke off', wasClean: false })
  expect(refused.end).toEqual({ verdict: 'again', code: 1006, reason: 'no answer', wasClean: false })
})

test.each([
  [
    () => new HttpResponse('<html>', { headers: { 'Content-Type': 'text/html' } }),
    /^end again 1006 "200 with a page/,
  ],
  [() => HttpResponse.json({}), /^end unsuitable 1006 "200 with application\/json" unclean status 200/],
  [() => new HttpResponse(null, { status: 204 }), /^end fatal 1006 "status 204" unclean status 204/],
  [() => new HttpResponse(null, { status: 404 }), /^end unsuitable 1006 "status 404" unclean status 404/],
  [
    () => new HttpResponse(null, { status: 503, headers: { 'Retry-After': '7' } }),
    /^end later .* status 503 after 7000/,
  ],
  [
    () => new HttpResponse(null, { status: 503, headers: { 'Retry-After': 'soon' } }),
    /^end later .* status 503@/,
  ],
  [
    () => HttpResponse.json({ type: 'token-expired' }, { status: 401 }),
    /^end needs-auth 1006 "token-expired"/,
  ],
  [
    () => HttpResponse.json({ type: 'session_unknown' }, { status: 401 }),
    /^end session-lost 1006 "session_unknown"/,
  ],
  [() => HttpResponse.json({ type: '<b>' }, { status: 403 }), /^end fatal 1006 "status 403"/],
  [() => HttpResponse.json({ type: 'x'.repeat(9000) }, { status: 400 }), /^end fatal 1006 "status 400"/],
  [
    () => new HttpResponse('{', { status: 400, headers: { 'Content-Type': 'application/json' } }),
    /^end fatal/,
  ],
])('an answer that is no stream is judged by its status: %#', async (answer, expected) => {
  const handler = http.get('https://api.example/other', () => answer())
  const { clock, network, fetch, open } = createLineDesk({ handlers: [handler] })
  const told = open(eventStream({ fetch }), requestOf('/other'))
  await clock.advance(200)
  expect(told.lines).toHaveLength(1)
  expect(told.lines[0]).toMatch(expected)
  expect(network.pending).toBe(0)
})

test('I16 a redirect is not followed: the token would go with it', async () => {
  const handler = http.get('https://api.example/other', () =>
    HttpResponse.redirect('https://elsewhere.example/', 307),
  )
  const { clock, network, fetch, open } = createLineDesk({ handlers: [handler] })
  const told = open(eventStream({ fetch }), requestOf('/other', { token: 'secret' }))
  await clock.advance(200)
  expect(told.lines).toEqual([
    'end again 1006 "a redirect, which is not followed: the token would go with it" unclean status 0@40',
  ])
  expect(network.calls()).toHaveLength(1)
})

test('a fetch that has followed a redirect all the same is not believed', async () => {
  const { clock, open } = createLineDesk()
  const fetch = async () =>
    Object.defineProperty(new Response(': hi\n\n', { headers: EVENTS }), 'redirected', { value: true })
  const told = open(eventStream({ fetch }), requestOf('/sse'))
  await clock.settle()
  expect(told.lines).toEqual([expect.stringMatching(/^end again 1006 "a redirect.* status 0@/)])
})

test('a request has its token, its cursor and its topics where they belong, and is never cached', async () => {
  const { stream, calls } = createHandFetch()
  await stream(
    { headers: { 'X-CSRF': '1', Accept: 'text/html' }, credentials: 'include' },
    {
      url: new URL('https://api.example/sse?v=2'),
      token: 'secret',
      topics: ['a', 'b'],
      cursor: 'é:1',
    },
  )
  await stream({ method: 'POST' }, { topics: ['a'], cursor: 'e:1' })
  await stream({ method: 'POST' }, { topics: ['a'] })
  const [get, post, fresh] = calls
  expect(get!.url).toBe('https://api.example/sse?v=2&topics=a%2Cb')
  expect(Object.fromEntries(get!.init.headers)).toEqual({
    accept: 'text/event-stream',
    authorization: 'Bearer secret',
    'last-event-id': 'Ã©:1',
    'x-csrf': '1',
  })
  expect(get!.init).toMatchObject({ cache: 'no-store', redirect: 'manual', credentials: 'include' })
  expect(get!.init.method).toBeUndefined()
  expect(post!.url).toBe('https://api.example/sse')
  expect(post!.init).toMatchObject({
    method: 'POST',
    body: '{"topics":["a"],"cursor":"e:1"}',
    redirect: 'manual',
  })
  expect(Object.fromEntries(post!.init.headers)).toEqual({
    accept: 'text/event-stream',
    'content-type': 'application/json',
    'last-event-id': 'e:1',
  })
  expect('credentials' in post!.init).toBe(false)
  expect(fresh!.init.body).toBe('{"topics":["a"]}')
  expect(fresh!.init.headers.has('last-event-id')).toBe(false)
})

test.each([
  [{ cursor: 'a\r\nX: y' }, 'the cursor is too long, or no header takes it'],
  [{ cursor: 'a\0' }, 'the cursor is too long, or no header takes it'],
  [{ cursor: 'x'.repeat(257) }, 'the cursor is too long, or no header takes it'],
  [{ token: 'secret\nX: y' }, 'the token cannot be sent in a header'],
  [{ token: 'secret\u{2603}' }, 'the token cannot be sent in a header'],
])('I16 what no header takes is not sent, and not shown: %#', async (more, reason) => {
  const { stream, calls } = createHandFetch()
  const told = await stream({}, more)
  expect(told.lines).toEqual([`end fatal 1006 ${JSON.stringify(reason)} unclean@0`])
  expect(calls).toEqual([])
})

test('an event may come in any pieces, with any ends of lines', async () => {
  const { stream, write } = createHandFetch()
  const told = await stream()
  const bytes = new TextEncoder().encode('\ufeffdata: gr\u00fc\u00df\r\ndata:dich\rid: 1\n\ndata: x\n\n')
  for (const byte of bytes) await write(new Uint8Array([byte]))
  expect(after(told).filter((line) => line !== 'alive')).toEqual(['message grüß\ndich 1', 'message x'])
})

test('an id of a block without data is that of the next event; an empty one is told as it is', async () => {
  const { stream, write } = createHandFetch()
  const told = await stream()
  await write('id: 7\n\n', 'data: a\n\n', 'data: b\n\nid:\ndata: c\n\n')
  expect(after(told)).toEqual(['alive', 'message a 7', 'message b', 'message c '])
})

test('ids with NUL, and those that are too long, are ignored; others are opaque', async () => {
  const { stream, write } = createHandFetch()
  const told = await stream()
  await write(
    `id: a\0b\ndata: 1\n\nid: ${'x'.repeat(257)}\ndata: 2\n\nid: ${'x'.repeat(256)}\ndata: 3\n\nid: ☃ <b>\ndata: 4\n\n`,
  )
  expect(after(told)).toEqual(['message 1', 'message 2', `message 3 ${'x'.repeat(256)}`, 'message 4 ☃ <b>'])
})

test('I24 retry is an hour at most; what is no whole number is ignored', async () => {
  const { stream, write } = createHandFetch()
  const told = await stream()
  await write(
    'retry: 0\n',
    'retry: 2000\n',
    'retry: 99999999\n',
    `retry: ${'9'.repeat(400)}\n`,
    'retry: -5\n',
    'retry: 1.5\n',
  )
  expect(after(told)).toEqual(['retry 0', 'retry 2000', 'retry 3600000', 'retry 3600000', 'alive', 'alive'])
})

test('unknown fields and the names of events are no news, but signs of life, once a piece', async () => {
  const { stream, write } = createHandFetch()
  const told = await stream()
  await write('event: x\n\n', 'foo: bar\n: one\n: two\n\n', 'da', 'ta: part', 'ial\n\n')
  expect(after(told)).toEqual(['alive', 'alive', 'alive', 'alive', 'message partial'])
})

test('an event that is not complete when the stream ends is not told', async () => {
  const { stream, write, close } = createHandFetch()
  const told = await stream()
  await write('data: whole\n\ndata: half\n')
  await close()
  expect(after(told)).toEqual(['message whole', 'end again 1000 "" clean'])
})

test('a stream that breaks off is not clean', async () => {
  const { stream, write, fail } = createHandFetch()
  const told = await stream()
  await write('data: whole\n\n')
  await fail()
  expect(after(told)).toEqual(['message whole', 'end again 1006 "the stream broke off" unclean'])
})

const EVENT_TOO_LARGE = 'end fatal 1009 "An event is larger than 100 bytes" unclean'

test.each([
  ['one line that never ends', ['data: ', 'x'.repeat(60), 'x'.repeat(60)], EVENT_TOO_LARGE],
  ['one event that never ends', Array.from({ length: 20 }, () => 'data: 0123456789\n'), EVENT_TOO_LARGE],
  ['one that comes as a whole', [`data: ${'x'.repeat(101)}\n\n`], EVENT_TOO_LARGE],
  ['one that is larger in bytes only', [`data: ${'ä'.repeat(51)}\n\n`], EVENT_TOO_LARGE],
  [
    'a line of no field',
    ['foo', 'x'.repeat(60), 'x'.repeat(60)],
    'end fatal 1009 "A line is larger than 100 bytes" unclean',
  ],
  [
    'an endless comment',
    [': ', ...Array.from({ length: 5 }, () => 'x'.repeat(30))],
    'end fatal 1009 "A line is larger than 100 bytes" unclean',
  ],
  ['no text at all', [new Uint8Array(200)], 'end fatal 1009 "A line is larger than 100 bytes" unclean'],
])('I35 %s ends the line, is not told, and is read no further', async (_what, pieces, end) => {
  const { stream, write, cancelled, calls } = createHandFetch()
  const told = await stream({ maxEventBytes: 100 })
  for (const piece of pieces) if (!told.end) await write(piece)
  expect(after(told).filter((line) => line !== 'alive')).toEqual([end])
  expect(cancelled).toHaveLength(1)
  expect(calls[0]!.init.signal!.aborted).toBe(true)
})

test('I35 an event of the largest size, and any number of comments, are taken', async () => {
  const { stream, write } = createHandFetch()
  const told = await stream({ maxEventBytes: 100 })
  await write(`data: ${'ä'.repeat(50)}\n\n`, ...Array.from({ length: 50 }, () => `: ${'x'.repeat(90)}\n`))
  expect(after(told).filter((line) => line !== 'alive')).toEqual([`message ${'ä'.repeat(50)}`])
})

test('what is dropped among the events of one piece is silent from there', async () => {
  const { clock, open, api, fetch } = createLineDesk()
  for (const text of ['a', 'b', 'c']) api.publish('chat', text)
  const told = open(eventStream({ fetch }), requestOf('/sse', { cursor: 'epoch1:0' }), (news) => {
    if (news.type === 'message' && news.id === 'epoch1:2') told.line.drop()
  })
  await clock.advance(1000)
  expect(told.lines.at(-1)).toContain('epoch1:2')
  expect(told.end).toBe(null)
})

test('a body that comes about the time of the drop is let go, whatever the fetch makes of its signal', async () => {
  const { clock, open } = createLineDesk()
  for (let turns = 0; turns <= 12; turns++) {
    const cancelled: unknown[] = []
    let answer = (_: Response) => {}
    const body = new ReadableStream<Uint8Array>({ cancel: (reason) => void cancelled.push(reason) })
    const fetch = () => new Promise<Response>((resolve) => (answer = resolve))
    const told = open(eventStream({ fetch }), requestOf('/sse'))
    answer(new Response(body, { headers: EVENTS }))
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    told.line.drop()
    await clock.settle()
    expect([turns, cancelled.length]).toEqual([turns, 1])
  }
})

test('a fetch that throws at once is told later, and its words are not', async () => {
  const { clock, open } = createLineDesk()
  const fetch = () => {
    throw new Error('https://user:secret@host')
  }
  const told = open(eventStream({ fetch }), requestOf('/sse'))
  expect(told.lines).toEqual([])
  await clock.settle()
  expect(told.lines).toEqual(['end again 1006 "no answer" unclean@0'])
})

test('a stream says nothing: whoever wants to, posts', async () => {
  const { stream } = createHandFetch()
  const { line } = await stream()
  expect([line.send('x'), line.bufferedAmount]).toEqual([false, 0])
})

test('where the platform has no fetch, opening a line names the option', () => {
  vi.stubGlobal('fetch', undefined)
  onTestFinished(() => void vi.unstubAllGlobals())
  const { open } = createLineDesk()
  expect(() => open(eventStream(), requestOf('/sse'))).toThrow(
    'eventStream.fetch is undefined; allowed: a fetch',
  )
})

test.each([
  [{ maxEventBytes: -1 }, 'eventStream.maxEventBytes is -1; allowed: a number from 1 to 1073741824'],
  [{ maxEventBytes: Infinity }, 'eventStream.maxEventBytes is Infinity'],
  [{ method: 'post' }, 'eventStream.method is "post"; allowed: "GET" or "POST"'],
  [{ credentials: 'always' }, 'eventStream.credentials is "always"; allowed: omit, same-origin, include'],
  [{ headers: { 'a b': 'secret' } }, 'eventStream.headers is "no set of headers"; allowed: names and values'],
  [{ fetch: 5 }, 'eventStream.fetch is 5; allowed: a fetch'],
  [{ judge: {} }, 'eventStream.judge is [object Object]'],
  [{ maxMessageBytes: 5 }, 'eventStream.maxMessageBytes is not an option'],
])('a bad option is refused by name: %o', (options, message) => {
  const make = () => eventStream(options as EventStreamOptions)
  expect(make).toThrow(message)
  try {
    make()
  } catch (error) {
    expect(isHoldfastError(error, 'bad-option')).toBe(true)
    expect(String(error)).not.toContain('secret')
  }
})
