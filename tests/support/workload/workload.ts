/**
 * A workload that gives the same log wherever it runs: two minutes and a half of virtual time, clients on all three
 * transports, every fault, restart and event of the device, and a durable queue on a real IndexedDB. Node, a story and
 * a page compare its hash.
 */
import type { LogEntry } from '../../../mocks/log.js'
import { manualClock } from '../../../mocks/manual-clock.js'
import { createNetwork, type Network } from '../../../mocks/network.js'
import type { Scenario } from '../../../mocks/scenario.js'
import { browse, follow, talk, type World } from './clients.js'
import { createKeeper } from './keeper.js'
import { createServer, HOST } from './server.js'
import { storm, STORM_MS } from './storm.js'

/** What the workload is run with. */
export interface WorkloadOptions {
  /** Default: 7. */
  readonly seed?: number
  /** Default: the storm. */
  readonly scenario?: Scenario
  /** After how long all is well again (ms). Default: that of the storm. */
  readonly lengthMs?: number
  /** False shows what an untracked hop does to the log. Default: true. */
  readonly tracks?: boolean
  /** Called with the network before the first request, for installers; its stop is called at the end. */
  readonly install?: (network: Network) => () => void
  /** Which way requests and sockets leave. Default: the network's own. */
  readonly leave?: (network: Network) => Pick<World, 'fetch' | 'WebSocket'>
}

/** What came of it. */
export interface WorkloadResult {
  readonly hash: string
  readonly log: readonly LogEntry[]
  /** Timers that were left over: 0. */
  readonly pendingTimers: number
  /** Writes that were accepted, confirmed, and done at the server: the same number. */
  readonly writes: readonly [accepted: number, confirmed: number, done: number]
}

/** The hash of the log with the default options, wherever it runs. Changes only when the simulator or the queue do. */
export const WORKLOAD_HASH = 'a1fdb59761a929ab'

/** Who asks goes on for so long after the storm (ms). */
const CALM_MS = 8000

let runs = 0

/** Runs the workload once, as fast as it goes. */
export async function runWorkload(options: WorkloadOptions = {}): Promise<WorkloadResult> {
  const { seed = 7, scenario = storm, lengthMs = STORM_MS, tracks = true } = options
  const clock = manualClock()
  const server = createServer(() => network)
  const network: Network = createNetwork({ clock, seed, hosts: [HOST], handlers: server.handlers })
  const uninstall = options.install?.(network) ?? (() => {})
  const own = network.device.clock
  const stopAt = clock.now() + lengthMs + CALM_MS
  const { fetch, WebSocket } = options.leave?.(network) ?? network
  const world: World = {
    clock: tracks ? own : { ...own, track: (promise) => promise },
    fetch,
    WebSocket,
    isOver: () => clock.now() >= stopAt,
    token: { value: 1 },
  }
  const keeper = createKeeper(network, world, seed, `workload-${seed}-${++runs}`)

  network.run(scenario)
  const clients = [browse(world, 700), browse(world, 1100), follow(world), talk(world), keeper.write(900)]
  let running = clients.length
  for (const one of clients) void one.finally(() => running--)
  await clock.advance(lengthMs)
  network.calm()
  while (running > 0) await clock.advance(1000)
  await Promise.all(clients)
  const { log } = network
  const hash = network.logHash()
  await keeper.stop()
  network.dispose()
  await clock.settle()
  const { accepted, confirmed } = keeper.counts
  uninstall()
  return { hash, log, pendingTimers: clock.pending(), writes: [accepted, confirmed, server.ledger.length] }
}
