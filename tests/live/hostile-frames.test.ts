/** Peers that send anything: no crash, an end or nothing, and nothing after the end (docs/spec/reliability.md, section 3). */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventStream } from '../../src/live/event-stream.js'
import type { Driver } from '../../src/live/line.js'
import { longPoll } from '../../src/live/long-poll.js'
import { webSocket } from '../../src/live/websocket.js'
import { createLineDesk, requestOf, type Told } from './line-desk.js'

/** Small, so that it is met. */
const MOST_BYTES = 64
const RUNS = { numRuns: 300 }
const HOUR_MS = 3_600_000

const bytesOf = (text: string): number => new TextEncoder().encode(text).byteLength

/** What holds of every line. That nothing is told too early, or after the end, `listen` looks at. */
function checkNews({ news }: Told): void {
  for (const one of news) {
    if (one.type === 'retry') expect(one.retryMs >= 0 && one.retryMs <= HOUR_MS).toBe(true)
    if (one.type === 'end') {
      expect(['again', 'later', 'needs-auth', 'session-lost', 'fatal', 'unsuitable']).toContain(
        one.end.verdict,
      )
      expect(one.end.reason.length).toBeLessThanOrEqual(123)
      expect((one.end.retryAfterMs ?? 0) <= HOUR_MS).toBe(true)
    }
    if (one.type !== 'message') continue
    expect((one.id ?? '').length).toBeLessThanOrEqual(256)
    expect(one.id ?? '').not.toMatch(/[\0\r\n]/)
  }
}

test('I35 a socket that brings anything, in any order', () => {
  const { clock, open } = createLineDesk()
  type Happening = readonly ['onopen' | 'onmessage' | 'onerror' | 'onclose', unknown]
  const small = fc.anything({ maxDepth: 0 })
  const data = fc.oneof(
    fc.anything({ withTypedArray: true, withBigInt: true, maxDepth: 1 }),
    fc.string({ maxLength: 2 * MOST_BYTES, unit: 'binary' }),
    fc.uint8Array({ maxLength: 2 * MOST_BYTES }).map(({ buffer }) => buffer),
    fc.record({ size: small, byteLength: small }),
  )
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    fc.tuple(fc.constant('onmessage' as const), fc.record({ data })),
    fc.tuple(fc.constantFrom('onopen' as const, 'onerror' as const), small),
    fc.tuple(
      fc.constant('onclose' as const),
      fc.record({
        code: fc.oneof(fc.nat(5000), small),
        reason: fc.oneof(fc.string(), fc.json(), small),
        wasClean: small,
      }),
    ),
  )
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 8 }), (happenings) => {
      const made: Record<string, unknown>[] = []
      class Hostile {
        readyState: unknown = 1
        constructor() {
          made.push(this as never)
        }
        send() {}
        close() {
          throw new Error('no')
        }
      }
      const told = open(
        webSocket({ WebSocket: Hostile as never, maxMessageBytes: MOST_BYTES }),
        requestOf('/ws'),
      )
      const socket = made[0]!
      for (const [name, event] of happenings) (socket[name] as ((event: unknown) => void) | null)?.(event)
      checkNews(told)
      for (const message of told.messages) {
        if (typeof message === 'string') expect(bytesOf(message)).toBeLessThanOrEqual(MOST_BYTES)
        else if (message instanceof ArrayBuffer) expect(message.byteLength).toBeLessThanOrEqual(MOST_BYTES)
      }
      const closes = happenings.some(([name]) => name === 'onclose')
      expect(Boolean(told.end) || !closes).toBe(true)
      told.line.drop()
    }),
    RUNS,
  )
  expect(clock.pending()).toBe(0)
})

/** What the algorithm of HTML (9.2.6) reads of a text: the model of the driver, without bounds. */
function readByTheBook(text: string): { data: string; id?: string }[] {
  const events: { data: string; id?: string }[] = []
  let data: string[] = []
  let id: string | undefined
  let pending: string | undefined
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)
  lines.pop()
  for (const line of lines) {
    if (line === '') {
      if (pending !== undefined) id = pending
      pending = undefined
      if (data.length > 0) {
        events.push({ data: data.join('\n'), ...(id === undefined ? {} : { id }) })
        id = undefined
      }
      data = []
      continue
    }
    const [, name, , value = ''] = /^([^:]*)(: ?(.*))?$/s.exec(line) ?? []
    if (name === 'data') data.push(value)
    if (name === 'id' && !value.includes('\0')) pending = value
  }
  return events
}

/** A fetch that is answered with these. */
const fetchOf = (...answers: (() => Response | Promise<Response>)[]): typeof globalThis.fetch => {
  let calls = 0
  return (async () => answers[Math.min(calls++, answers.length - 1)]!()) as never
}

/** How a body ends when its pieces have come. */
const ENDINGS = ['closes', 'breaks', 'stays'] as const

function bodyOf(pieces: readonly Uint8Array[], ending: (typeof ENDINGS)[number]): ReadableStream<Uint8Array> {
  const left = [...pieces]
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift()
      if (piece) controller.enqueue(piece)
      else if (ending === 'closes') controller.close()
      else if (ending === 'breaks') controller.error(new TypeError('network error'))
      else return new Promise(() => {})
    },
  })
}

/** Lets a line of this driver live for some time; then it is dropped, and nothing is left. */
async function play(driver: Driver): Promise<Told> {
  const { clock, open } = createLineDesk()
  const told = open(driver, requestOf('/any'))
  await clock.advance(12_000)
  checkNews(told)
  told.line.drop()
  expect(clock.pending()).toBe(0)
  return told
}

