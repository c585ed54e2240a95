import { IDBFactory } from 'fake-indexeddb'
import * as fake from 'fake-indexeddb'
import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { indexedDbStore, type Action, type QueueStore } from '../../src/queue/index.js'
import { countedStore, rig } from './rig.js'
import { sharedBus, sharedLock, sharedStore, twoTabs } from './tabs.js'

test('a store that is cleared under a living tab gets its rows back, and all of them are sent in order (B19, I10)', async () => {
  const clock = manualClock()
  const store = sharedStore()
  const desk = await rig({ clock, store, lock: sharedLock().lock, bus: null })
  desk.connection.down()
  const old = await desk.add('old')
  store.clear()
  const fresh = await desk.add('new')
  expect(desk.states()).toEqual(['old queued', 'new queued'])
  // No place is given out again.
  expect(desk.queue.actions.map(({ position }) => position)).toEqual([1, 2])
  expect(await store.read('ann', [1, 2])).toEqual(desk.queue.actions)
  desk.connection.up()
  for (let n = 0; n < 2; n++) {
    await clock.settle()
    desk.last().ok()
  }
  await clock.settle()
  expect(desk.sent()).toEqual(['old', 'new'])
  expect([await old.settled, await fresh.settled].map(({ outcome }) => outcome)).toEqual([
    'confirmed',
    'confirmed',
  ])
})

test('IndexedDB that is deleted under a living tab is the same', async () => {
  Object.assign(
    globalThis,
    Object.fromEntries(Object.entries(fake).filter(([name]) => name.startsWith('IDB'))),
  )
  Object.assign(globalThis, { indexedDB: new IDBFactory() })
  const clock = manualClock()
  const desk = await rig({ clock, store: indexedDbStore(), lock: sharedLock().lock, bus: null })
  desk.connection.down()
  await desk.add('old')
  await new Promise((resolve) => (indexedDB.deleteDatabase('holdfast').onsuccess = resolve))
  await desk.add('new')
  desk.connection.up()
  await clock.settle()
  desk.last().ok()
  await clock.settle()
  expect(desk.sent()).toEqual(['old', 'new'])
  desk.queue.stop()
  await clock.settle()
})

test('what is in flight when the store is cleared ends by its own answer (I10, I04)', async () => {
  const clock = manualClock()
  const store = sharedStore()
  const desk = await rig({ clock, store, lock: sharedLock().lock, bus: null })
  const { settled } = await desk.add('one', { handler: 'mail' })
  store.clear()
  desk.last().status(422)
  await clock.settle()
  expect(await settled).toMatchObject({ outcome: 'failed', why: 'rejected', status: 422 })
  expect(await store.read('ann', [1])).toEqual(desk.queue.actions)
})

test('two tabs over a cleared store put each row back once (I01, I10)', async () => {
  const { a, b, clock, store } = await twoTabs(sharedLock().lock)
  a.connection.down()
  b.connection.down()
  await a.add('one')
  await b.add('two')
  store.clear()
  await Promise.all([a.add('three'), b.add('four')])
  await clock.settle()
  expect(a.queue.actions.map(({ label }) => label).sort()).toEqual(['four', 'one', 'three', 'two'])
  expect(b.states()).toEqual(a.states())
  const ids = a.queue.actions.map(({ id }) => id)
  expect(new Set(ids).size).toBe(4)
})

test('a tab that reads while the other one puts back sees it, and puts nothing back twice (I01, I10)', async () => {
  const clock = manualClock()
  const base = sharedStore()
  const { lock } = sharedLock()
  const bus = sharedBus()
  const a = await rig({ clock, store: base, lock, bus: bus(), seed: 'a' })
  let meanwhile: (() => Promise<unknown>) | null = null
  const store: QueueStore = {
    ...base,
    async load(scope, take) {
      await base.load(scope, take)
      const act = meanwhile
      meanwhile = null
      await act?.()
    },
  }
  // It hears nothing: only the store can tell it.
  const b = await rig({ clock, store, lock, bus: null, seed: 'b' })
  a.connection.down()
  await a.add('one')
  b.connection.down()
  await b.add('two')
  await a.queue.enqueue({ handler: 'order', payload: {}, label: 'three' })
  base.clear()
  meanwhile = () => a.queue.enqueue({ handler: 'order', payload: {}, label: 'four' })
  await b.add('five')
  const rows: unknown[] = []
  await base.load('ann', (page) => void rows.push(...page))
  expect(rows.map((row) => (row as Action).label)).toEqual(['one', 'two', 'three', 'four', 'five'])
})

test('a store that was cleared and has been filled as far again by others is found out by its terms (I10)', async () => {
  const clock = manualClock()
  const store = sharedStore()
  const { lock } = sharedLock()
  const desk = await rig({ clock, store, lock, bus: null, seed: 'a' })
  // Its term is the second one.
  desk.queue.release()()
  await clock.settle()
  desk.connection.down()
  await desk.add('old')
  store.clear()
  const other = await rig({ clock, store, lock: sharedLock().lock, bus: null, seed: 'b' })
  other.connection.down()
  await other.add('stranger')
  await desk.add('new')
  expect(desk.states()).toEqual(['stranger queued', 'old queued', 'new queued'])
})

test('a row whose place a stranger has taken since goes to the end; the stranger is known as well (I10)', async () => {
  const clock = manualClock()
  const store = sharedStore()
  const bus = sharedBus()
  const desk = await rig({ clock, store, lock: sharedLock().lock, bus: bus(), seed: 'a' })
  desk.connection.down()
  await desk.add('old')
  store.clear()
  // A page of the same application that was opened after it; its lock went with the browser's data.
  const other = await rig({ clock, store, lock: sharedLock().lock, bus: bus(), seed: 'b' })
  other.connection.down()
  await other.add('stranger')
  await desk.add('new')
  expect(desk.states()).toEqual(['stranger queued', 'old queued', 'new queued'])
  expect(other.states()).toEqual(desk.states())
})

test('rows that the store does not take back are kept at hand, and put back as soon as it does (I10)', async () => {
  const clock = manualClock()
  const shared = sharedStore()
  const store = countedStore(shared)
  const desk = await rig({ clock, store, lock: sharedLock().lock, bus: null })
  desk.connection.down()
  await desk.add('old')
  shared.clear()
  const { writes } = store
  // The transaction that notices goes well, the one that puts back does not.
  const from = writes.length
  store.refuse = () => (writes.length === from + 2 ? new Error('no room') : undefined)
  await expect(desk.queue.enqueue({ handler: 'order', payload: {}, label: 'new' })).rejects.toThrow('no room')
  expect(desk.states()).toEqual(['old queued'])
  desk.connection.up()
  await clock.settle()
  expect(desk.sent()).toEqual(['old'])
})

test('a tab that lost its term asks again, at the end of the line: no dead end (I07)', async () => {
  const { lock, steal } = sharedLock()
  const { a, b, clock } = await twoTabs(lock)
  steal()
  await clock.settle()
  await a.add('one')
  expect([a.sent(), b.sent()]).toEqual([[], ['one']])
  b.last().ok()
  await clock.settle()
  await clock.advance(1_000)
  b.queue.stop()
  await clock.settle()
  await a.add('two')
  expect(a.sent()).toEqual(['two'])
})
