/** The service behind the network: up, draining, down, warming up. It answers its own health check. */
import { checkKeys, checkNumber } from '../src/core/errors.js'
import type { Stop } from '../src/core/state.js'
import type { Pace } from './pace.js'

/** Options of `network.restart.graceful`. */
export interface GracefulRestart {
  /** How long it finishes what it has, health answering 503 (ms). What is not done by then is reset. */
  readonly drainMs: number
  /** How long nobody listens then (ms). */
  readonly downMs: number
  /** How long it is slow after that (ms): `WARM_MS` more a round trip. Default: 0. */
  readonly warmMs?: number
  /** The Retry-After of the draining health check (seconds). Default: what is left until it is up, rounded up. */
  readonly retryAfter?: number
}

/** Options of `network.restart.kill`. */
export interface KillRestart {
  /** How long nobody listens (ms). */
  readonly downMs: number
}

/** What a cold service adds to a round trip (ms). */
export const WARM_MS = 300

/** An answer that the service gives without the application's handlers. */
export interface ServiceAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

/** The simulated service. */
export interface Service {
  /** Another one after each restart. */
  readonly boot: string
  /** Whether a host is the service's. */
  owns(url: URL): boolean
  /** Whether somebody listens. */
  listens(): boolean
  /** Whether a kept connection is closed after this answer. */
  closing(): boolean
  /** What it adds to a round trip now (ms). */
  slowMs(): number
  /** The answer to the health check; null: this is none. */
  health(method: string, url: URL): ServiceAnswer | null
  /** Begins a restart; its stop has it up at once. A running one is replaced. */
  graceful(options: GracefulRestart): Stop
  kill(options: KillRestart): Stop
  /** Up, as if nothing had been. */
  settleDown(): void
}

/** Where a service lives, and who must know when it goes. */
export interface ServiceOptions {
  /** The order of the network's clock. */
  readonly pace: Pace
  /** Hosts (with their port); null: every host. */
  readonly hosts: readonly string[] | null
  /** The path of the health check; null: none is answered. */
  readonly health: string | null
  /** The process ends: what it was working on dies; with `answers` also those already on their way. */
  readonly onGone: (what: { answers: boolean }) => void
}

type State =
  | { readonly name: 'up' }
  | { readonly name: 'draining'; readonly upAt: number; readonly retryAfter: number | undefined }
  | { readonly name: 'down' }
  | { readonly name: 'warming' }

/** Phases of a restart begin before the deliveries of their instant. */
const PHASE_ORDER = 0

const LONGEST_MS = 24 * 3_600_000

/** Makes a service that is up. */
export function createService({ pace, hosts, health, onGone }: ServiceOptions): Service {
  const now = () => pace.clock.now()
  let state: State = { name: 'up' }
  let boots = 1
  let restarts = 0
  let stops: Stop[] = []

  const after = (ms: number, run: () => void): void => {
    stops.push(pace.schedule(now() + ms, PHASE_ORDER, run))
  }
  const settleDown = (): void => {
    for (const stop of stops) stop()
    stops = []
    if (state.name === 'down') boots++
    state = { name: 'up' }
  }
  /** A stop of an earlier restart does not touch a later one. */
  const stopOfThis = (): Stop => {
    const mine = ++restarts
    return () => {
      if (mine === restarts) settleDown()
    }
  }
  const goDown = (answers: boolean): void => {
    state = { name: 'down' }
    onGone({ answers })
  }
  const comeUp = (warmMs: number): void => {
    boots++
    state = warmMs > 0 ? { name: 'warming' } : { name: 'up' }
    if (warmMs > 0) after(warmMs, () => void (state = { name: 'up' }))
  }

  return {
    get boot() {
      return `boot-${boots}`
    },
    owns: (url) => hosts === null || hosts.includes(url.host),
    listens: () => state.name !== 'down',
    closing: () => state.name === 'draining',
    slowMs: () => (state.name === 'warming' ? WARM_MS : 0),
    health(method, url) {
      if (url.pathname !== health || (method !== 'GET' && method !== 'HEAD')) return null
      if (state.name !== 'draining') return { status: 204, headers: { 'Cache-Control': 'no-store' } }
      const retryAfter = state.retryAfter ?? Math.max(1, Math.ceil((state.upAt - now()) / 1000))
      return { status: 503, headers: { 'Cache-Control': 'no-store', 'Retry-After': String(retryAfter) } }
    },
    graceful(options) {
      checkGraceful(options)
      settleDown()
      const { drainMs, downMs, warmMs = 0, retryAfter } = options
      state = { name: 'draining', upAt: now() + drainMs + downMs, retryAfter }
      after(drainMs, () => goDown(false))
      after(drainMs + downMs, () => comeUp(warmMs))
      return stopOfThis()
    },
    kill(options) {
      checkKill(options)
      settleDown()
      goDown(true)
      after(options.downMs, () => comeUp(0))
      return stopOfThis()
    },
    settleDown,
  }
}

/** Refuses what cannot be a graceful restart. */
export function checkGraceful(options: GracefulRestart, where = 'restart.graceful'): void {
  checkKeys(where, options, ['drainMs', 'downMs', 'warmMs', 'retryAfter'])
  checkNumber(`${where}.drainMs`, options.drainMs, 0, LONGEST_MS)
  checkNumber(`${where}.downMs`, options.downMs, 0, LONGEST_MS)
  checkNumber(`${where}.warmMs`, options.warmMs ?? 0, 0, LONGEST_MS)
  checkNumber(`${where}.retryAfter`, options.retryAfter ?? 0, 0, Number.MAX_SAFE_INTEGER)
}

/** Refuses what cannot be a kill. */
export function checkKill(options: KillRestart, where = 'restart.kill'): void {
  checkKeys(where, options, ['downMs'])
  checkNumber(`${where}.downMs`, options.downMs, 0, LONGEST_MS)
}
