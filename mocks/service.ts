/** The service behind the network: up, draining, down, warming up. It answers its own health check. */
import type { Stop } from '../src/core/state.js'
import type { Pace } from './pace.js'
import {
  checkRestart,
  type CrashLoop,
  type GracefulRestart,
  type KillRestart,
  type LostSession,
  type RollingRestart,
} from './restarts.js'
import { rollOver, type Instances } from './rolling.js'
import { createNews, type Draining, type Ending, type Gone } from './service-news.js'

/** What a cold service adds to a round trip (ms). */
export const WARM_MS = 300

/** An answer that the service gives without the application's handlers. */
export interface ServiceAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

/** The simulated service. */
export interface Service {
  /** Another one after each restart; of several instances the one that was asked last. */
  readonly boot: string
  /** What connections lead to: the process or, before several instances, the gateway. Another one after each restart. */
  readonly front: string
  /** The boot id of the instance that takes the request or the socket of this number: the only one, if there is one. */
  route(id: number): string
  /** The life of its sessions and of its events: another one after `lostSession` only. */
  readonly epoch: string
  /** Whether a host is the service's. */
  owns(url: URL): boolean
  /** Whether somebody listens. */
  listens(): boolean
  /** Whether a kept connection is closed after this answer. */
  closing(): boolean
  /** What it adds to a round trip now (ms). */
  slowMs(): number
  /** The answer to the health check; null: this is none. `serviceNow`: what its clock says. */
  health(method: string, url: URL, serviceNow: number): ServiceAnswer | null
  /** Begins a restart; its stop has it up at once. A running one is replaced. A bad option throws. */
  graceful(options: GracefulRestart): Stop
  kill(options: KillRestart): Stop
  crashLoop(options: CrashLoop): Stop
  lostSession(options: LostSession): Stop
  rolling(options: RollingRestart): Stop
  /** Up, as if nothing had been. */
  settleDown(): void
  /**
   * Hears that a drain begins: those who are connected are told (a socket: DRAIN), and are served on. As the
   * reference server, it closes streams and sockets only when its listener closes: at `onEnding`.
   */
  onDraining(listener: (what: Draining) => void): Stop
  /**
   * Hears that a drain is over and nobody listens any more: what is answered in this turn still gets through. The
   * process ends in the next turn of the same instant.
   */
  onEnding(listener: (what: Ending) => void): Stop
  /**
   * Hears that the process ends. `answers` false, after a drain: streams get a last `retry:` and end, sockets are
   * closed with 1012 and the estimate. `answers` true, killed: they are cut.
   */
  onGone(listener: (what: Gone) => void): Stop
}

/** Where a service lives. */
export interface ServiceOptions {
  /** The order of the network's clock. */
  readonly pace: Pace
  /** Hosts (with their port); null: every host. */
  readonly hosts: readonly string[] | null
  /** The path of the health check; null: none is answered. */
  readonly health: string | null
  /** It came back without its sessions; the stop of what follows from that is called when all is well again. */
  readonly onSessionLost: () => Stop
}

type State =
  | { readonly name: 'up' }
  | { readonly name: 'draining'; readonly upAt: number; readonly told: GracefulRestart }
  | { readonly name: 'down' }
  | { readonly name: 'warming' }
  | { readonly name: 'rolling'; readonly instances: Instances }

/** Phases of a restart begin before the deliveries of their instant. */
const PHASE_ORDER = 0

