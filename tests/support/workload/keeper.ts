/** The client of the workload that uses the kit: its connection, its fetch, and its queue on a real IndexedDB. */
import type { Network } from '../../../mocks/network.js'
import { seededRandom } from '../../../mocks/random.js'
import { sleep } from '../../../src/core/clock.js'
import { attachFetch, sendFetch } from '../../../src/http/fetch.js'
import { createConnection, probe } from '../../../src/index.js'
import { createQueue, indexedDbStore, type LockPort } from '../../../src/queue/index.js'
import type { World } from './clients.js'
import { BASE } from './server.js'

/** There is one page. */
const noRivals: LockPort = {
  hold(_name, onChange) {
    onChange(true)
    return () => {}
  },
}

/** What it did. */
export interface Keeper {
  /** Writes an order each so many ms until it is over, and resolves when nothing is left to send. */
  write(everyMs: number): Promise<void>
  /** How many writes were accepted, and how many are confirmed. */
  readonly counts: { readonly accepted: number; readonly confirmed: number }
  stop(): Promise<void>
}

/** Makes it, with a database of its own. */
export function createKeeper(network: Network, world: World, seed: number, name: string): Keeper {
  const { clock, fetch, isOver } = world
  const connection = createConnection({
    probe: probe(`${BASE}/health`, { fetch }),
    signals: [network.signals],
    clock,
    random: seededRandom(`keeper/${seed}`),
  })
  const http = attachFetch(fetch, { connection, origins: [BASE], idempotency: 'honoured' })
  const queue = createQueue({
    ...{ connection, scope: 'workload', lock: noRivals, bus: null },
    store: indexedDbStore({ name, askToPersist: false }),
    handlers: { request: { honoursKeys: true, send: sendFetch(http.fetch) } },
  })
  const counts = { accepted: 0, confirmed: 0 }
  const deaf = queue.onSettled(({ ended }) => {
    if (ended.outcome === 'confirmed') counts.confirmed++
  })
  connection.start()
  const stopQueue = queue.start()

  return {
    counts,
    async write(everyMs) {
      while (!isOver()) {
        const qty = (counts.accepted % 9) + 1
        const data = JSON.stringify({ item: 'rope', qty })
        const headers = { 'Content-Type': 'application/json' }
        const payload = { method: 'post', url: `${BASE}/orders`, headers, data }
        await queue.enqueue({ handler: 'request', label: `Order ${counts.accepted + 1}`, payload })
        counts.accepted++
        await sleep(clock, everyMs)
      }
      while (queue.actions.length > 0) await sleep(clock, everyMs)
    },
    async stop() {
      deaf()
      stopQueue()
      http.detach()
      connection.stop()
      indexedDB.deleteDatabase(name)
    },
  }
}
