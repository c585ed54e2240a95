/** A queue as one makes it of idb-keyval: a key for each item, in order, and each is deleted when it was sent. */
import { createStore, del, get, keys, set, setMany } from 'idb-keyval'
import type { Contestant } from './contestant.js'
import { itemOf, type Item } from './items.js'

export const keyval: Contestant = {
  async open(name) {
    const store = createStore(name, 'items')
    await del(0, store)
    return { enqueue: (seq) => set(seq, itemOf(seq), store), close: () => {} }
  },
  async replay(name, service) {
    const store = createStore(name, 'items')
    for (const key of await keys<number>(store)) {
      await service.take((await get<Item>(key, store))!)
      await del(key, store)
    }
  },
  fill: (name, count) =>
    setMany(
      Array.from({ length: count }, (_, n) => [n + 1, itemOf(n + 1)]),
      createStore(name, 'items'),
    ),
  async reopen(name) {
    const startedAt = performance.now()
    const store = createStore(name, 'items')
    const [first] = await keys<number>(store)
    const item = await get<Item>(first!, store)
    const ms = performance.now() - startedAt
    if (item?.seq !== 1) throw new Error(`the first one is ${item?.seq}`)
    return { knownMs: ms, sentMs: ms }
  },
}
