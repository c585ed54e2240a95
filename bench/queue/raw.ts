/** The floor: IndexedDB itself, one transaction for each item, and nothing else. */
import type { Contestant } from './contestant.js'
import { itemOf, type Item } from './items.js'

const STORE = 'items'

const result = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

const complete = (tx: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve()
    tx.onabort = () => reject(tx.error)
  })

function openDatabase(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'seq' })
  return result(request)
}

/** `relaxed` is what Chromium does when nobody says anything. */
export function raw(durability: 'strict' | 'relaxed'): Contestant {
  const write = (db: IDBDatabase, work: (store: IDBObjectStore) => void): Promise<void> => {
    const tx = db.transaction(STORE, 'readwrite', { durability })
    work(tx.objectStore(STORE))
    return complete(tx)
  }
  const read = (db: IDBDatabase, most?: number): Promise<Item[]> =>
    result(db.transaction(STORE).objectStore(STORE).getAll(null, most))

  return {
    async open(name) {
      const db = await openDatabase(name)
      await write(db, (store) => store.delete(0))
      return {
        enqueue: (seq) => write(db, (store) => store.put(itemOf(seq))),
        close: () => db.close(),
      }
    },
    async replay(name, service) {
      const db = await openDatabase(name)
      for (const item of await read(db)) {
        await service.take(item)
        await write(db, (store) => store.delete(item.seq))
      }
      db.close()
    },
    async fill(name, count) {
      const db = await openDatabase(name)
      await write(db, (store) => {
        for (let seq = 1; seq <= count; seq++) store.put(itemOf(seq))
      })
      db.close()
    },
    async reopen(name) {
      const startedAt = performance.now()
      const db = await openDatabase(name)
      const [first] = await read(db, 1)
      const ms = performance.now() - startedAt
      if (first?.seq !== 1) throw new Error(`the first one is ${first?.seq}`)
      db.close()
      return { knownMs: ms, sentMs: ms }
    },
  }
}
