/** The kit's queue on its own store, with a connection whose service is there or not. */
import { createConnection } from '../../src/index.js'
import { createQueue, indexedDbStore, type Action, type Queue } from '../../src/queue/index.js'
import type { Contestant } from './contestant.js'
import { itemOf, type Item } from './items.js'

const SCOPE = 'bench'
const PAGE_OF_ROWS = 5_000

/** Started; resolves when it knows whether the service is there. */
async function connect(isUp: boolean) {
  const connection = createConnection({ probe: async () => ({ kind: isUp ? 'good' : 'failed' }) })
  connection.start()
  const name = isUp ? 'online' : 'waiting'
  await new Promise<void>((resolve) => {
    const look = () => connection.state.link.name === name && resolve()
    connection.subscribe(look)
    look()
  })
  return connection
}

type Send = (item: Item) => Promise<unknown>

function queueIn(db: string, connection: Awaited<ReturnType<typeof connect>>, send: Send): Queue {
  const order = { honoursKeys: true, send: ({ payload }: { payload: unknown }) => send(payload as Item) }
  const store = indexedDbStore({ name: db, askToPersist: false })
  return createQueue({ connection, store, scope: SCOPE, handlers: { order } })
}

const requestOf = (seq: number) => ({ handler: 'order', payload: itemOf(seq), label: `Order ${seq}` })

/** As it is kept, and never sent. */
const rowOf = (seq: number): Action => ({
  ...{ id: `bench-${seq}`, key: `key-${seq}`, handler: 'order', payload: itemOf(seq), lane: 'main' },
  ...{ scope: SCOPE, label: `Order ${seq}`, after: [], createdAt: Date.now(), expiresAt: null },
  ...{ position: seq, firstSentAt: null, attempts: 0, claim: null, bytes: 300, version: 1 },
  state: { name: 'queued' },
})

/** Written through the store itself, so that they are as the queue would have left them. */
async function keep(db: string, first: number, last: number): Promise<void> {
  const store = indexedDbStore({ name: db, askToPersist: false })
  await store.write({ scope: SCOPE, positions: [], durability: 'relaxed' }, (draft) => {
    for (let seq = first; seq <= last; seq++) draft.put(rowOf(seq))
    draft.meta = { ...draft.meta, position: Math.max(draft.meta.position, last) }
  })
  store.close()
}

export const holdfast: Contestant = {
  async open(db) {
    const connection = await connect(false)
    const queue = queueIn(db, connection, async () => {})
    queue.start()
    // The first one waits until everything is open; nothing of it is kept.
    const { id } = await queue.enqueue(requestOf(0))
    await queue.discard(id)
    return {
      enqueue: (seq) => queue.enqueue(requestOf(seq)),
      close() {
        queue.stop()
        connection.stop()
      },
    }
  },
  async replay(db, service) {
    const connection = await connect(true)
    const queue = queueIn(db, connection, service.take)
    const isEmpty = new Promise<void>((resolve) => {
      let wasFull = false
      queue.onChange(({ length }) => {
        wasFull ||= length > 0
        if (wasFull && length === 0) resolve()
      })
    })
    queue.start()
    await isEmpty
    queue.stop()
    connection.stop()
  },
  async fill(db, count) {
    for (let first = 1; first <= count; first += PAGE_OF_ROWS) {
      await keep(db, first, Math.min(count, first + PAGE_OF_ROWS - 1))
    }
  },
  async reopen(db) {
    const connection = await connect(true)
    let [knownMs, isSent] = [0, (_item: Item) => {}]
    const sent = new Promise<Item>((resolve) => (isSent = resolve))
    const startedAt = performance.now()
    const queue = queueIn(db, connection, (item) => {
      isSent(item)
      return new Promise(() => {})
    })
    queue.onChange(({ length }) => {
      if (length > 0) knownMs ||= performance.now() - startedAt
    })
    queue.start()
    const { seq } = await sent
    const sentMs = performance.now() - startedAt
    queue.stop()
    connection.stop()
    if (seq !== 1) throw new Error(`the first one is ${seq}`)
    // As it was before: it was being sent.
    await keep(db, 1, 1)
    return { knownMs, sentMs }
  },
}
