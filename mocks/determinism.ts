/**
 * A little workload that gives the same log wherever it runs: 100 virtual seconds, four clients, a stream of
 * events, most of the faults, two restarts, and a real IndexedDB write in between. Node, a story and a page
 * compare its hash.
 */
import type { Clock } from '../src/core/clock.js'
import { browse, follow, openDatabase, order, ticks, type Client } from './determinism-clients.js'
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
export const WORKLOAD_HASH = '021143581171217c'

const HOST = 'api.example'
const BASE = `https://${HOST}`
const LENGTH_MS = 100_000

/** A bit of everything. */
const storm: Scenario = {
  name: 'Storm',
  sentence: 'A bit of everything within a minute and a half.',
  steps: [
    { atMs: 0, do: { type: 'latency', ms: 120, jitterMs: 110 } },
    { atMs: 5000, do: { type: 'flaky', probability: 0.3, fault: { type: 'refuse' } }, forMs: 15_000 },
    {
      atMs: 10_000,
      do: { type: 'flaky', probability: 0.3, fault: { type: 'drop', only: { transport: 'sse' } } },
      forMs: 5000,
    },
    { atMs: 18_000, do: { type: 'reset', afterBytes: 50, only: { transport: 'sse' } }, forMs: 1000 },
    { atMs: 22_000, do: { type: 'blackhole' }, forMs: 7000 },
    { atMs: 31_000, do: { type: 'lost' } },
    { atMs: 33_000, do: { type: 'offline' }, forMs: 4000 },
    { atMs: 40_000, do: { type: 'failTimes', n: 3, fault: { type: 'status', code: 500 } }, forMs: 4000 },
    { atMs: 45_000, do: { type: 'reset', only: { method: 'POST' } }, forMs: 3000 },
    { atMs: 49_000, do: { type: 'close', code: 1012 }, forMs: 500 },
    { atMs: 52_000, do: { type: 'restart.graceful', drainMs: 2000, downMs: 4000, warmMs: 3000 } },
    { atMs: 65_000, do: { type: 'portal' }, forMs: 2000 },
    { atMs: 68_000, do: { type: 'bandwidth', kBps: 2 }, forMs: 3000 },
    { atMs: 72_000, do: { type: 'restart.kill', downMs: 5000 } },
    { atMs: 80_000, do: { type: 'truncate', bytes: 200 }, forMs: 2000 },
    { atMs: 85_000, do: { type: 'status', code: 503, retryAfter: 2 }, forMs: 3000 },
  ],
}

/** Runs the workload once, as fast as it goes. */
export async function runWorkload(options: WorkloadOptions = {}): Promise<WorkloadResult> {
  const { seed = 7, tracks = true, indexedDB = globalThis.indexedDB } = options
  const clock = manualClock()
  const api = createOrderApi({ base: BASE, work: () => network.delay(35) })
  const handlers = [...api.handlers, ticks(BASE, 250, (ms) => network.delay(ms))]
  const network: Network = createNetwork({ clock, seed, hosts: [HOST], handlers })
  const uninstall = options.install?.(network) ?? (() => {})
  const send = options.fetch?.(network) ?? network.fetch
  const database = await openDatabase(indexedDB)
  const untracked: Clock = { ...clock, track: (promise) => promise }
  const stopAt = clock.now() + LENGTH_MS - 10_000
  const client: Client = { clock, base: BASE, send, database, hops: tracks ? clock : untracked, stopAt }

  network.run(storm)
  let running = 4
  const clients = [browse(client, 700), browse(client, 1100), order(client, 900), follow(client)]
  for (const one of clients) void one.finally(() => running--)
  await clock.advance(LENGTH_MS)
  network.calm()
  while (running > 0) await clock.advance(1000)
  const { log } = network
  const hash = network.logHash()
  network.dispose()
  const result = { hash, log, pendingTimers: clock.pending() }
  uninstall()
  database.close()
  return result
}
