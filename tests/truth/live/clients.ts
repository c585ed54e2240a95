/**
 * Three raw clients of the wire, one for each transport, that know nothing of the kit: the same code on the
 * simulator and in a page. They subscribe to one topic, and write down whatever happens to them.
 */
import type { Clock } from '../../../src/core/clock.js'
import type { Moment } from '../trace.js'
import { createDiary, type Diary, type Happening, type LiveTrace, type TransportName } from './diary.js'
import type { LivePlan } from './live-plan.js'
import { followPolls } from './poll-client.js'
import { followSocket } from './socket-client.js'
import { followStream } from './stream-client.js'

/** Where they run. */
export interface LiveWorld {
  readonly baseURL: string
  readonly clock: Clock
  readonly WebSocket: typeof globalThis.WebSocket
  readonly fetch: typeof globalThis.fetch
}

/** Of nobody's making: a service that asks for none takes any, and `unauthorized` refuses the first. */
export interface RawTokens {
  current(): string
  renew(): void
}

/** What a client is made of. */
export interface ClientPorts {
  readonly world: LiveWorld
  readonly diary: Diary
  /** It comes back so long after a failure. */
  readonly retryMs: number
  readonly topic: string
  readonly tokens: RawTokens
}

/** A client that runs. */
export interface RawClient {
  /** Shows life, if it can. */
  ping(): void
  stop(): void
}

/** Clients that run. */
export interface RunningClients {
  /** The trace so far. */
  report(): LiveTrace
  stop(): void
}

/** Before the scenario, in the order in which they take their places in the row. */
const STARTS: readonly Start[] = [
  { name: 'ws', atMs: -1_200, laterMs: 0, follow: followSocket },
  { name: 'sse', atMs: -1_000, laterMs: 170, follow: followStream },
  { name: 'poll', atMs: -800, laterMs: 90, follow: followPolls },
]

interface Start {
  readonly name: TransportName
  readonly atMs: number
  /** It comes back so much later than the plan says: what happens to all does not bring them back together. */
  readonly laterMs: number
  readonly follow: (ports: ClientPorts) => RawClient
}

/** Before that, whatever is slow the first time is done once. */
const WARM_UP_MS = -1_600

/** Starts them in their time; the scenario begins at `startAt` (epoch ms). */
export function startClients(world: LiveWorld, plan: LivePlan, startAt: number): RunningClients {
  const { clock } = world
  const seen: Record<TransportName, Happening[]> = { ws: [], sse: [], poll: [] }
  const departures: Moment[] = []
  const running: RawClient[] = []
  const at = (ms: number, run: () => void) => clock.setTimeout(run, startAt + ms - clock.now())
  const cancels = [
    at(WARM_UP_MS, () => void world.fetch(`${world.baseURL}/health`).then((answer) => answer.text())),
    ...STARTS.map(({ name, atMs, laterMs, follow }) =>
      at(atMs, () => {
        const diary = createDiary({ clock, startAt, happenings: seen[name], departures })
        const retryMs = plan.retryMs + laterMs
        running.push(follow({ world, diary, retryMs, topic: 'chat', tokens: createTokens() }))
      }),
    ),
    ...plan.pingsMs.map((ms) => at(ms, () => running.forEach((client) => client.ping()))),
  ]
  return {
    report: () => structuredClone({ seen, departures }),
    stop() {
      for (const cancel of cancels) cancel()
      for (const client of running) client.stop()
    },
  }
}

function createTokens(): RawTokens {
  let number = 1
  return {
    current: () => `token-${number}`,
    renew: () => void (number += 1),
  }
}
