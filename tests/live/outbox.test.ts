import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  EMPTY_OUTBOX,
  nextOut,
  outboxDueAt,
  outboxStep,
  REPEAT_WITHIN_MS,
  type Message,
  type Outbox,
  type OutboxEvent,
  type SendPolicy,
  type Settled,
} from '../../src/live/outbox.js'

const LIMITS = { maxMessages: 5, maxBytes: 500 }

const message = (id: string, more: Partial<Message> = {}): Message => ({
  ...{ id, topic: 'chat', body: id, bytes: 10, policy: 'keep', key: '', expiresAt: Infinity },
  ...{ firstSentAt: null, on: null, sentAt: 0 },
  ...more,
})

function createBox() {
  let box: Outbox = EMPTY_OUTBOX
  const ends: Settled[] = []
  return {
    ends,
    get box() {
      return box
    },
    do(event: OutboxEvent) {
      const [next, settled] = outboxStep(box, event, LIMITS)
      box = next
      ends.push(...settled)
    },
    accept(id: string, more: Partial<Message> = {}, isOpen = false) {
      this.do({ type: 'accept', message: message(id, more), isOpen })
    },
    send(on: number, oneATopic = false, now = 0) {
      const next = nextOut(box, oneATopic)
      if (next) this.do({ type: 'sent', id: next.id, on, now })
      return next?.id
    },
  }
}

const failed = (id: string, code: string) => ({ id, name: 'failed', code })

test('I08 the bound holds in number and in bytes, and who comes too late is told', () => {
  const box = createBox()
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) box.accept(id)
  expect(box.ends).toEqual([failed('f', 'channel-full')])
  box.do({ type: 'acknowledged', id: 'a', offset: 1 })
  box.accept('g', { bytes: 461 })
  box.accept('h', { bytes: 460 })
  expect(box.ends.slice(1)).toEqual([
    { id: 'a', name: 'acknowledged', offset: 1 },
    failed('g', 'channel-full'),
  ])
})

test('of `latest` the newest waits; one that was sent is not replaced', () => {
  const box = createBox()
  box.accept('a', { policy: 'latest' })
  box.accept('other', { policy: 'latest', key: 'x' })
  box.accept('b', { policy: 'latest' })
  expect(box.ends).toEqual([failed('a', 'replaced')])
  box.send(1)
  box.send(1)
  box.accept('c', { policy: 'latest' })
  expect(box.box.messages.map(({ id }) => id)).toEqual(['other', 'b', 'c'])
})

test('a full outbox keeps the older one when it refuses the newer', () => {
  const box = createBox()
  box.accept('a', { policy: 'latest', bytes: 10 })
  box.accept('b', { policy: 'latest', bytes: 501 })
  expect(box.ends).toEqual([failed('b', 'channel-full')])
  expect(box.box.messages.map(({ id }) => id)).toEqual(['a'])
})

test('`drop` goes now or never, and never twice', () => {
  const box = createBox()
  box.accept('a', { policy: 'drop' })
  box.accept('b', { policy: 'drop' }, true)
  box.accept('c', { policy: 'drop' }, true)
  box.send(1)
  box.do({ type: 'lost', on: 1 })
  expect(box.ends).toEqual([
    failed('a', 'link-down'),
    failed('b', 'maybe-committed'),
    failed('c', 'link-down'),
  ])
})

test('what waited too long has expired; what may have arrived is not said to have', () => {
  const box = createBox()
  box.accept('a', { expiresAt: 100 })
  box.accept('b', { expiresAt: 100 })
  box.accept('c')
  box.send(1)
  expect(outboxDueAt(box.box)).toBe(100)
  box.do({ type: 'time', now: 100 })
  expect(box.ends).toEqual([failed('a', 'maybe-committed'), failed('b', 'expired')])
  box.send(2, false, 500)
  // The server forgets ids after 24 h: later it would be a second message.
  expect(outboxDueAt(box.box)).toBe(500 + REPEAT_WITHIN_MS)
  box.do({ type: 'time', now: 500 + REPEAT_WITHIN_MS })
  expect(box.ends.at(-1)).toEqual(failed('c', 'maybe-committed'))
})