/** Cuts bytes into pieces of these lengths. */
function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  let from = 0
  for (const length of [...lengths, Infinity]) {
    if (from < bytes.length) pieces.push(bytes.subarray(from, Math.min(bytes.length, from + length)))
    from += length
  }
  return pieces
}

test('I35 a stream of anything is read by the book, in whatever pieces it comes, up to its bounds', async () => {
  const fragment = fc.oneof(
    fc.constantFrom('data', 'data:', 'id', 'retry', 'event', 'foo', '', ':', ': ', '\0', '\ufeff'),
    fc.constantFrom('\n', '\n', '\r', '\r\n', '\n\n', '\n\n'),
    fc.constantFrom('data: hi\n\n', 'data: a\ndata: b\n\n', 'id: e:1\ndata: c\n\n', 'id: e:2\n'),
    fc.constantFrom('retry: 5\n', 'retry: 1e9\n', 'retry: 99999999999999999999\n', 'event: x\n'),
    fc.string({ maxLength: 12, unit: 'grapheme' }),
    fc.constantFrom(5, 5, 20, 20, 64, 65, 200).map((length) => 'x'.repeat(length)),
  )
  const bytes = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.array(fragment, { maxLength: 20 }).map((all) => new TextEncoder().encode(all.join(''))),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  )
  let messages = 0
  const ends = new Set<string>()
  await fc.assert(
    fc.asyncProperty(
      bytes,
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 }),
      fc.constantFrom(...ENDINGS),
      async (sent, lengths, ending) => {
        const answer = () =>
          new Response(bodyOf(cut(sent, lengths), ending), {
            headers: { 'Content-Type': 'text/event-stream' },
          })
        const told = await play(eventStream({ fetch: fetchOf(answer), maxEventBytes: MOST_BYTES }))
        const expected = readByTheBook(new TextDecoder('utf-8', { ignoreBOM: true }).decode(sent))
        const heard = told.news.flatMap((one) => (one.type === 'message' ? [one] : []))
        expect(heard.map(({ data, id }) => ({ data, ...(id === undefined ? {} : { id }) }))).toEqual(
          expected.slice(0, heard.length),
        )
        for (const { data } of heard) expect(bytesOf(data as string)).toBeLessThanOrEqual(MOST_BYTES)
        const isCutOff = told.end?.code === 1009
        if (!isCutOff) {
          expect(heard).toHaveLength(expected.length)
          expect(told.end?.code).toBe({ closes: 1000, breaks: 1006, stays: undefined }[ending])
        }
        messages += heard.length
        ends.add(String(told.end?.code))
      },
    ),
    RUNS,
  )
  expect(messages).toBeGreaterThan(50)
  expect([...ends].toSorted()).toEqual(['1000', '1006', '1009', 'undefined'])
})

test('I35 polls that are answered with anything', async () => {
  const anything = fc.jsonValue({ maxDepth: 2 })
  const frame = fc.dictionary(fc.string({ maxLength: 9 }), anything, { maxKeys: 3 })
  const frames = fc.oneof(
    { weight: 6, arbitrary: fc.array(frame, { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(fc.oneof(frame, anything), { maxLength: 3 }) },
    { weight: 1, arbitrary: anything },
  )
  const cursor = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('e:1', 'e:2', 'e:3') },
    { weight: 1, arbitrary: fc.constantFrom('', 'a\nb', 'x'.repeat(257)) },
    { weight: 1, arbitrary: anything },
  )
  const whole = fc.record({ frames, cursor }).map((value) => JSON.stringify(value))
  const body = fc.oneof(
    { weight: 8, arbitrary: whole },
    { weight: 1, arbitrary: whole.map((text) => text.slice(0, -3)) },
    {
      weight: 1,
      arbitrary: fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constant('{"frames":[]}')),
    },
  )
  const answer = fc.record({
    body,
    lengths: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }),
    ending: fc.oneof(
      { weight: 8, arbitrary: fc.constant('closes' as const) },
      { weight: 1, arbitrary: fc.constantFrom(...ENDINGS) },
    ),
    status: fc.oneof(
      { weight: 8, arbitrary: fc.constant(200) },
      { weight: 1, arbitrary: fc.constantFrom(201, 204, 302, 400, 401, 404, 429, 500, 503) },
    ),
    type: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.constantFrom('application/json', 'application/json; charset=x', 'Application/JSON'),
      },
      { weight: 1, arbitrary: fc.constantFrom('text/html', 'json', '') },
    ),
    retryAfter: fc.oneof(fc.constantFrom('5', '-5', '1e309', ''), fc.integer().map(String)),
  })
  const ends = new Set<string>()
  let messages = 0
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 4 }), async (answers) => {
      const respond = answers.map(({ body, lengths, ending, status, type, retryAfter }) => () => {
        const pieces = cut(new TextEncoder().encode(body), lengths)
        const headers = { 'Content-Type': type, 'Retry-After': retryAfter }
        return new Response(status === 204 ? null : bodyOf(pieces, ending), { status, headers })
      })
      const told = await play(longPoll({ fetch: fetchOf(...respond), maxAnswerBytes: 4 * MOST_BYTES }))
      for (const one of told.news) {
        if (one.type !== 'message') continue
        messages += 1
        expect(typeof one.data).toBe('string')
        const frame: unknown = JSON.parse(one.data as string)
        expect(Object.prototype.toString.call(frame)).toBe('[object Object]')
      }
      ends.add(told.end?.verdict ?? 'none')
    }),
    RUNS,
  )
  expect(messages).toBeGreaterThan(50)
  expect([...ends].toSorted()).toEqual(['again', 'fatal', 'later', 'needs-auth', 'none', 'unsuitable'])
})
