import { expect, test, vi } from 'vitest'
import { useFakeIndexedDb } from '../queue/fake-idb.js'

useFakeIndexedDb()

/** What the bench measures counts the transactions of whatever IndexedDB is there when it is loaded. */
async function bench() {
  vi.resetModules()
  return {
    ...(await import('../../bench/queue/contestant.js')),
    ...(await import('../../bench/queue/holdfast.js')),
    ...(await import('../../bench/queue/items.js')),
    ...(await import('../../bench/queue/online.js')),
  }
}

test('P9 P10 a thousand enqueued at once take one transaction in all, and two each when they are sent, in order and once', async () => {
  const { measureEnqueue, measureReplay, holdfast, createService } = await bench()
  const kept = await measureEnqueue(holdfast, 'kept', 1_000)
  expect(kept.transactions).toBe(1)
  // Throws unless each of them was applied once, in order.
  const sent = await measureReplay(holdfast, 'kept', 1_000, createService())
  expect(sent.transactions).toBeGreaterThanOrEqual(2_000)
  expect(sent.transactions).toBeLessThan(2_020)
})

test('P9 a durable write while online costs three transactions, and none without the queue', async () => {
  const { measureOnline } = await bench()
  const costs = await measureOnline('online', 10)
  expect(Object.values(costs).map(({ transactions }) => transactions)).toEqual([0, 0, 3])
})