/** Makes a service that is up. */
export function createService({ pace, hosts, health, onSessionLost }: ServiceOptions): Service {
  const now = () => pace.clock.now()
  const draining = createNews<Draining>()
  const ending = createNews<Ending>()
  const gone = createNews<Gone>()
  let state: State = { name: 'up' }
  let boots = 1
  let boot = 'boot-1'
  let front = boot
  let epochs = 1
  let restarts = 0
  let stops: Stop[] = []

  const newBoot = (): string => `boot-${++boots}`
  /** Another process of the whole service has begun. */
  const begun = (): void => {
    boot = newBoot()
    front = boot
  }
  const after = (ms: number, run: () => void): void => {
    stops.push(pace.schedule(now() + ms, PHASE_ORDER, run))
  }
  const settleDown = (): void => {
    for (const stop of stops) stop()
    stops = []
    if (state.name === 'down') begun()
    state = { name: 'up' }
  }
  /** The restarts differ in what they do; each replaces the one that runs, and its stop touches no later one. */
  const begin = (run: () => void): Stop => {
    settleDown()
    const mine = ++restarts
    run()
    return () => {
      if (mine === restarts) settleDown()
    }
  }
  const goDown = (what: Omit<Gone, 'of'>): void => {
    state = { name: 'down' }
    gone.tell({ ...what, of: null })
  }
  const comeUp = (warmMs: number): void => {
    begun()
    state = warmMs > 0 ? { name: 'warming' } : { name: 'up' }
    if (warmMs > 0) after(warmMs, () => void (state = { name: 'up' }))
  }
  const die = (downMs: number, back: () => void): void => {
    goDown({ answers: true, retryAfterMs: downMs })
    after(downMs, back)
  }
  const retryAfterMs = (upAt: number, { retryAfter }: GracefulRestart): number =>
    retryAfter === undefined ? upAt - now() : retryAfter * 1000

  return {
    get boot() {
      return boot
    },
    get front() {
      return front
    },
    route(id) {
      if (state.name === 'rolling') boot = state.instances.route(id)
      return boot
    },
    get epoch() {
      return `epoch-${epochs}`
    },
    owns: (url) => hosts === null || hosts.includes(url.host),
    listens: () => state.name !== 'down',
    closing: () => state.name === 'draining',
    slowMs: () => (state.name === 'warming' ? WARM_MS : 0),
    health(method, url, serviceNow) {
      if (url.pathname !== health || (method !== 'GET' && method !== 'HEAD')) return null
      const headers = { 'Cache-Control': 'no-store' }
      if (state.name !== 'draining') return { status: 204, headers }
      const { upAt, told } = state
      // Rounded down, as the reference server's: what is less than a second away is worth a try.
      const least = told.retryAfter === undefined ? 1 : 0
      const seconds = Math.max(least, Math.floor(retryAfterMs(upAt, told) / 1000))
      const written = told.retryAfterAs === 'date' ? dateIn(seconds, serviceNow) : String(seconds)
      return { status: 503, headers: { ...headers, 'Retry-After': written } }
    },
    graceful(options) {
      checkRestart('restart.graceful', options)
      const { drainMs, downMs, warmMs = 0 } = options
      return begin(() => {
        const upAt = now() + drainMs + downMs
        state = { name: 'draining', upAt, told: options }
        after(drainMs, () => {
          const told = { retryAfterMs: retryAfterMs(upAt, options) }
          state = { name: 'down' }
          ending.tell({ ...told, of: null })
          after(0, () => goDown({ answers: false, ...told }))
        })
        after(drainMs + downMs, () => comeUp(warmMs))
        draining.tell({ retryAfterMs: retryAfterMs(upAt, options), of: null })
      })
    },
    kill(options) {
      checkRestart('restart.kill', options)
      return begin(() => die(options.downMs, () => comeUp(0)))
    },
    crashLoop(options) {
      checkRestart('restart.crashLoop', options)
      const { times, upMs, downMs } = options
      const crash = (left: number): void =>
        die(downMs, () => {
          comeUp(0)
          if (left > 1) after(upMs, () => crash(left - 1))
        })
      return begin(() => crash(times))
    },
    lostSession(options) {
      checkRestart('restart.lostSession', options)
      const back = (): void => {
        epochs++
        comeUp(0)
        stops.push(onSessionLost())
      }
      return begin(() => die(options.downMs, back))
    },
    rolling(options) {
      checkRestart('restart.rolling', options)
      return begin(() => {
        const ports = { after, newBoot, draining, ending, gone }
        state = { name: 'rolling', instances: rollOver(options, boot, ports) }
      })
    },
    settleDown,
    onDraining: draining.on,
    onEnding: ending.on,
    onGone: gone.on,
  }
}

/** A date so many seconds after what a clock says. */
export function dateIn(seconds: number, serviceNow: number): string {
  return new Date(serviceNow + seconds * 1000).toUTCString()
}
