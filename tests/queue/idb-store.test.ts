import { IDBFactory } from 'fake-indexeddb'
import * as fake from 'fake-indexeddb'
import { expect, test, vi } from 'vitest'
import { systemClock } from '../../src/core/clock.js'
import { indexedDbStore, memoryStore, type Action } from '../../src/queue/index.js'
import { about, held, row, useFakeIndexedDb } from './fake-idb.js'
import { rig } from './rig.js'

useFakeIndexedDb()

test('an accepted action survives the page: order, key and payload are the same afterwards (ux-41, I03)', async () => {
  const before = await rig({ store: indexedDbStore(), lock: null, bus: null })
  before.connection.down()
  for (const label of ['one', 'two', 'three']) await before.add(label)
  const { actions } = before.queue
  expect(before.queue.facts.persisted).toBe(true)
  before.queue.stop()
  await before.clock.advance(15_000)
  const after = await rig({ store: indexedDbStore(), clock: before.clock, seed: 2, lock: null, bus: null })
  expect(after.sent()).toEqual(['one'])
  for (const _ of actions) {
    after.last().ok()
    await after.clock.settle()
  }
  expect(after.calls.map(({ key }) => key)).toEqual(actions.map(({ key }) => key))
  expect(after.states()).toEqual([])
  after.queue.stop()
})

test('accepting is strict, marking relaxed, and a thousand enqueues of a turn take one transaction (P9)', async () => {
  const transaction = vi.spyOn(fake.IDBDatabase.prototype, 'transaction')
  const desk = await rig({ store: indexedDbStore(), lock: held, bus: null })
  desk.connection.down()
  const writes = () =>
    transaction.mock.calls
      .filter(([, mode]) => mode === 'readwrite')
      .map(([, , options]) => (options as { durability: string }).durability)
  const before = writes().length
  await Promise.all(
    Array.from({ length: 1_000 }, (_, n) =>
      desk.queue.enqueue({ handler: 'order', payload: n, label: `${n}` }),
    ),
  )
  expect(writes().slice(before)).toEqual(['strict'])
  desk.connection.up()
  await desk.clock.settle()
  expect(writes().slice(before)).toEqual(['strict', 'relaxed'])
  desk.queue.stop()
})

test('rows come back in order, a page at a time, and only those of the scope', async () => {
  const store = indexedDbStore()
  await store.open(systemClock)
  await store.write(about, (draft) => {
    for (let position = 1; position <= 1_234; position++) draft.put(row(position))
  })
  await store.write({ ...about, scope: 'bob' }, (draft) => draft.put(row(7, 'bob')))
  const pages: number[][] = []
  await store.load('ann', (page) => pages.push((page as Action[]).map(({ position }) => position)))
  expect(pages.map(({ length }) => length)).toEqual([500, 500, 234])
  expect(pages.flat()).toEqual(Array.from({ length: 1_234 }, (_, n) => n + 1))
  store.close()
})

test.each([
  ['there is none', () => vi.stubGlobal('indexedDB', undefined)],
  [
    'it is denied',
    () =>
      vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
        throw new DOMException('denied', 'SecurityError')
      }),
  ],
])('where IndexedDB cannot be opened because %s, memory stands in and says so', async (_why, deny) => {
  deny()
  const desk = await rig({ store: indexedDbStore() })
  expect(desk.queue.facts).toMatchObject({ persisted: false, standIn: 'unavailable' })
  await desk.add('one')
  expect(desk.sent()).toEqual(['one'])
  desk.queue.stop()
})

test('a database that does not open in time is given up, and closed when it comes late', async () => {
  vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => new EventTarget() as IDBOpenDBRequest)
  const store = indexedDbStore({ openTimeoutMs: 5 })
  expect(await store.open(systemClock)).toEqual({ persisted: false, standIn: 'unavailable' })
})

test('an upgrade elsewhere is not blocked, and what is written after it was deleted is kept (I11)', async () => {
  const store = indexedDbStore()
  await store.open(systemClock)
  await store.write(about, (draft) => draft.put(row(1)))
  const deleting = indexedDB.deleteDatabase('holdfast')
  await new Promise((resolve, reject) => {
    deleting.onsuccess = resolve
    deleting.onerror = reject
  })
  await store.write(about, (draft) => draft.put(row(2)))
  expect(await store.read('ann', [1, 2])).toMatchObject([undefined, { position: 2 }])
  store.close()
})

test.each([
  ['QuotaExceededError', 'storage-full'],
  ['DataError', 'storage-failed'],
])('a put that fails with %s rejects %s, and nothing of the transaction stays (I02)', async (name, code) => {
  const store = indexedDbStore()
  await store.open(systemClock)
  const put = vi.spyOn(fake.IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
    throw new DOMException('no', name)
  })
  await expect(store.write(about, (draft) => draft.put(row(1)))).rejects.toMatchObject({ code })
  put.mockRestore()
  expect(await store.read('ann', [1])).toEqual([undefined])
  store.close()
})

test('a transaction that aborts when it should complete rejects, and nothing stays (I02)', async () => {
  const store = indexedDbStore()
  await store.open(systemClock)
  const { transaction } = fake.IDBDatabase.prototype
  vi.spyOn(fake.IDBDatabase.prototype, 'transaction').mockImplementationOnce(function (
    this: IDBDatabase,
    ...given
  ) {
    const tx = transaction.apply(this as never, given as never) as unknown as IDBTransaction
    tx.objectStore('actions').put({ ...row(9) }).onsuccess = () => setTimeout(() => {}, 0)
    queueMicrotask(() => queueMicrotask(() => tx.abort()))
    return tx as never
  })
  await expect(store.write(about, (draft) => draft.put(row(1)))).rejects.toMatchObject({
    code: 'storage-failed',
  })
  expect(await store.read('ann', [1, 9])).toEqual([undefined, undefined])
  store.close()
})

test('work that throws changes nothing', async () => {
  for (const store of [indexedDbStore(), memoryStore()]) {
    await store.open(systemClock)
    const write = store.write(about, (draft) => {
      draft.put(row(1))
      throw new Error('no')
    })
    await expect(write).rejects.toThrow()
    expect(await store.read('ann', [1])).toEqual([undefined])
    store.close()
  }
})

test('a bad option is refused by its name', () => {
  expect(() => indexedDbStore({ openTimeoutMs: -1 })).toThrow('openTimeoutMs')
  expect(() => indexedDbStore({ name: '' })).toThrow('name is ""')
  expect(() => indexedDbStore({ askToPersist: 'yes' as never })).toThrow('askToPersist is "yes"')
  expect(() => indexedDbStore({ version: 3 } as object)).toThrow('version')
})
