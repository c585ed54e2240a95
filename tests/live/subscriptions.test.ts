import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCursor } from '../../src/live/cursor.js'
import type { TopicFrame } from '../../src/live/frames.js'
import { createSubscriptions } from '../../src/live/subscriptions.js'
import { createLogWorld, TOPICS, type Topic } from './log-world.js'

const topic = fc.constantFrom<Topic>(...TOPICS)
const which = fc.nat(1)
const move = fc.oneof(
  { weight: 8, arbitrary: topic.map((name) => ({ type: 'publish', name }) as const) },
  {
    weight: 8,
    arbitrary: fc
      .record({ line: which, times: fc.integer({ min: 1, max: 6 }) })
      .map((one) => ({ type: 'deliver', ...one }) as const),
  },
  { weight: 4, arbitrary: which.map((line) => ({ type: 'serve', line }) as const) },
  { weight: 3, arbitrary: fc.boolean().map((isSocket) => ({ type: 'open', isSocket }) as const) },
  { weight: 1, arbitrary: which.map((line) => ({ type: 'cut', line }) as const) },
  {
    weight: 3,
    arbitrary: fc
      .record({
        name: topic,
        at: fc.option(fc.record({ epoch: fc.constantFrom('e1', 'e2'), offset: fc.nat(9) })),
      })
      .map((one) => ({ type: 'follow', ...one }) as const),
  },
  { weight: 1, arbitrary: topic.map((name) => ({ type: 'unfollow', name }) as const) },
  { weight: 1, arbitrary: fc.constant({ type: 'reset' } as const) },
)

test('I29 B07 whatever lines lose, delay and double: nothing is lost or doubled, order is kept, gaps are told', () => {
  const seen = { events: 0, gaps: 0, resets: 0 }
  fc.assert(
    fc.property(
      fc.array(move, { minLength: 20, maxLength: 150, size: 'max' }),
      fc.boolean(),
      fc.integer({ min: 1, max: 8 }),
      (moves, last, ring) => {
        const world = createLogWorld(ring)
        for (const one of moves) {
          if (one.type === 'publish') world.publish(one.name)
          else if (one.type === 'deliver') for (let n = 0; n < one.times; n++) world.deliver(one.line)
          else if (one.type === 'serve') world.serve(one.line)
          else if (one.type === 'open') world.open(one.isSocket)
          else if (one.type === 'cut') world.cut(one.line)
          else if (one.type === 'follow') world.follow(one.name, one.at)
          else if (one.type === 'unfollow') world.unfollow(one.name)
          else world.reset()
        }
        world.heal(last)
        for (const name of ['events', 'gaps', 'resets'] as const) seen[name] += world.seen[name]
      },
    ),
  )
  // A walk that meets nothing proves nothing.
  expect(seen.events).toBeGreaterThan(100)
  expect(seen.gaps).toBeGreaterThan(10)
  expect(seen.resets).toBeGreaterThan(10)
})

const at = (offset: number, epoch = 'e1') => ({ epoch, offset })
const event = (offset: number, name = 'chat'): TopicFrame => ({
  type: 'EVENT',
  topic: name,
  offset,
  data: offset,
})
const resumed = (offset: number, name = 'chat'): TopicFrame => ({ type: 'RESUMED', topic: name, offset })

test('a stream is asked for the lowest of its cursors, and what a topic has seen already is dropped', () => {
  const subscriptions = createSubscriptions()
  subscriptions.add('chat', at(7))
  subscriptions.add('orders', at(3))
  const asking = subscriptions.asking()
  expect(asking).toMatchObject({ topics: ['chat', 'orders'], cursor: at(3), latest: at(7) })
  const view = subscriptions.shared(1, asking)
  view.greeted(at(9))
  for (const name of ['chat', 'orders']) {
    expect(view.take(resumed(3, name))).toBe(true)
    expect(view.apply(resumed(3, name))).toEqual({ type: 'resumed' })
  }
  const told = [event(4), event(5, 'orders'), event(8)].map((frame) => view.take(frame) && view.apply(frame))
  expect(told).toEqual([null, { type: 'event' }, { type: 'event' }])
  // A stream that has told offset 8 has read all its topics up to there.
  expect([subscriptions.placeOf('chat'), subscriptions.placeOf('orders')]).toEqual([at(8), at(8)])
})

test('a topic that joins a stream begins at the end of the log, not where the others have still to catch up', () => {
  const subscriptions = createSubscriptions()
  subscriptions.add('orders', at(3))
  subscriptions.add('chat', null)
  const view = subscriptions.shared(1, subscriptions.asking())
  view.greeted(at(6))
  const told = [resumed(3), event(5), event(7)].map((frame) => view.take(frame) && view.apply(frame))
  expect(told).toEqual([{ type: 'resumed' }, null, { type: 'event' }])
})

test('a topic that was left and joined again hears nothing of its earlier self', () => {
  const subscriptions = createSubscriptions()
  const view = subscriptions.socket(1)
  view.greeted(at(0))
  subscriptions.add('chat', at(2))
  expect(view.ask('chat')).toBe('e1:2')
  subscriptions.remove('chat')
  subscriptions.add('chat', at(1))
  expect(view.pending()).toEqual({ ask: ['chat'], leave: [] })
  expect(view.ask('chat')).toBe('e1:1')
  // The answer and the events of the first, then those of the second.
  const frames = [resumed(2), event(3), resumed(1), event(2), event(3)]
  const told = frames.map((frame) => (view.take(frame) ? view.apply(frame)?.type : 'not ours'))
  expect(told).toEqual(['not ours', 'not ours', 'resumed', 'event', 'event'])
})

test('a line that is being left begins no other log', () => {
  const subscriptions = createSubscriptions()
  subscriptions.add('chat', at(3))
  const [old, better] = [subscriptions.socket(1), subscriptions.socket(2)]
  old.greeted(at(3))
  old.ask('chat')
  old.take(resumed(3))
  better.greeted(at(9, 'e2'))
  better.ask('chat')
  const reset = (epoch: string, offset: number): TopicFrame => ({
    type: 'RESET',
    topic: 'chat',
    epoch,
    offset,
  })
  const hear = (view: typeof old, frame: TopicFrame) => view.take(frame) && view.apply(frame)
  expect(hear(better, reset('e2', 9))).toEqual({ type: 'reset' })
  expect([hear(old, event(4)), hear(old, reset('e3', 0)), hear(old, event(1))]).toEqual([null, null, null])
  expect(hear(better, event(10))).toEqual({ type: 'event' })
  expect(subscriptions.placeOf('chat')).toEqual(at(10, 'e2'))
})

test('cursors that are none are refused', () => {
  const none = [
    '',
    'e1',
    ':1',
    'e1:',
    'e1:01',
    'e1:-1',
    'e1:1.5',
    'e1:9007199254740993',
    `${'x'.repeat(65)}:1`,
    'a b:1',
  ]
  expect(none.map(readCursor)).toEqual(none.map(() => null))
  expect(readCursor('e1:9007199254740991')).toEqual(at(9007199254740991))
})
