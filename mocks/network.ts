/** `createNetwork`: a network that misbehaves on demand, as many on a page as wanted. */
import type { AxiosAdapter } from 'axios'
import type { RequestHandler } from 'msw'
import { systemClock, type Clock } from '../src/core/clock.js'
import { badOption, checkKeys, checkNumber } from '../src/core/errors.js'
import type { Signal, Stop } from '../src/core/state.js'
import { createAxiosAdapter } from './axios-adapter.js'
import type { AxiosErrors } from './axios-errors.js'
import { createConnections } from './connections.js'
import { createDelays } from './delays.js'
import { createDevice, type Device } from './device.js'
import { createEdge } from './edge.js'
import type { Departure, Exchange } from './exchange.js'
import { createFaultBook } from './fault-book.js'
import type { Fault } from './faults.js'
import { createFetch } from './fetch.js'
import { createLog, type CallMatch, type LogEntry } from './log.js'
import { isManualClock, paceOf, type Pace } from './pace.js'
import { seededRandom } from './random.js'
import { checkScenario, play, type Scenario } from './scenario.js'
import { createService, type GracefulRestart, type KillRestart, type Service } from './service.js'

/** Options of `createNetwork`. */
export interface NetworkOptions {
  /** The time that it lives in. Default: the system's; `manualClock()` for tests. */
  clock?: Clock
  /** The luck of its requests; the same seed gives the same run. Default: 1. */
  seed?: number
  /** The application's MSW http handlers, as they are. Default: none. */
  handlers?: readonly RequestHandler[]
  /**
   * The hosts of the service, with their port: they restart, answer health, and sign their answers. Default:
   * every host. A request to another host is answered by a handler or not at all.
   */
  hosts?: readonly string[]
  /** The round trip when all is well (ms, whole). Default: 40. */
  latencyMs?: number
  /** The path of the health check that the network answers itself; null: none. Default: `/health`. */
  health?: string | null
  /** What relative URLs are resolved against. Default: the page's origin, else `http://localhost`. */
  origin?: string
  /** axios' own error classes, so that `instanceof` holds. Default: lookalikes. */
  axios?: AxiosErrors
}

/** A simulated network with its service and its device. */
export interface Network {
  readonly clock: Clock
  /** As the page's own. */
  readonly fetch: typeof globalThis.fetch
  /** For `axios.create({ adapter })`. */
  readonly axiosAdapter: AxiosAdapter
  readonly device: Device
  /** In place of the browser's signals: what the simulated device says. */
  readonly signals: Signal
  /** Restarts of the service; each returns a stop that has it up at once. A bad option throws `bad-option`. */
  readonly restart: { graceful(options: GracefulRestart): Stop; kill(options: KillRestart): Stop }
  /** The id of the running process of the service. */
  readonly boot: string
  /** What happened, in order. */
  readonly log: readonly LogEntry[]
  /** Requests that are not over. */
  readonly pending: number
  /** Puts a fault in force until its stop is called. An unknown or bad one throws `bad-option`. */
  apply(fault: Fault): Stop
  /** Plays a scenario from now on, in place of the one that runs. A bad one throws `bad-option`. */
  run(scenario: Scenario): Stop
  /** All well: no scenario, no fault, the service up. */
  calm(): void
  /** Puts handlers before the others until the stop is called. */
  use(...handlers: readonly RequestHandler[]): Stop
  /** The lines of the log that match. */
  calls(match?: CallMatch): readonly LogEntry[]
  /** A hash of the log, for comparing runs. */
  logHash(): string
  onLog(listener: (entry: LogEntry) => void): Stop
  /** For handlers: waits in the network's time. Rejects if the service dies or the network is taken down. */
  delay(ms: number): Promise<void>
  /** Moves its clock, if that is a manual one; else it throws. */
  advance(ms: number): Promise<void>
  /** Rejects what is under way and all that comes later; stops the scenario. */
  dispose(): void
  /** For installers: numbers a request and sets it on its way. */
  send(departure: Departure): Exchange
  /** For installers: whether a URL is the service's. */
  owns(url: URL): boolean
  /** For installers: the order of its clock. */
  readonly pace: Pace
}

const OPTIONS = ['clock', 'seed', 'handlers', 'hosts', 'latencyMs', 'health', 'origin', 'axios']

