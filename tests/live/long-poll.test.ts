import { http, HttpResponse } from 'msw'
import { expect, onTestFinished, test, vi } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import type { LineRequest } from '../../src/live/line.js'
import { longPoll, type LongPollOptions } from '../../src/live/long-poll.js'
import { createLineDesk, requestOf } from './line-desk.js'

const HELLO =
  '{"type":"HELLO","boot":"boot-1","epoch":"epoch1","offset":0,"heartbeatMs":25000,"session":"known"}'

/** A desk whose server answers polls as it is told to: the n-th with the n-th answer, the last one for ever. */
function createServer(...answers: (() => Response | Promise<Response>)[]) {
  const asked: { query: Record<string, string>; at: number }[] = []
  const handler = http.get('https://api.example/other', async ({ request }) => {
    asked.push({ query: Object.fromEntries(new URL(request.url).searchParams), at: desk.at() })
    return answers[Math.min(asked.length, answers.length) - 1]!()
  })
  const desk = createLineDesk({ handlers: [handler] })
  const { fetch, open } = desk
  const poll = (options: LongPollOptions = {}, more: Partial<LineRequest> = {}) =>
    open(longPoll({ fetch, ...options }), requestOf('/other', more))
  return { ...desk, asked, poll }
}

const json = (body: unknown, init?: ResponseInit) => () => HttpResponse.json(body as object, init)
const answer = (cursor: string, ...frames: object[]) => json({ frames, cursor })
const text =
  (body: string | null, init: ResponseInit = { headers: { 'Content-Type': 'application/json' } }) =>
  () =>
    new HttpResponse(body, init)

test('B07 polls follow each other; frames are told one by one, the last with the cursor', async () => {
  const { clock, api, network, dial } = createLineDesk()
  const { lines } = dial('long-poll')
  await clock.advance(60)
  api.publish('chat', 'a')
  await clock.advance(60)
  api.publish('chat', 'b')
  await clock.advance(60)
  expect(lines).toEqual([
    'open@40',
    `message ${HELLO} epoch1:0@40`,
    'message {"type":"EVENT","topic":"chat","offset":1,"data":"a"} epoch1:1@80',
    'message {"type":"EVENT","topic":"chat","offset":2,"data":"b"} epoch1:2@140',
  ])
  expect(network.calls().map(({ url }) => url.replace(/.*\?/, ''))).toEqual([
    'topics=chat&wait-ms=0',
    'topics=chat&cursor=epoch1%3A0&wait-ms=25000',
    'topics=chat&cursor=epoch1%3A1&wait-ms=25000',
  ])
})

test('B07 a line that resumes opens at once, and not when its first poll has been held', async () => {
  const { clock, api, dial } = createLineDesk()
  for (const data of ['a', 'b', 'c']) api.publish('chat', data)
  const behind = dial('long-poll', { cursor: 'epoch1:1' })
  const upToDate = dial('long-poll', { cursor: 'epoch1:3' })
  await clock.advance(40)
  expect(behind.lines).toEqual([
    'open@40',
    'message {"type":"EVENT","topic":"chat","offset":2,"data":"b"}@40',
    'message {"type":"EVENT","topic":"chat","offset":3,"data":"c"} epoch1:3@40',
  ])
  expect(upToDate.lines).toEqual(['open@40', 'alive@40'])
  await clock.advance(1000)
  api.publish('chat', 'd')
  await clock.advance(20)
  expect(upToDate.lines.at(-1)).toBe(
    'message {"type":"EVENT","topic":"chat","offset":4,"data":"d"} epoch1:4@1060',
  )
})

test('a poll that nothing has come to is a sign of life, and is followed by the next', async () => {
  const { clock, dial, network } = createLineDesk()
  const { lines } = dial('long-poll')
  await clock.advance(51_000)
  expect(lines.slice(2)).toEqual(['alive@25080', 'alive@50120'])
  expect(network.pending).toBe(1)
})

