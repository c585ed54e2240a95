import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readFrame, sendFrame, subscribeFrame } from '../../src/live/frames.js'

const read = (value: unknown) => readFrame(JSON.stringify(value), 10_000)
const event = { type: 'EVENT', topic: 'chat', offset: 1, data: { a: 1 } }

test('frames of the wire are read into fresh objects with the members that are known', () => {
  expect(read({ ...event, more: 1 })).toEqual(event)
  expect(read({ type: 'RESUMED', topic: 'chat', offset: 0 })).toEqual({
    type: 'RESUMED',
    topic: 'chat',
    offset: 0,
  })
  expect(read({ type: 'GAP', topic: 'chat', from: 1, to: 2 })).toEqual({
    type: 'GAP',
    topic: 'chat',
    from: 1,
    to: 2,
  })
  expect(read({ type: 'ACK', id: 'a', offset: 3 })).toEqual({ type: 'ACK', id: 'a', offset: 3 })
  expect(read({ type: 'PONG' })).toBe('pong')
  const hello = { type: 'HELLO', boot: 'b', epoch: 'e', offset: 0, heartbeatMs: 25_000, session: 'known' }
  expect(read(hello)).toEqual(hello)
  expect(read({ ...hello, heartbeatMs: 0, session: 'odd' })).toEqual({ ...hello, heartbeatMs: undefined })
  expect(read({ type: 'DRAIN', retryAfterMs: 1e12 })).toEqual({ type: 'DRAIN', retryAfterMs: 3_600_000 })
  expect(read({ type: 'DRAIN', retryAfterMs: -1 })).toEqual({ type: 'DRAIN', retryAfterMs: undefined })
})

test('I39 what a server says in words is cut to a length', () => {
  expect(read({ type: 'ERROR', code: 'failed', detail: 'x'.repeat(5000) })).toMatchObject({
    detail: 'x'.repeat(200),
  })
})

test('offsets that are none, or above 2^53, are refused', () => {
  for (const offset of [-1, 1.5, '1', null, 2 ** 53]) expect(read({ ...event, offset })).toBe('malformed')
  expect(readFrame('{"type":"EVENT","topic":"chat","offset":9007199254740993,"data":1}', 1000)).toBe(
    'malformed',
  )
  expect(read({ type: 'GAP', topic: 'chat', from: 2, to: 1 })).toBe('malformed')
})

test('size and depth are looked at before anything is parsed', () => {
  expect(readFrame(`${'['.repeat(100_000)}`, 1_000_000)).toBe('malformed')
  expect(readFrame(JSON.stringify(event), 10)).toBe('malformed')
  const deep = (n: number) => JSON.parse('['.repeat(n) + ']'.repeat(n)) as unknown
  expect(read({ ...event, data: deep(63) })).toMatchObject({ type: 'EVENT' })
  expect(read({ ...event, data: deep(64) })).toBe('malformed')
  // Brackets in strings are text.
  expect(read({ ...event, data: '[{'.repeat(200) })).toMatchObject({ type: 'EVENT' })
})

test.each([
  '{"__proto__":{"polluted":1}}',
  '{"\\u005f_proto__":{"polluted":1}}',
  '[{"a":{"__proto__":{"polluted":1}}}]',
])('%s pollutes nothing, also where it is merged', (data) => {
  const frame = readFrame(`{"type":"EVENT","topic":"chat","offset":1,"data":${data}}`, 1000)
  expect(JSON.stringify(frame)).not.toContain('polluted')
  expect(Object.assign({}, (frame as typeof event).data)).not.toHaveProperty('polluted')
  expect({}).not.toHaveProperty('polluted')
})

test('frames of other types are told apart from what is none', () => {
  expect(read({ type: 'LATER', x: 1 })).toBe('unknown')
  for (const none of [1, null, [], 'x', {}, { type: 1 }]) expect(read(none)).toBe('malformed')
  expect(readFrame('{', 10)).toBe('malformed')
  expect(readFrame(new ArrayBuffer(2), 10)).toBe('malformed')
})

test('whatever comes, reading it does not throw', () => {
  const types = fc.constantFrom('HELLO', 'EVENT', 'RESUMED', 'GAP', 'RESET', 'ACK', 'DRAIN', 'ERROR', 'PONG')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc
          .tuple(
            types,
            fc.dictionary(
              fc.constantFrom('topic', 'offset', 'epoch', 'from', 'to', 'id', 'boot', 'code', 'data'),
              fc.jsonValue(),
            ),
          )
          .map(([type, members]) => JSON.stringify({ ...members, type })),
      ),
      (text) => {
        const reading = readFrame(text, 1000)
        expect(typeof reading === 'string' || typeof reading.type === 'string').toBe(true)
      },
    ),
  )
})

test('what is said has the form of the wire', () => {
  expect(JSON.parse(subscribeFrame('chat', undefined))).toEqual({ type: 'SUBSCRIBE', topic: 'chat' })
  expect(JSON.parse(sendFrame('{"id":"a","topic":"chat","data":1}'))).toEqual({
    type: 'SEND',
    id: 'a',
    topic: 'chat',
    data: 1,
  })
})
