import { forceCloseDatabase, IDBDatabase, IDBFactory, IDBObjectStore, IDBTransaction } from 'fake-indexeddb'
import { expect, test, vi } from 'vitest'
import { systemClock } from '../../src/core/clock.js'
import { indexedDbStore } from '../../src/queue/index.js'
import { about, held, row, useFakeIndexedDb } from './fake-idb.js'
import { rig } from './rig.js'

useFakeIndexedDb()

/** The connections that were opened, in order. */
function connections() {
  const all: IDBDatabase[] = []
  const { open } = IDBFactory.prototype
  vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(function (this: IDBFactory, ...given) {
    const opening = open.apply(this, given)
    opening.addEventListener('success', () => all.push(opening.result as never))
    return opening
  })
  return all
}

async function openStore() {
  const all = connections()
  const store = indexedDbStore()
  await store.open(systemClock)
  return { all, store }
}

test('a connection that was closed under us is opened again, for reading and for writing (I01)', async () => {
  const { all, store } = await openStore()
  await store.write(about, (draft) => draft.put(row(1)))
  forceCloseDatabase(all[0] as never)
  await store.write(about, (draft) => draft.put(row(2)))
  forceCloseDatabase(all[1] as never)
  expect(await store.read('ann', [1, 2])).toMatchObject([{ position: 1 }, { position: 2 }])
  expect(all).toHaveLength(3)
  store.close()
})

test.each(['InvalidStateError', 'UnknownError'])(
  'a connection that is lost without a close event is known by its %s, and the work is done again',
  async (name) => {
    const { all, store } = await openStore()
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
      throw new DOMException('Connection to Indexed Database server lost', name)
    })
    await store.write(about, (draft) => draft.put(row(1)))
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
      throw new DOMException('Connection to Indexed Database server lost', name)
    })
    expect(await store.read('ann', [1])).toMatchObject([{ position: 1 }])
    expect(all).toHaveLength(3)
    store.close()
  },
)

test('an interrupted transaction is done again from what the store holds then (I02)', async () => {
  const { all, store } = await openStore()
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
    throw new DOMException('lost', 'UnknownError')
  })
  let runs = 0
  await store.write({ ...about, positions: [1] }, (draft) => {
    runs++
    draft.put({ ...row(1), attempts: (draft.row(1)?.attempts ?? 0) + 1 })
  })
  expect([runs, all.length]).toEqual([2, 2])
  expect(await store.read('ann', [1])).toMatchObject([{ attempts: 1 }])
  store.close()
})

test('a connection lost between the commit and the news of it: nothing is accepted twice (I01, I02)', async () => {
  const { all, store } = await openStore()
  let runs = 0
  const { dispatchEvent } = IDBTransaction.prototype
  vi.spyOn(IDBTransaction.prototype, 'dispatchEvent').mockImplementation(function (
    this: IDBTransaction,
    event,
  ) {
    if (event.type !== 'complete' || runs !== 1 || this.mode !== 'readwrite')
      return dispatchEvent.call(this, event)
    // It is on the disk, and what the page hears is the end of the connection.
    Object.defineProperty(this, 'error', { value: new DOMException('lost', 'UnknownError') })
    return dispatchEvent.call(this, Object.assign(event, { type: 'abort' }))
  })
  await store.write(about, (draft) => {
    runs++
    const position = draft.meta.position + 1
    draft.meta = { ...draft.meta, position }
    draft.put(row(position))
  })
  expect(runs).toBe(1)
  expect(await store.read('ann', [1, 2])).toMatchObject([{ position: 1 }, undefined])
  expect(all).toHaveLength(2)
  store.close()
})

test('a connection that is lost again and again is a refusal, not a loop (I02)', async () => {
  const { store } = await openStore()
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
    throw new DOMException('lost', 'InvalidStateError')
  })
  await expect(store.write(about, (draft) => draft.put(row(1)))).rejects.toMatchObject({
    name: expect.stringMatching(/InvalidStateError|HoldfastError/) as string,
  })
  store.close()
})

test('a queue whose connection is lost goes on: what was accepted is sent, what comes is kept (I01)', async () => {
  const all = connections()
  const desk = await rig({ store: indexedDbStore(), lock: held, bus: null })
  desk.connection.down()
  await desk.add('one')
  forceCloseDatabase(all[0] as never)
  await desk.add('two')
  desk.connection.up()
  await desk.clock.settle()
  desk.last().ok()
  await desk.clock.settle()
  expect(desk.sent()).toEqual(['one', 'two'])
  expect(desk.queue.facts.persisted).toBe(true)
  desk.queue.stop()
})

test('a full device is told with what the browser says about room, and what was kept stays (I08, I11)', async () => {
  vi.stubGlobal('navigator', { storage: { estimate: async () => ({ usage: 9, quota: 10 }) } })
  const desk = await rig({ store: indexedDbStore(), lock: held, bus: null })
  desk.connection.down()
  await desk.add('one')
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
    throw new DOMException('no room', 'QuotaExceededError')
  })
  await expect(desk.add('two')).rejects.toThrow('9 of 10 bytes are used [storage-full]')
  expect(desk.states()).toEqual(['one queued'])
  desk.queue.stop()
})

test('the browser is asked once to keep what is kept: after the first accepted action that follows a gesture', async () => {
  const persist = vi.fn(() => new Promise<boolean>(() => {}))
  const userActivation = { hasBeenActive: false }
  vi.stubGlobal('navigator', { storage: { persist }, userActivation })
  const desk = await rig({ store: indexedDbStore(), lock: held, bus: null })
  await desk.add('before any gesture')
  expect(persist).not.toHaveBeenCalled()
  userActivation.hasBeenActive = true
  await desk.add('one')
  await desk.add('two')
  expect(persist).toHaveBeenCalledTimes(1)
  desk.queue.stop()
  const quiet = await rig({
    store: indexedDbStore({ name: 'other', askToPersist: false }),
    lock: held,
    bus: null,
  })
  await quiet.add('one')
  expect(persist).toHaveBeenCalledTimes(1)
  quiet.queue.stop()
})
