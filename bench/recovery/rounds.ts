/** What is done to a contestant, and what is written down. */
import type { Contestant, Started } from './contestants.js'
import { judge } from './bound.js'
import { RTT_MS, type Mode } from './reach.js'
import { world } from './world.js'

const URL = 'wss://api.example/ws'
/** Nobody looks at a page the moment it is loaded, and no round begins in step with a heartbeat. */
const SETTLED_MS = 20_000
const MOST_MS = 120_000
const HOUR_MS = 3_600_000
/** A page is idle a minute after its last use at the latest. */
const IDLE_MS = 120_000
/** A kernel gives up an attempt after 131 s; whoever waits for that still comes back. */
const PATIENCE_MS = 180_000

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Connects, waits a while, does something, and ends. */
async function round<T>(
  contestant: Contestant,
  seed: number,
  act: (lostAt: number, started: Started) => Promise<T>,
): Promise<T> {
  world.begin(contestant.protocol, seed)
  const started = contestant.start(URL)
  await world.pass(SETTLED_MS + seed * 137)
  if (!started.isUp()) throw new Error(`${contestant.name} has not connected`)
  const result = await act(world.now(), started)
  started.stop()
  world.become('up')
  await world.pass(RTT_MS * 4)
  return result
}

/** Ages of the attempts of an outage in which everything is refused. */
const refused = (contestant: Contestant, seed: number, forMs: number) =>
  round(contestant, seed, async (lostAt) => {
    const known = world.dials.length
    world.become('refused')
    world.cutAll()
    await world.pass(forMs)
    return world.dials.slice(known).map(({ at }) => at - lostAt)
  })

/** Many such traces, of so many ms each. */
export async function traceOutages(contestant: Contestant, seeds: number, forMs: number) {
  const traces: number[][] = []
  for (let seed = 1; seed <= seeds; seed++) traces.push(await refused(contestant, seed, forMs))
  return traces
}

/**
 * P1: waits and attempts against their bound, the one that finds the service back included; the attempts of an hour, and
 * when the last of them was made.
 */
export async function measureOutages(contestant: Contestant, seeds: number) {
  const traces = await traceOutages(contestant, seeds, MOST_MS)
  const hour = await refused(contestant, seeds + 1, HOUR_MS)
  return { ...judge(traces), anHour: hour.length, lastS: (hour.at(-1) ?? 0) / 1_000 }
}

/** How long after this it can be used again; Infinity: not within three minutes. */
async function untilUp({ isUp }: Started): Promise<number> {
  const beganAt = world.now()
  return (await world.pass(PATIENCE_MS, isUp)) ? world.now() - beganAt : Infinity
}

/** Out and back: the wait after it, and the attempts that were made until then. */
interface Trip {
  readonly delayMs: number
  /** While it was out. */
  readonly meanwhile: number
  readonly attempts: number
}

/** It loses its socket, and what it can reach, for so long. */
const trip = (contestant: Contestant, seed: number, mode: Mode, awayMs: number): Promise<Trip> =>
  round(contestant, seed, async (_lostAt, started) => {
    const known = world.dials.length
    const backAt = world.now() + awayMs
    world.become(mode)
    // A browser tells of `offline` and of an end in tasks of their own: promises go on in between.
    await world.endTask()
    world.cutAll()
    await world.pass(awayMs)
    // One that falls on the end belongs to what follows.
    const meanwhile = world.dials.slice(known).filter(({ at }) => at < backAt).length
    world.become('up')
    return { delayMs: await untilUp(started), meanwhile, attempts: world.dials.length - known }
  })

const summary = (trips: readonly Trip[]) => ({
  delayS: mean(trips.map(({ delayMs }) => delayMs)) / 1_000,
  meanwhile: mean(trips.map(({ meanwhile }) => meanwhile)),
  attempts: mean(trips.map(({ attempts }) => attempts)),
})

/** P2: a black hole of 2, 5, 20, 60 s, into which its socket was lost. */
export async function measureHoles(contestant: Contestant, seeds: number, mode: 'hole' | 'abyss') {
  const trips: Trip[] = []
  for (const holeMs of [2_000, 5_000, 20_000, 60_000])
    for (let seed = 1; seed <= seeds; seed++) trips.push(await trip(contestant, seed, mode, holeMs))
  return summary(trips)
}

/** P3: the device is without a network for a minute, and says when it is back. */
export async function measureOnline(contestant: Contestant, seeds: number) {
  const trips: Trip[] = []
  for (let seed = 1; seed <= seeds; seed++) trips.push(await trip(contestant, seed, 'away', 60_000))
  return summary(trips)
}

/** Seconds until it dials again after its open socket has gone silent, so long after the last use of the page. */
function notice(contestant: Contestant, seed: number, unusedMs: number): Promise<number> {
  return round(contestant, seed, async () => {
    await world.pass(IDLE_MS)
    world.touch()
    await world.pass(unusedMs)
    const known = world.dials.length
    const silentAt = world.now()
    world.become('hole')
    const isNoticed = await world.pass(600_000, () => world.dials.length > known)
    return isNoticed ? (world.now() - silentAt) / 1_000 : Infinity
  })
}

/** P5: how soon it notices, idle and in use, at any moment of a heartbeat; and the messages of an idle hour of health. */
export async function measureHalfOpen(contestant: Contestant, seeds: number) {
  const framesAnHour = await round(contestant, 1, async () => {
    await world.pass(IDLE_MS)
    const known = world.frames
    await world.pass(HOUR_MS)
    return world.frames - known
  })
  const idle: number[] = []
  const used: number[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    const phase = (seed - 0.5) / seeds
    idle.push(await notice(contestant, seed, IDLE_MS + Math.round(phase * 25_000)))
    used.push(await notice(contestant, seed, 20_000 + Math.round(phase * 5_000)))
  }
  return { noticeS: mean(idle), usedS: mean(used), mostUsedS: Math.max(...used), framesAnHour }
}
