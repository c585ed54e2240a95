/** `createNetwork`: a network that misbehaves on demand, as many on a page as wanted. */
import type { AxiosAdapter } from 'axios'
import { RequestHandler, type AnyHandler } from 'msw'
import type { Clock } from '../src/core/clock.js'
import { badOption } from '../src/core/errors.js'
import type { Signal, Stop } from '../src/core/state.js'
import { createAxiosAdapter } from './axios-adapter.js'
import { createConnections } from './connections.js'
import { createDelays, type Desk } from './delays.js'
import { createDevice, type Device } from './device/device.js'
import { createEdge, turnMs } from './edge.js'
import type { Departure, Exchange } from './exchange.js'
import { createFaultBook } from './fault-book.js'
import type { Fault } from './faults.js'
import { createFetch } from './fetch.js'
import { createLog, type CallMatch, type LogEntry } from './log.js'
import { checkOptions, type NetworkOptions } from './network-options.js'
import { isManualClock, paceOf, type Pace } from './pace.js'
import { createPath } from './path.js'
import { seededRandom } from './random.js'
import { checkScenario, play, type Scenario } from './scenario.js'
import type { CrashLoop, GracefulRestart, KillRestart, LostSession, RollingRestart } from './restarts.js'
import { concerns } from './service-news.js'
import { createService, type Service } from './service.js'
import { createSockets, type Clients } from './socket/sockets.js'
import { listUnderWay, type UnderWay } from './under-way.js'

export type { NetworkOptions }

