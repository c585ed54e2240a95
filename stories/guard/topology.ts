/** Services that ask each other (the article, 5.1), each with so many places: what a slow one does to all of them. */
import { manualClock, seededRandom } from '../../mocks/index.js'
import { createGuard, type Guard } from '../../src/guard/index.js'
import { fixed, type Clock } from '../../src/index.js'

/** A service: how long it works itself, how many it can serve at a time, and whom it asks. */
interface ServiceSpec {
  readonly workMs: number
  readonly places: number
  readonly asks: readonly ServiceName[]
}

/** The names of the article. */
export type ServiceName = 'gateway' | 'goods' | 'cart' | 'stock' | 'cache' | 'database'

/** Who asks whom. The cart asks for the stock of what is in it, the goods for the stock and for what is cached. */
export const SERVICES: Readonly<Record<ServiceName, ServiceSpec>> = {
  gateway: { workMs: 5, places: 24, asks: ['goods', 'cart'] },
  goods: { workMs: 15, places: 12, asks: ['stock', 'cache'] },
  cart: { workMs: 10, places: 8, asks: ['stock'] },
  stock: { workMs: 10, places: 8, asks: ['database'] },
  cache: { workMs: 2, places: 40, asks: [] },
  database: { workMs: 15, places: 10, asks: [] },
}

/** What became of the calls to a service in a second of the run. */
export interface SecondOf {
  /** Answered, by the service itself or by those who asked it from what they knew. */
  ok: number
  /** Of these: from what was known. */
  estimated: number
  failed: number
}

/** A run: by service, second by second. */
export type Run = Readonly<Record<ServiceName, readonly SecondOf[]>>

/** How long a run is, and from when to when the database is slow (s). */
export const RUN = { lengthS: 50, slowFromS: 10, slowToS: 30 } as const

/** Arrivals at the gateway, every so many ms; how long the database takes while it is slow; how long anybody waits. */
const EVERY_MS = 20
const SLOW_MS = 3_000
const PATIENCE_MS = 2_000

/** Plays it; `guarded`: whoever asks another service has a guard before it. */
export async function playTopology(guarded: boolean): Promise<Run> {
  const clock = manualClock({ startAt: 0 })
  const run = Object.fromEntries(
    Object.keys(SERVICES).map((name) => [
      name,
      Array.from({ length: RUN.lengthS }, () => ({ ok: 0, estimated: 0, failed: 0 })),
    ]),
  ) as Record<ServiceName, SecondOf[]>
  const note = (name: ServiceName, what: keyof SecondOf) => {
    const second = run[name][Math.floor(clock.now() / 1_000)]
    if (second) second[what]++
  }
  const services = Object.fromEntries(
    (Object.keys(SERVICES) as ServiceName[]).map((name) => [name, createService(name, clock, ask)]),
  ) as Record<ServiceName, () => Promise<void>>
  const guards = new Map<string, Guard>()

  function guardOf(from: string, to: ServiceName): Guard {
    const edge = `${from} → ${to}`
    const guard =
      guards.get(edge) ??
      createGuard({ name: edge, slowAfterMs: 300, rest: fixed(3_000), clock, random: seededRandom(1) })
    guards.set(edge, guard)
    return guard
  }

  async function ask(from: string, to: ServiceName): Promise<void> {
    const call = () => inTime(clock, services[to]())
    try {
      const isEstimate =
        guarded && (await guardOf(from, to).call(call, { key: 'what is asked for' })).stale !== null
      if (!guarded) await call()
      note(to, 'ok')
      if (isEstimate) note(to, 'estimated')
    } catch (error) {
      note(to, 'failed')
      throw error
    }
  }

  for (let at = 0; at < RUN.lengthS * 1_000; at += EVERY_MS) {
    clock.setTimeout(() => void ask('page', 'gateway').catch(() => {}), at)
  }
  await clock.advanceTo(RUN.lengthS * 1_000)
  return run
}

/** It is given up after its time, and goes on all the same: nobody tells a service that nobody waits any more. */
function inTime(clock: Clock, answer: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimeout(() => reject(new Error('nobody waits any longer')), PATIENCE_MS)
    answer.then(resolve, reject).finally(cancel)
  })
}

function createService(
  name: ServiceName,
  clock: Clock,
  ask: (from: string, to: ServiceName) => Promise<void>,
): () => Promise<void> {
  const { workMs, places, asks } = SERVICES[name]
  const waiting: (() => void)[] = []
  let busy = 0
  const isSlow = () => {
    const s = clock.now() / 1_000
    return name === 'database' && s >= RUN.slowFromS && s < RUN.slowToS
  }
  const work = () => new Promise<void>((done) => clock.setTimeout(done, isSlow() ? SLOW_MS : workMs))
  /** Of what the gateway is asked for two thirds are goods, a third is the cart; half of the goods need no stock. */
  let turn = 0
  const asked = () => {
    turn++
    if (name === 'gateway') return [asks[turn % 3 === 2 ? 1 : 0]!]
    return name === 'goods' && turn % 2 === 0 ? asks.slice(1) : asks
  }

  return async () => {
    // As most do that were never told otherwise: whoever comes waits until there is a place.
    if (busy >= places) await new Promise<void>((next) => waiting.push(next))
    busy++
    try {
      await work()
      await Promise.all(asked().map((to) => ask(name, to)))
    } finally {
      busy--
      waiting.shift()?.()
    }
  }
}