test('I24 answers that come at once and bring nothing are asked for once a second, from the second on', async () => {
  const { clock, asked, poll } = createServer(answer('e:1'))
  poll({}, { cursor: 'e:1' })
  await clock.advance(5500)
  expect(asked.map(({ at }) => at)).toEqual([20, 60, 1060, 2060, 3060, 4060, 5060])
})

test('I24 nor does the same frame again and again make a hot loop', async () => {
  const { clock, asked, poll } = createServer(answer('e:1', { type: 'DRAIN', retryAfterMs: 500 }))
  const { lines } = poll()
  await clock.advance(3500)
  expect(asked.map(({ at }) => at)).toEqual([20, 60, 1060, 2060, 3060])
  expect(lines.filter((line) => line.startsWith('message'))).toHaveLength(5)
})

test('a server that is behind is asked again at once, as long as it has more', async () => {
  let n = 0
  const { clock, asked, poll } = createServer(() => answer(`e:${++n}`, { type: 'EVENT', n })())
  poll()
  await clock.advance(210)
  expect(asked.map(({ at }) => at)).toEqual([20, 60, 100, 140, 180])
  expect(asked.map(({ query }) => query['cursor'])).toEqual([undefined, 'e:1', 'e:2', 'e:3', 'e:4'])
})

test('an address keeps its own query, the token travels in its header, and nothing is cached', async () => {
  const calls: { url: string; init: RequestInit & { headers: Headers } }[] = []
  const fetch = (url: string, init: RequestInit & { headers: Headers }) => {
    calls.push({ url, init })
    return new Promise<Response>(() => {})
  }
  const { open } = createLineDesk()
  const driver = longPoll({
    fetch: fetch as typeof globalThis.fetch,
    headers: { 'X-A': 'b' },
    credentials: 'omit',
  })
  open(driver, requestOf('/poll?v=2', { token: 'secret', topics: ['a', 'b'], cursor: 'é&x=y:1' }))
  expect(calls[0]!.url).toBe('https://api.example/poll?v=2&topics=a%2Cb&cursor=%C3%A9%26x%3Dy%3A1&wait-ms=0')
  expect(calls[0]!.init).toMatchObject({ cache: 'no-store', redirect: 'manual', credentials: 'omit' })
  expect(Object.fromEntries(calls[0]!.init.headers)).toEqual({
    accept: 'application/json',
    authorization: 'Bearer secret',
    'x-a': 'b',
  })
})

test.each([
  ['no JSON', text('{"frames":[')],
  ['no object', text('5')],
  ['null', text('null')],
  ['no cursor', json({ frames: [] })],
  ['an empty cursor', json({ frames: [], cursor: '' })],
  ['a long cursor', json({ frames: [], cursor: 'x'.repeat(257) })],
  ['a cursor with a line break', json({ frames: [], cursor: 'a\nb' })],
  ['a cursor that is a number', json({ frames: [], cursor: 5 })],
  ['no frames', json({ cursor: 'e:1' })],
  ['frames that are no list', json({ frames: {}, cursor: 'e:1' })],
  ['a frame that is a text', json({ frames: ['x'], cursor: 'e:1' })],
  ['a frame that is a list', json({ frames: [[]], cursor: 'e:1' })],
  ['a frame that is null', json({ frames: [null], cursor: 'e:1' })],
  ['frames in the prototype', text('{"__proto__":{"frames":[],"cursor":"e:1"}}')],
  [
    'frames that are too deep to be written again',
    text(`{"cursor":"e:1","frames":[{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}]}`),
  ],
])('an answer with %s is none of a poll: this transport is unsuitable', async (_what, respond) => {
  const { clock, poll, asked } = createServer(respond)
  const { lines } = poll()
  await clock.advance(100)
  expect(lines.map((line) => line.replace(/@.*/, ''))).toEqual([
    'open',
    'end unsuitable 1006 "an answer that is none of a poll" unclean status 200',
  ])
  expect(asked).toHaveLength(1)
})