/** A simulated network with its service and its device. */
export interface Network {
  readonly clock: Clock
  /** As the page's own. */
  readonly fetch: typeof globalThis.fetch
  /** For `axios.create({ adapter })`. */
  readonly axiosAdapter: AxiosAdapter
  /** As the page's own, for code that takes its class as an option; ws handlers answer it. */
  readonly WebSocket: typeof globalThis.WebSocket
  /** For ws handlers: those who are connected, and a broadcast to them. */
  readonly clients: Clients
  readonly device: Device
  /** In place of the browser's signals: what the simulated device says. */
  readonly signals: Signal
  /** Restarts of the service; each returns a stop that has it up at once. A bad option throws `bad-option`. */
  readonly restart: {
    graceful(options: GracefulRestart): Stop
    kill(options: KillRestart): Stop
    crashLoop(options: CrashLoop): Stop
    lostSession(options: LostSession): Stop
    rolling(options: RollingRestart): Stop
  }
  /** The id of the running process of the service; of several instances that of the one that was asked last. */
  readonly boot: string
  /** For handlers: what a server knows of itself, and hears of its end. */
  readonly service: Pick<Service, 'boot' | 'epoch' | 'closing' | 'onDraining' | 'onEnding' | 'onGone'>
  /** What happened, in order. */
  readonly log: readonly LogEntry[]
  /** Requests that are not over. */
  readonly pending: number
  /** They, and the sockets that are being dialled, in the order of their numbers. */
  readonly underWay: readonly UnderWay[]
  /** Puts a fault in force until its stop is called. An unknown or bad one throws `bad-option`. */
  apply(fault: Fault): Stop
  /** Plays a scenario from now on, in place of the one that runs. A bad one throws `bad-option`. */
  run(scenario: Scenario): Stop
  /** All well: no scenario, no fault, the service up. */
  calm(): void
  /** Puts handlers before the others until the stop is called. */
  use(...handlers: readonly AnyHandler[]): Stop
  /** The lines of the log that match. */
  calls(match?: CallMatch): readonly LogEntry[]
  /** A hash of the log, for comparing runs. */
  logHash(): string
  onLog(listener: (entry: LogEntry) => void): Stop
  /** For handlers: waits in the network's time. Rejects if the service dies or the network is taken down. */
  delay(ms: number): Promise<void>
  /** For handlers: waits for something else than time, as a long poll does. Rejects as `delay` does. */
  until<T>(promise: Promise<T>): Promise<T>
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

/** Makes a network on which all is well. Bad options throw `bad-option`. */
export function createNetwork(options: NetworkOptions = {}): Network {
  const { clock, seed, hosts, latencyMs, health, origin, connectionsPerHost, dials } = checkOptions(options)
  const pace = paceOf(clock)
  const log = createLog()
  const connections = createConnections(() => clock.now(), connectionsPerHost)
  const deviceControl = createDevice(pace, () => connections.close(() => true))
  const { device, hand } = deviceControl
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
  let wasOffline = false
  const book = createFaultBook(clock.now, () => {
    const offline = book.offline()
    if (offline && !wasOffline) {
      connections.close(() => true)
      // What is in the air stays there, and goes on afterwards; what has no connection yet gets none.
      cutWhere((one) => one.place === 'out' && one.onLeave === null, 'offline', 'offline')
      edge.forgetDials()
      sockets.wentOffline()
    }
    wasOffline = offline
    deviceControl.setOnLine(book.onLine())
  })
  const service: Service = createService({
    pace,
    hosts,
    health,
    onSessionLost: () => book.apply({ type: 'unauthorized', why: 'session_unknown' }),
  })
  service.onGone((gone) => {
    const { answers, retryAfterMs, of } = gone
    const isOnIt = (boot: string | null) => concerns(gone, boot)
    if (!answers) {
      // One row for all, whichever way they are connected.
      const leavers = [...edge.leaving(isOnIt), ...sockets.leaving(isOnIt)]
      const row = leavers.sort((one, other) => one.id - other.id)
      row.forEach(({ leave }, place) => leave(turnMs(retryAfterMs, place)))
    }
    delays.reject('the service has died', (exchange) => of === null || exchange?.boot === of)
    // Before an instance stands a gateway, which stays.
    if (of !== null) return edge.lose(of)
    connections.close((host) => hosts === null || hosts.includes(host))
    const dies = (one: Exchange) => one.place === 'served' || (answers && one.place === 'back')
    cutWhere((one) => service.owns(one.url) && dies(one), 'reset', 'restart')
  })
  const desk: Desk = { serving: null }
  let numbers = 0
  const wire = {
    ...{ pace, book, service, hand, write: log.write },
    path: createPath(book, service, latencyMs, () => device.state === 'asleep'),
    random: () => random,
    number: () => ++numbers,
  }
  const edge = createEdge({
    ...wire,
    connections,
    sharesDials: dials === 'shared',
    desk,
    skippedMs: () => deviceControl.skippedMs,
    handlers: () => handlers.filter((one) => one instanceof RequestHandler),
  })
  book.onApply(edge.strike)
  const sockets = createSockets({ ...wire, origin, handlers: () => handlers })
  const delays = createDelays(pace, desk)

  const send = (departure: Departure): Exchange => {
    const exchange = edge.send(departure)
    if (state === 'disposed') exchange.fail('disposed')
    return exchange
  }
  const { graceful, kill, crashLoop, lostSession, rolling } = service
  const restart = { graceful, kill, crashLoop, lostSession, rolling }
  // What an application times itself stands still when its page does.
  const installer = { clock: device.clock, pace, send, origin }
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
    WebSocket: sockets.WebSocket,
    clients: sockets.clients,
    device,
    signals: deviceControl.signals,
    restart,
    get boot() {
      return service.boot
    },
    service,
    log: log.entries,
    get pending() {
      return [...edge.going].filter(({ left }) => !left).length
    },
    get underWay() {
      return listUnderWay(edge.going, sockets.dialing())
    },
    apply: book.apply,
    run(given) {
      const scenario = checkScenario(given)
      calm()
      if (scenario.seed !== undefined) random = seededRandom(scenario.seed)
      stopScenario = play(scenario, { pace, apply: book.apply, device: deviceControl, ...restart })
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
    until: delays.until,
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
      edge.forgetDials()
      sockets.dispose()
      deviceControl.dispose()
    },
    send,
    owns: service.owns,
  }
}
