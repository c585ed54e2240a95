/**
 * workbox-background-sync where it belongs, in a service worker, as it is. Its replay is asked for, not left to the
 * browser's sync event, which comes when it likes; that event is not registered either, which is kind to it.
 */
import { Queue } from 'workbox-background-sync'
import type { Contestant } from './contestant.js'
import { itemOf, type Item, type Service } from './items.js'

declare const self: { fetch: typeof fetch }

const URL_OF_SERVICE = '/orders'

const requestOf = (seq: number) =>
  new Request(URL_OF_SERVICE, { method: 'POST', body: JSON.stringify(itemOf(seq)) })

/** A name can be had once in a worker's life; all queues share one database, and that is empty between them. */
const queues = new Map<string, Queue>()
const queueOf = (name: string): Queue => {
  const queue = queues.get(name) ?? new Queue(name, { forceSyncFallback: true, onSync: () => {} })
  queues.set(name, queue)
  return queue
}

/** Workbox calls the global one: this answers at once. */
function answerWith(service: Service): void {
  self.fetch = async (request) => {
    await service.take((await (request as Request).json()) as Item)
    return new Response(null, { status: 201 })
  }
}

export const workbox: Contestant = {
  async open(name) {
    const queue = queueOf(name)
    await queue.size()
    return { enqueue: (seq) => queue.pushRequest({ request: requestOf(seq) }), close: () => {} }
  },
  async replay(name, service) {
    answerWith(service)
    await queueOf(name).replayRequests()
  },
  async fill(name, count) {
    const queue = queueOf(name)
    for (let seq = 1; seq <= count;) {
      const some = Array.from({ length: Math.min(1_000, count - seq + 1) }, () => requestOf(seq++))
      await Promise.all(some.map((request) => queue.pushRequest({ request })))
    }
  },
  async reopen(name) {
    const queue = queueOf(name)
    const startedAt = performance.now()
    const entry = await queue.shiftRequest()
    const item = (await entry!.request.json()) as Item
    const ms = performance.now() - startedAt
    // As it was before.
    await queue.unshiftRequest({ request: requestOf(1) })
    if (item.seq !== 1) throw new Error(`the first one is ${item.seq}`)
    return { knownMs: ms, sentMs: ms }
  },
}
