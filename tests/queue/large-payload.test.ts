import { expect, test } from 'vitest'
import { systemClock } from '../../src/core/clock.js'
import { indexedDbStore } from '../../src/queue/index.js'
import { about, done, held, row, useFakeIndexedDb } from './fake-idb.js'
import { rig } from './rig.js'
import { makeVersion1 } from './schemas/version-1.js'

useFakeIndexedDb()

const large = (position: number) => ({
  ...row(position),
  bytes: 100_000,
  payload: { photo: new Uint8Array(100_000).fill(position) },
})

/** The bytes of everything that is written from here on. */
async function written(work: () => Promise<void>): Promise<number> {
  const { put } = IDBObjectStore.prototype
  let bytes = 0
  IDBObjectStore.prototype.put = function putCounted(value: unknown, ...key) {
    const text = JSON.stringify(value, (_name, part: unknown) =>
      part instanceof Uint8Array ? [...part] : part,
    )
    bytes += text.length
    return put.call(this, value, ...key)
  }
  await work().finally(() => (IDBObjectStore.prototype.put = put))
  return bytes
}

const marked = { ...about, positions: [1] }

test('I02 I08 changing the state of an action with a large payload asks for no room for the payload', async () => {
  const store = indexedDbStore()
  await store.open(systemClock)
  await store.write(about, (draft) => draft.put(large(1)))
  const bytes = await written(() =>
    store.write(marked, (draft) => draft.put({ ...draft.row(1)!, attempts: 1, firstSentAt: 5 })),
  )
  expect(bytes).toBeLessThan(500)
  expect(await store.read('ann', [1])).toEqual([{ ...large(1), attempts: 1, firstSentAt: 5 }])
  store.close()
})

test('a payload that changes is written anew, one that becomes small moves into its row, and nothing is left behind', async () => {
  const store = indexedDbStore()
  await store.open(systemClock)
  await store.write(about, (draft) => [1, 2, 3].forEach((position) => draft.put(large(position))))
  const small = { ...row(1), payload: 'short' }
  await store.write({ ...about, positions: [1, 2] }, (draft) => {
    draft.put(small)
    draft.put({ ...draft.row(2)!, payload: large(9).payload })
  })
  await store.write(about, (draft) => draft.remove(3))
  const found: unknown[] = []
  await store.load('ann', (page) => void found.push(...page))
  expect(found).toEqual([small, { ...large(2), payload: large(9).payload }])
  const db = await done(indexedDB.open('holdfast'))
  expect(await done(db.transaction('payloads').objectStore('payloads').getAllKeys())).toEqual([['ann', 2]])
  db.close()
  store.close()
})

test('I11 a large payload that schema 1 left in its row is not lost when the row is written the next time', async () => {
  await makeVersion1()
  const old = await done(indexedDB.open('holdfast'))
  await done(old.transaction('actions', 'readwrite').objectStore('actions').put(large(1)))
  old.close()
  const store = indexedDbStore()
  await store.open(systemClock)
  for (const attempts of [1, 2]) {
    await store.write(marked, (draft) => draft.put({ ...draft.row(1)!, attempts }))
    expect(await store.read('ann', [1])).toEqual([{ ...large(1), attempts }])
  }
  store.close()
})

test('an action whose payload is lost is kept aside, and not sent without it', async () => {
  const store = indexedDbStore()
  await store.open(systemClock)
  await store.write(about, (draft) => draft.put(large(1)))
  const db = await done(indexedDB.open('holdfast'))
  await done(db.transaction('payloads', 'readwrite').objectStore('payloads').clear())
  db.close()
  store.close()
  const desk = await rig({ store: indexedDbStore(), lock: held, bus: null })
  expect(desk.queue.facts).toMatchObject({ waiting: 0, aside: 1 })
  expect(desk.sent()).toEqual([])
  desk.queue.stop()
})
