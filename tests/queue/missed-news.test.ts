import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import type { Ended, QueueStore } from '../../src/queue/index.js'
import { rig } from './rig.js'
import { sharedBus, sharedLock, sharedStore } from './tabs.js'

test('what another tab accepts while this one reads its rows is not lost (I01, I37)', async () => {
  const clock = manualClock()
  const base = sharedStore()
  const { lock } = sharedLock()
  const bus = sharedBus()
  const a = await rig({ clock, store: base, lock, bus: bus(), seed: 'a' })
  a.connection.down()
  await a.add('known')
  let isFirst = true
  const store: QueueStore = {
    ...base,
    async load(scope, take) {
      await base.load(scope, take)
      if (!isFirst) return
      isFirst = false
      await a.queue.discard(a.queue.actions[0]!.id)
      await a.queue.enqueue({ handler: 'order', payload: { label: 'late' }, label: 'late' })
    },
  }
  const b = await rig({ clock, store, lock, bus: bus(), seed: 'b' })
  expect(b.states()).toEqual(['late queued'])
  a.queue.stop()
  await clock.settle()
  expect(b.sent()).toEqual(['late'])
})

/** Two tabs that hear nothing of each other. */
async function deafTabs() {
  const clock = manualClock()
  const store = sharedStore()
  const { lock } = sharedLock()
  const a = await rig({ clock, store, lock, bus: null, seed: 'a' })
  const b = await rig({ clock, store, lock, bus: null, seed: 'b' })
  return { clock, a, b }
}

test('a term begins with what the store holds: rows accepted elsewhere are sent, phantoms go (I01, I07)', async () => {
  const { a, b, clock } = await deafTabs()
  a.connection.down()
  await a.add('seen by nobody else')
  a.queue.stop()
  await clock.settle()
  expect(b.sent()).toEqual(['seen by nobody else'])
})

test('what another tab was sending when it died is found, although its news never came (I04)', async () => {
  const { a, b, clock } = await deafTabs()
  await a.add('one')
  a.queue.stop()
  await clock.settle()
  expect(b.last().key).toBe(a.last().key)
  expect(b.last().attempt).toBe(2)
})

test('an action that another tab has sent unheard ends as unknown here, for its caller and for listeners (I13)', async () => {
  const { a, b, clock } = await deafTabs()
  const ends: (Ended | Error)[] = []
  const heard: string[] = []
  b.queue.onSettled(({ action, ended }) => heard.push(`${action.label} ${ended.outcome}`))
  // Both are kept by b and waited for there, and a will send them.
  const { settled } = await b.add('one')
  void settled.then((ended) => ends.push(ended))
  b.queue
    .enqueueRequest({ handler: 'order', payload: { label: 'two' }, label: 'two' })
    .catch((error: Error) => ends.push(error))
  await clock.settle()
  a.connection.down()
  a.queue.stop()
  b.connection.down()
  await clock.settle()
  const again = b.queue.release()
  const c = await rig({ clock, store: b.store, lock: sharedLock().lock, bus: null, seed: 'c' })
  for (let n = 0; n < 2; n++) {
    c.last().ok()
    await clock.settle()
  }
  expect(c.sent()).toEqual(['one', 'two'])
  again()
  await clock.settle()
  expect(b.states()).toEqual([])
  await clock.advance(1_000)
  expect(ends).toEqual([{ outcome: 'unconfirmed' }, expect.objectContaining({ code: 'maybe-committed' })])
  expect(heard).toEqual(['one unconfirmed', 'two unconfirmed'])
})

test('news that comes a moment after the row is gone still says how it ended', async () => {
  const clock = manualClock()
  const store = sharedStore()
  const { lock } = sharedLock()
  const bus = sharedBus()
  const a = await rig({ clock, store, lock, bus: bus(), seed: 'a' })
  const slow = bus()
  const b = await rig({
    clock,
    store,
    lock,
    seed: 'b',
    bus: {
      post: slow.post,
      // Ends come late: the row is read again before they do.
      listen: (listener) =>
        slow.listen((news) => {
          if (news.ended.length > 0) clock.setTimeout(() => listener(news), 500)
          listener({ ...news, changed: [1], ended: [] })
        }),
    },
  })
  const { settled } = await b.add('one')
  a.last().ok()
  await clock.settle()
  expect(b.states()).toEqual([])
  await clock.advance(500)
  expect(await settled).toEqual({ outcome: 'confirmed', result: undefined })
  await clock.advance(1_000)
  expect(clock.pending()).toBe(0)
})