test.each([
  [text(null, { status: 404 }), /^end unsuitable .* status 404@/],
  [
    text('<html>', { headers: { 'Content-Type': 'text/html' } }),
    /^end again 1006 "200 with a page.* status 200@/,
  ],
  [text('data: x', { headers: { 'Content-Type': 'text/event-stream' } }), /^end unsuitable .* status 200@/],
  [
    json({ type: 'token-expired' }, { status: 401 }),
    /^end needs-auth 1006 "token-expired" unclean status 401@/,
  ],
  [json({ type: 'session_unknown' }, { status: 401 }), /^end session-lost/],
  [
    json({ type: 'overloaded' }, { status: 503, headers: { 'Retry-After': '3' } }),
    /^end later .* status 503 after 3000@/,
  ],
  [() => HttpResponse.redirect('https://elsewhere.example/'), /^end again 1006 "a redirect.* status 0@/],
])(
  'an answer that is no poll’s is judged by its status, the first as well as a later one: %#',
  async (respond, end) => {
    const first = createServer(respond)
    const told = first.poll({}, { token: 'secret' })
    await first.clock.advance(200)
    expect(told.lines).toEqual([expect.stringMatching(end)])

    const later = createServer(answer('e:1', { type: 'HELLO' }), respond)
    const then = later.poll()
    await later.clock.advance(200)
    expect(then.lines.slice(2)).toEqual([expect.stringMatching(end)])
    for (const { network, asked } of [first, later]) {
      expect(network.pending).toBe(0)
      expect(asked.length).toBeLessThanOrEqual(2)
    }
  },
)

test('I35 an answer over the limit ends the line, is not told, and is read no further', async () => {
  let pulled = 0
  const cancelled: unknown[] = []
  const endless = () =>
    new Response(
      new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled += 1
          controller.enqueue(new Uint8Array(1000).fill(32))
        },
        cancel: (reason) => void cancelled.push(reason),
      }),
      { headers: { 'Content-Type': 'application/json' } },
    )
  const { clock, open } = createLineDesk()
  const told = open(longPoll({ fetch: async () => endless(), maxAnswerBytes: 10_000 }), requestOf('/poll'))
  await clock.settle()
  expect(told.lines).toEqual(['open@0', 'end fatal 1009 "An answer is larger than 10000 bytes" unclean@0'])
  expect(pulled).toBeLessThan(14)
  expect(cancelled).toHaveLength(1)
})

test('I35 the largest answer is taken', async () => {
  const { clock, poll } = createServer(answer('e:1', { a: 'ä' }))
  const size = new TextEncoder().encode('{"frames":[{"a":"ä"}],"cursor":"e:1"}').byteLength
  const fits = poll({ maxAnswerBytes: size })
  const over = poll({ maxAnswerBytes: size - 1 })
  await clock.advance(50)
  expect(fits.messages).toEqual(['{"a":"ä"}'])
  expect(over.end?.code).toBe(1009)
})

test('I21 an answer that does not come in time ends the line', async () => {
  const { clock, network, dial } = createLineDesk({ live: { pollMs: 60_000 } })
  const { lines } = dial('long-poll')
  await clock.advance(100)
  network.apply({ type: 'lost' })
  await clock.advance(40_000)
  expect(lines.slice(2)).toEqual(['end again 1006 "no answer in time" unclean@35040'])
})