test('requests go out one a topic, frames as they come', () => {
  const box = createBox()
  for (const [id, topic] of [
    ['a', 'x'],
    ['b', 'x'],
    ['c', 'y'],
  ] as const)
    box.accept(id, { topic })
  expect([box.send(-1, true), box.send(-1, true), box.send(-1, true)]).toEqual(['a', 'c', undefined])
  expect(box.send(1)).toBe('b')
  box.do({ type: 'later', id: 'a', on: -1 })
  expect(box.send(-1, true)).toBe('a')
})

const topics = ['x', 'y']
const policy = fc.constantFrom<SendPolicy>('keep', 'latest', 'drop')
const move = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('accept' as const),
      topic: fc.constantFrom(...topics),
      policy,
      expires: fc.option(fc.integer({ min: 1, max: 40 })),
    }),
  },
  { weight: 6, arbitrary: fc.constant({ type: 'send' as const }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('arrive' as const), answered: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ type: 'lose' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'move' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'time' as const }) },
)

test('I13 whatever is lost on the way: each message settles once, arrives at most once, in the order of its topic', () => {
  let arrived = 0
  fc.assert(
    fc.property(fc.array(move, { maxLength: 80, size: 'max' }), (moves) => {
      const box = createBox()
      let line = 1
      let isOpen = true
      let now = 0
      let accepted = 0
      /** What is on its way, by line, in order; what the server has; which answers were told. */
      let way: { id: string; topic: string; on: number }[] = []
      const log: { id: string; topic: string }[] = []
      const acknowledged = new Set<string>()
      const sentOn = new Map<string, Set<number>>()
      for (const one of moves) {
        if (one.type === 'accept') {
          accepted += 1
          const { topic, policy: kind, expires } = one
          const id = `m${String(accepted).padStart(3, '0')}`
          box.accept(
            id,
            { topic, policy: kind, expiresAt: expires === null ? Infinity : now + expires },
            isOpen,
          )
        } else if (one.type === 'send' && isOpen) {
          const id = box.send(line, false, now)
          if (id === undefined) continue
          const { topic, policy: kind } = box.box.messages.find((each) => each.id === id)!
          way.push({ id, topic, on: line })
          const lines = sentOn.get(id) ?? new Set()
          sentOn.set(id, lines.add(line))
          if (kind === 'drop') expect(lines.size).toBe(1)
        } else if (one.type === 'arrive') {
          const next = way.shift()
          if (!next) continue
          // The server knows an id again.
          if (!log.some(({ id }) => id === next.id)) log.push(next)
          if (one.answered && next.on === line && isOpen) {
            acknowledged.add(next.id)
            box.do({ type: 'acknowledged', id: next.id, offset: 0 })
          }
        } else if (one.type === 'lose') {
          if (isOpen) box.do({ type: 'lost', on: line })
          // What was under way on it arrives, or does not; here it does not.
          way = []
          isOpen = !isOpen
          if (isOpen) box.do({ type: 'moved', to: ++line })
        } else if (one.type === 'move' && isOpen) box.do({ type: 'moved', to: ++line })
        else if (one.type === 'time') box.do({ type: 'time', now: (now += 20) })
        expect(box.box.messages.length).toBeLessThanOrEqual(LIMITS.maxMessages)
        expect(box.box.bytes).toBe(box.box.messages.reduce((sum, { bytes }) => sum + bytes, 0))
      }
      box.do({ type: 'stop', code: 'stopped' })
      expect(box.box).toEqual(EMPTY_OUTBOX)
      expect(box.ends.map(({ id }) => id).sort()).toEqual([...new Set(box.ends.map(({ id }) => id))].sort())
      expect(box.ends).toHaveLength(accepted)
      for (const end of box.ends) {
        const isThere = log.some(({ id }) => id === end.id)
        if (end.name === 'acknowledged') expect(isThere).toBe(true)
        else if (end.code !== 'maybe-committed') expect(isThere, `${end.id} ${end.code}`).toBe(false)
      }
      for (const topic of topics) {
        const ids = log.filter((one) => one.topic === topic).map(({ id }) => id)
        expect(ids, 'order').toEqual([...ids].sort())
      }
      arrived += log.length
    }),
  )
  expect(arrived).toBeGreaterThan(100)
})
