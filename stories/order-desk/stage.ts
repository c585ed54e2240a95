/** A desk on a simulated network whose time stands still: what the timelines of docs/spec/ux.md 1.4 are played on. */
import axios from 'axios'
import type { AnyHandler } from 'msw'
import {
  createNetwork,
  manualClock,
  seededRandom,
  type ManualClock,
  type Network,
} from '../../mocks/index.js'
import { createOrderApi, type OrderApi } from '../../mocks/order-api.js'
import {
  browserSignals,
  type AuthPort,
  type PolicyOptions,
  type Schedule,
  type StatusThresholds,
  type StatusView,
} from '../../src/index.js'
import { article } from '../../src/presets.js'
import { indexedDbStore } from '../../src/queue/index.js'
import { createDesk, type Desk } from './desk.js'

/** One change of what is told, with its time in seconds since the loss. */
export type Beat = readonly [seconds: number, phase: StatusView['phase'], surface: StatusView['surface']]

/** A stage with its handles. Times are in seconds; 0 is the moment of the loss as the machine learns it. */
export interface DeskStage {
  readonly desk: Desk
  readonly network: Network
  readonly api: OrderApi
  readonly clock: ManualClock
  /** What was told since the loss, in order. */
  readonly beats: readonly Beat[]
  /** Seconds at which probes went out since the loss, the suspicion's own left out. */
  attempts(): readonly number[]
  /** The time, in seconds since the loss. */
  seconds(): number
  /** Comes to rest with the page up and the link online. */
  ready(): Promise<void>
  /** The link is lost at 0: an order list that was asked for 50 ms before is refused. */
  lose(): Promise<void>
  /** Asks for something that will be refused when it arrives, so that an idle desk notices. */
  ask(): void
  /** Moves 0 by so many seconds: where the machine learns of the loss later than the application. */
  rebase(seconds: number): void
  /** Goes on to this time. */
  to(seconds: number): Promise<void>
  dispose(): void
}

/** How a stage is set. */
export interface StageOptions {
  /** Names its database. */
  readonly name: string
  /** Who is at the desk. Default: nobody signs in. */
  readonly scope?: string
  /** Default: the preset `article`, without jitter. */
  readonly schedule?: Schedule
  /** How long the server works on an order, in ms. Default: no time. */
  readonly workMs?: number
  /** Numbers of the connection that are not the default. */
  readonly policy?: PolicyOptions
  /** Numbers of what people see that are not the default. */
  readonly thresholds?: StatusThresholds
  /** Chance, the same at each attempt: 0 to 1. Default: 0.5, with which a symmetrical jitter is none. */
  readonly roll?: number
  /** Tokens, sent with every request. Default: none. */
  readonly auth?: AuthPort
  /** What the service answers beside orders. Default: nothing. */
  readonly more?: (network: () => Network) => readonly AnyHandler[]
  /** How long one try of a request may take, in ms. Default: as long as it takes. */
  readonly attemptTimeoutMs?: number
  /** Whether it hears, besides the network's, what the page's own browser says. Default: no. */
  readonly browser?: boolean
}

/** One way, there and back: the timelines are told for 50 ms. */
const LATENCY_MS = 50
/** Where the service is. */
export const BASE = 'https://orders.example'

/** Chance that always lies in the middle: a symmetrical jitter is then none. */
export const middle = { ...seededRandom(1), next: () => 0.5 }

/** Sets a stage; nothing runs until the desk's plugin is installed. */
export function createDeskStage(options: StageOptions): DeskStage {
  const { name, schedule = article, workMs = 0, roll = 0.5, policy, thresholds, auth } = options
  const { browser = false, more, attemptTimeoutMs } = options
  const clock = manualClock()
  const api = createOrderApi({
    base: BASE,
    work: () => (workMs > 0 ? network.delay(workMs) : Promise.resolve()),
  })
  const network: Network = createNetwork({
    ...{ clock, latencyMs: LATENCY_MS, axios },
    handlers: [...api.handlers, ...(more?.(() => network) ?? [])],
  })
  const desk = createDesk({
    baseURL: BASE,
    store: indexedDbStore({ name }),
    ...(options.scope && { scope: options.scope }),
    signals: browser ? [network.signals, browserSignals()] : [network.signals],
    fetch: network.fetch,
    adapter: network.axiosAdapter,
    clock,
    random: { ...middle, next: () => roll },
    schedule,
    ...(policy && { policy }),
    ...(thresholds && { thresholds }),
    ...(auth && { auth }),
    ...(attemptTimeoutMs && { attemptTimeoutMs }),
  })
  const beats: Beat[] = []
  let zeroAt = clock.now()
  const since = (at: number) => Math.round(at - zeroAt) / 1000
  desk.status.subscribe(({ phase, surface }) => {
    const [, lastPhase, lastSurface] = beats.at(-1) ?? []
    if (phase !== lastPhase || surface !== lastSurface) beats.push([since(clock.now()), phase, surface])
  })
  const ask = () => void desk.api.get('/orders').catch(() => {})

  return {
    desk,
    network,
    api,
    clock,
    beats,
    ask,
    attempts: () =>
      network
        .calls({ path: '/health' })
        .map((entry) => since(entry.at - entry.ms))
        .filter((at) => at > 0),
    seconds: () => since(clock.now()),
    async ready() {
      await clock.advance(1_000)
    },
    async lose() {
      zeroAt = clock.now() + LATENCY_MS
      beats.length = 0
      ask()
      await clock.advance(LATENCY_MS)
    },
    rebase(seconds) {
      zeroAt += seconds * 1000
      beats.length = 0
    },
    to: (seconds) => clock.advanceTo(zeroAt + Math.round(seconds * 1000)),
    dispose() {
      desk.dispose()
      network.dispose()
    },
  }
}