/** Makes a network on which all is well. Bad options throw `bad-option`. */
export function createNetwork(options: NetworkOptions = {}): Network {
  const { clock, seed, hosts, latencyMs, health, origin } = checkOptions(options)
  const pace = paceOf(clock)
  const log = createLog()
  const deviceControl = createDevice()
  const connections = createConnections(() => clock.now())
  let handlers = [...(options.handlers ?? [])]
  let random = seededRandom(seed)
  let stopScenario: Stop = () => {}
  let state: 'open' | 'disposed' = 'open'

  const cutWhere = (
    which: (one: Exchange) => boolean,
    end: 'reset' | 'offline',
    fault: Exchange['fault'],
  ) => {
    for (const exchange of [...edge.going]) if (which(exchange)) exchange.cut(end, fault)
  }
  const book = createFaultBook(() => {
    const offline = book.offline()
    if (offline && deviceControl.device.onLine) {
      connections.close(() => true)
      cutWhere(() => true, 'offline', 'offline')
    }
    deviceControl.setOnLine(!offline)
  })
  const service: Service = createService({
    pace,
    hosts,
    health,
    onGone({ answers }) {
      connections.close((host) => hosts === null || hosts.includes(host))
      delays.reject('the service has died')
      const dies = (one: Exchange) => one.place === 'served' || (answers && one.place === 'back')
      cutWhere((one) => service.owns(one.url) && dies(one), 'reset', 'restart')
    },
  })
  const edge = createEdge({
    pace,
    book,
    service,
    connections,
    handlers: () => handlers,
    random: () => random,
    latencyMs,
    write: log.write,
  })
  const delays = createDelays(pace, edge.serving)

  const send = (departure: Departure): Exchange => {
    const exchange = edge.send(departure)
    if (state === 'disposed') exchange.fail('disposed')
    return exchange
  }
  const installer = { clock, send, origin }
  const calm = (): void => {
    stopScenario()
    stopScenario = () => {}
    book.clear()
    service.settleDown()
  }

  return {
    clock,
    pace,
    fetch: createFetch(installer),
    axiosAdapter: createAxiosAdapter(installer, options.axios),
    device: deviceControl.device,
    signals: deviceControl.signals,
    restart: { graceful: service.graceful, kill: service.kill },
    get boot() {
      return service.boot
    },
    log: log.entries,
    get pending() {
      return edge.going.size
    },
    apply: book.apply,
    run(given) {
      const scenario = checkScenario(given)
      calm()
      if (scenario.seed !== undefined) random = seededRandom(scenario.seed)
      const { graceful, kill } = service
      stopScenario = play(scenario, { pace, apply: book.apply, graceful, kill })
      return stopScenario
    },
    calm,
    use(...more) {
      handlers = [...more, ...handlers]
      return () => void (handlers = handlers.filter((one) => !more.includes(one)))
    },
    calls: log.calls,
    logHash: log.hash,
    onLog: log.onLog,
    delay: delays.wait,
    async advance(ms) {
      if (!isManualClock(clock)) throw badOption('advance', ms, 'nothing: this network lives in real time')
      await clock.advance(ms)
    },
    dispose() {
      if (state === 'disposed') return
      state = 'disposed'
      calm()
      delays.reject('the network was taken down')
      for (const exchange of [...edge.going]) exchange.fail('disposed')
      deviceControl.dispose()
    },
    send,
    owns: service.owns,
  }
}

function checkOptions(options: NetworkOptions) {
  checkKeys('createNetwork', options, OPTIONS)
  const { clock = systemClock, seed = 1, hosts, latencyMs = 40, health = '/health' } = options
  checkNumber('seed', seed, 0, Number.MAX_SAFE_INTEGER)
  checkNumber('latencyMs', latencyMs, 0, 60_000)
  if (!Number.isInteger(latencyMs)) throw badOption('latencyMs', latencyMs, 'whole milliseconds')
  if (
    hosts &&
    !(Array.isArray(hosts) && hosts.every((host) => typeof host === 'string' && !host.includes('/')))
  ) {
    throw badOption('hosts', hosts, 'a list of hosts such as "api.example" or "localhost:8080"')
  }
  if (health !== null && !(typeof health === 'string' && health.startsWith('/'))) {
    throw badOption('health', health, 'a path, or null')
  }
  const origin = options.origin ?? globalThis.location?.origin ?? 'http://localhost'
  if (!URL.canParse(origin)) throw badOption('origin', origin, 'an absolute URL')
  return { clock, seed, hosts: hosts ?? null, latencyMs, health, origin }
}
