/**
 * A little workload that gives the same log wherever it runs: 100 virtual seconds, three clients, most of the
 * faults, two restarts, and a real IndexedDB write in between. Node, a story and a page compare its hash.
 */
import type { Clock } from '../src/core/clock.js'
import { sleep } from '../src/core/clock.js'
import type { LogEntry } from './log.js'
import { manualClock } from './manual-clock.js'
import { createNetwork, type Network } from './network.js'
import { createOrderApi } from './order-api.js'
import type { Scenario } from './scenario.js'

/** What the workload is run with. */
export interface WorkloadOptions {
  /** Where the real writes go: `fake-indexeddb` in Node. Default: the page's. */
  readonly indexedDB?: IDBFactory
  /** Default: 7. */
  readonly seed?: number
  /** False shows what an untracked hop does to the log. Default: true. */
  readonly tracks?: boolean
  /** Which way requests leave. Default: `network.fetch`. */
  readonly fetch?: (network: Network) => typeof globalThis.fetch
  /** Called with the network before the first request, for installers; its stop is called at the end. */
  readonly install?: (network: Network) => () => void
}

/** What came of it. */
export interface WorkloadResult {
  readonly hash: string
  readonly log: readonly LogEntry[]
  /** Timers that were left over: 0. */
  readonly pendingTimers: number
}

/** The hash of the log with the default options, wherever it runs. Changes only when the simulator does. */
export const WORKLOAD_HASH = '589f2382b9038c5e'

const HOST = 'api.example'
const LENGTH_MS = 100_000

/** A bit of everything. */
const storm: Scenario = {
  name: 'Storm',
  sentence: 'A bit of everything within a minute and a half.',
  steps: [
    { atMs: 0, do: { type: 'latency', ms: 120, jitterMs: 110 } },
    { atMs: 5000, do: { type: 'flaky', probability: 0.3, fault: { type: 'refuse' } }, forMs: 15_000 },
    { atMs: 22_000, do: { type: 'blackhole' }, forMs: 7000 },
    { atMs: 33_000, do: { type: 'offline' }, forMs: 4000 },
    { atMs: 40_000, do: { type: 'failTimes', n: 3, fault: { type: 'status', code: 500 } }, forMs: 4000 },
    { atMs: 45_000, do: { type: 'reset', only: { method: 'POST' } }, forMs: 3000 },
    { atMs: 52_000, do: { type: 'restart.graceful', drainMs: 2000, downMs: 4000, warmMs: 3000 } },
    { atMs: 65_000, do: { type: 'portal' }, forMs: 2000 },
    { atMs: 72_000, do: { type: 'restart.kill', downMs: 5000 } },
    { atMs: 85_000, do: { type: 'status', code: 503, retryAfter: 2 }, forMs: 3000 },
  ],
}

/** Runs the workload once, as fast as it goes. */
export async function runWorkload(options: WorkloadOptions = {}): Promise<WorkloadResult> {
  const { seed = 7, tracks = true, indexedDB = globalThis.indexedDB } = options
  const clock = manualClock()
  const api = createOrderApi({ base: `https://${HOST}`, work: () => network.delay(35) })
  const network: Network = createNetwork({ clock, seed, hosts: [HOST], handlers: api.handlers })
  const uninstall = options.install?.(network) ?? (() => {})
  const send = options.fetch?.(network) ?? network.fetch
  const database = await openDatabase(indexedDB)
  const untracked: Clock = { ...clock, track: (promise) => promise }
  const stopAt = clock.now() + LENGTH_MS - 10_000
  const client = { clock, send, database, hops: tracks ? clock : untracked, stopAt }

  network.run(storm)
  let running = 3
  const clients = [browse(client, 700), browse(client, 1100), order(client, 900)]
  for (const one of clients) void one.finally(() => running--)
  await clock.advance(LENGTH_MS)
  network.calm()
  while (running > 0) await clock.advance(1000)
  const result = { hash: network.logHash(), log: network.log, pendingTimers: clock.pending() }
  network.dispose()
  uninstall()
  database.close()
  return result
}

interface Client {
  readonly clock: Clock
  readonly send: typeof globalThis.fetch
  readonly database: IDBDatabase
  /** The clock that hears of real hops. */
  readonly hops: Clock
  readonly stopAt: number
}

/** Asks again and again; whatever comes, the next question is asked after a pause. */
async function browse({ clock, send, stopAt }: Client, everyMs: number): Promise<void> {
  while (clock.now() < stopAt) {
    await withTimeout(clock, 3000, (signal) => send(`https://${HOST}/orders`, { signal })).catch(() => {})
    await sleep(clock, everyMs)
  }
}

/** Writes to the database first, then sends; a failed one is sent again with the same key. */
async function order({ clock, send, database, hops, stopAt }: Client, everyMs: number): Promise<void> {
  for (let key = 1; clock.now() < stopAt;) {
    await hops.track(write(database, key))
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': `"key-${key}"` }
    const body = JSON.stringify({ item: 'rope', qty: (key % 9) + 1 })
    const init = { method: 'POST', headers, body }
    const answer = await withTimeout(clock, 4000, (signal) =>
      send(`https://${HOST}/orders`, { ...init, signal }),
    ).catch(() => null)
    if (answer?.status === 201) key++
    await sleep(clock, everyMs)
  }
}

async function withTimeout(
  clock: Clock,
  timeoutMs: number,
  ask: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const controller = new AbortController()
  const cancel = clock.setTimeout(() => controller.abort(), timeoutMs)
  try {
    const answer = await ask(controller.signal)
    await answer.text()
    return answer
  } finally {
    cancel()
  }
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = factory.open('holdfast-workload', 1)
    opening.onupgradeneeded = () => void opening.result.createObjectStore('writes')
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error ?? new Error('The database cannot be opened'))
  })
}

function write(database: IDBDatabase, key: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction('writes', 'readwrite')
    transaction.objectStore('writes').put({ key }, key)
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('The write was aborted'))
  })
}