test('I21 an answer may come slowly, but not stop in the middle', async () => {
  const { clock, open } = createLineDesk()
  const encoder = new TextEncoder()
  const dripping = (...pieces: string[]) =>
    new Response(
      new ReadableStream<Uint8Array>({
        async pull(controller) {
          await new Promise<void>((resolve) => clock.setTimeout(resolve, 9000))
          const next = pieces.shift()
          if (next === undefined) await new Promise(() => {})
          else controller.enqueue(encoder.encode(next))
          if (next === ':"e:1"}') controller.close()
        },
      }),
      { headers: { 'Content-Type': 'application/json' } },
    )
  const answers = [dripping('{"frames":', '[]', ',"cursor"', ':"e:1"}'), dripping('{"frames":', '[]')]
  const fetch = async () => answers.shift()!
  const told = open(longPoll({ fetch }), requestOf('/poll'))
  await clock.advance(80_000)
  expect(told.lines).toEqual(['open@0', 'alive@36000', 'end again 1006 "no answer in time" unclean@55000'])
})

test('a network that fails ends the line, at the first poll and between two', async () => {
  const { clock, network, dial, api } = createLineDesk()
  const first = dial('long-poll')
  await clock.advance(100)
  network.apply({ type: 'refuse' })
  network.apply({ type: 'reset' })
  const second = dial('long-poll')
  await clock.advance(100)
  api.publish('chat', 'x')
  await clock.advance(100)
  const end = { verdict: 'again', code: 1006, reason: 'no answer', wasClean: false }
  expect([first.end, second.end]).toEqual([end, end])
})

test.each([20, 70, 500, 1070])(
  'a line that is dropped at %i ms asks no more, and leaves nothing',
  async (ms) => {
    const { clock, poll, network, asked } = createServer(answer('e:1'))
    const { line, lines } = poll({}, { cursor: 'e:1' })
    await clock.advance(ms)
    const before = [asked.length, lines.length]
    line.drop()
    await clock.advance(60_000)
    expect([asked.length, lines.length]).toEqual(before)
    expect(network.pending).toBe(0)
    expect(clock.pending()).toBe(0)
  },
)

test('I34 an answer that comes about the time of the drop leaves no timer', async () => {
  const { clock, open } = createLineDesk()
  for (let turns = 0; turns <= 12; turns++) {
    let give = (_: Response) => {}
    const fetch = () => new Promise<Response>((resolve) => (give = resolve))
    const told = open(longPoll({ fetch }), requestOf('/poll'))
    give(new Response('{"frames":[],"cursor":"e:1"}', { headers: { 'Content-Type': 'application/json' } }))
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    told.line.drop()
    await clock.settle()
    expect([turns, clock.pending()]).toEqual([turns, 0])
  }
})

test('what is dropped among the frames of one answer is silent from there', async () => {
  const { clock, open, fetch } = createServer(answer('e:3', { n: 1 }, { n: 2 }, { n: 3 }))
  const told = open(longPoll({ fetch }), requestOf('/other'), (news) => {
    if (news.type === 'message' && news.data === '{"n":2}') told.line.drop()
  })
  await clock.advance(1000)
  expect(told.messages).toEqual(['{"n":1}', '{"n":2}'])
  expect(told.end).toBe(null)
})

test('where the platform has no fetch, opening a line names the option', () => {
  vi.stubGlobal('fetch', undefined)
  onTestFinished(() => void vi.unstubAllGlobals())
  const { open } = createLineDesk()
  expect(() => open(longPoll(), requestOf('/poll'))).toThrow('longPoll.fetch is undefined; allowed: a fetch')
})

test.each([
  [{ waitMs: -1 }, 'longPoll.waitMs is -1; allowed: a number from 0 to 300000'],
  [{ waitMs: Number.NaN }, 'longPoll.waitMs is NaN'],
  [{ waitMs: '5' }, 'longPoll.waitMs is "5"'],
  [{ maxAnswerBytes: 0 }, 'longPoll.maxAnswerBytes is 0'],
  [{ credentials: true }, 'longPoll.credentials is true'],
  [{ method: 'POST' }, 'longPoll.method is not an option'],
])('a bad option is refused by name: %o', (options, message) => {
  const make = () => longPoll(options as LongPollOptions)
  expect(make).toThrow(message)
  try {
    make()
  } catch (error) {
    expect(isHoldfastError(error, 'bad-option')).toBe(true)
  }
})
