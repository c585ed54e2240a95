import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createQueue, memoryStore, type Action, type QueueStore } from '../../src/queue/index.js'
import { row } from './fake-idb.js'
import { fakeConnection, rig } from './rig.js'
import { sharedLock } from './tabs.js'

/** Lets a store take its time, as a real one does. */
async function hops(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve))
}

/** A store with these rows that takes its time, and counts what it has handed over. */
async function largeStore(rows: readonly Action[]) {
  const memory = memoryStore()
  await memory.write({ scope: 'ann', positions: [], durability: 'relaxed' }, (draft) => {
    for (const one of rows) draft.put(one)
    draft.meta = { ...draft.meta, position: rows.length }
  })
  const read = { rows: 0, largest: 0 }
  const store: QueueStore = {
    ...memory,
    name: 'large',
    open: async () => ({ persisted: true }),
    async load(scope, take, range) {
      await hops(5)
      const count = (page: readonly unknown[]) => {
        read.rows += page.length
        read.largest = Math.max(read.largest, page.length)
        take(page)
      }
      await memory.load(scope, count, range)
    },
    async write(about, work) {
      await hops(5)
      await memory.write(about, work)
    },
  }
  return { store, read }
}

test('P11 the first of 10,000 actions is sent when a few of them have been read; all are shown soon', async () => {
  const large = await largeStore(Array.from({ length: 10_000 }, (_, n) => row(n + 1)))
  let readByThen = 0
  const order = {
    honoursKeys: true,
    send: () => {
      readByThen ||= large.read.rows
      return new Promise(() => {})
    },
  }
  const clock = manualClock()
  const queue = createQueue({
    connection: fakeConnection(clock),
    store: large.store,
    scope: 'ann',
    lock: sharedLock().lock,
    bus: null,
    handlers: { order },
  })
  queue.start()
  await clock.settle()
  expect(readByThen).toBeGreaterThan(0)
  expect(readByThen).toBeLessThan(500)
  expect(queue.facts).toMatchObject({ waiting: 9_999, sending: 1 })
  expect(large.read.largest).toBe(1_024)
  queue.stop()
})

test('I05 while rows are still being read, only what cannot depend on them is sent, in its order', async () => {
  const rows = Array.from({ length: 100 }, (_, n) => row(n + 1))
  // The second lane begins with one that follows the last row of all: that one was tried again, and moved there.
  rows[1] = { ...rows[1]!, lane: 'second', after: ['ann-100'] }
  rows[2] = { ...rows[2]!, lane: 'second' }
  const large = await largeStore(rows)
  const desk = await rig({ store: large.store, lock: sharedLock().lock, bus: null })
  expect(desk.calls.map(({ key }) => key)).toEqual(['1', '3'])
  desk.queue.stop()
})

test('I04 what was being sent when the page died is found on every page, and sent again under its key', async () => {
  const rows = Array.from({ length: 200 }, (_, n) => row(n + 1))
  const clock = manualClock()
  const sending = { claim: { owner: 'dead', number: 1 }, attempts: 1, firstSentAt: clock.now() }
  for (const index of [0, 150])
    rows[index] = {
      ...rows[index]!,
      ...sending,
      lane: `${index}`,
      state: { name: 'sending', from: 'queued' },
    }
  const large = await largeStore(rows)
  const desk = await rig({ clock, store: large.store, lock: sharedLock().lock, bus: null })
  expect(desk.calls.map(({ key, attempt }) => [key, attempt])).toEqual([
    ['1', 2],
    ['2', 1],
    ['151', 2],
  ])
  desk.queue.stop()
})

test('failures that were there before are no news, on whichever page they are', async () => {
  const rows = Array.from({ length: 100 }, (_, n) => row(n + 1))
  for (const index of [0, 90]) rows[index] = { ...rows[index]!, state: { name: 'failed', why: 'rejected' } }
  const large = await largeStore(rows)
  const settled: string[] = []
  const clock = manualClock()
  const queue = createQueue({
    connection: fakeConnection(clock),
    store: large.store,
    scope: 'ann',
    lock: sharedLock().lock,
    bus: null,
    handlers: { order: () => new Promise(() => {}) },
  })
  queue.onSettled(({ action }) => settled.push(action.id))
  queue.start()
  await clock.settle()
  expect(queue.facts).toMatchObject({ failed: 2 })
  expect(settled).toEqual([])
  queue.stop()
})

test('a store that cannot be read for a while is tried again, and no rejection is left unheard', async () => {
  const heard: unknown[] = []
  const hear = (error: unknown) => void heard.push(error)
  process.on('unhandledRejection', hear)
  const memory = memoryStore()
  let failures = 2
  const store: QueueStore = {
    ...memory,
    load: (...given) => (failures-- > 0 ? Promise.reject(new Error('denied')) : memory.load(...given)),
  }
  const desk = await rig({ store })
  await desk.clock.advance(5_000)
  await desk.add('one')
  // Node tells of them when the turn is over.
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', hear)
  expect([desk.sent(), heard]).toEqual([['one'], []])
})
