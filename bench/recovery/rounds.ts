/** What is done to a contestant, and what is written down. */
import type { Contestant } from './contestants.js'
import { judge } from './bound.js'
import { RTT_MS, world } from './world.js'

const URL = 'wss://api.example/ws'
/** Nobody looks at a page the moment it is loaded, and no round begins in step with a heartbeat. */
const SETTLED_MS = 20_000
const MOST_MS = 120_000

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Connects, waits a while, does something, and ends. */
async function round<T>(
  contestant: Contestant,
  seed: number,
  act: (lostAt: number) => Promise<T>,
): Promise<T> {
  world.begin(contestant.protocol, seed)
  const stop = contestant.start(URL)
  await world.pass(SETTLED_MS + seed * 137, () => false)
  if (!world.isOpen) throw new Error(`${contestant.name} has not connected`)
  const result = await act(world.now())
  stop()
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

/** P1: waits and attempts against their bound, and the attempts of an hour. */
export async function measureOutages(contestant: Contestant, seeds: number) {
  const traces = await traceOutages(contestant, seeds, MOST_MS)
  const hour = await refused(contestant, seeds + 1, 3_600_000)
  return { ...judge(traces), anHour: hour.length }
}

/** How long after this its socket is open again; Infinity: not within two minutes. */
async function untilOpen(): Promise<number> {
  const beganAt = world.now()
  return (await world.pass(MOST_MS, () => world.isOpen)) ? world.now() - beganAt : Infinity
}

/** P2: the wait after a black hole of 2, 5, 20, 60 s, into which its socket was lost. */
export async function measureHoles(contestant: Contestant, seeds: number) {
  const delays: number[] = []
  const attempts: number[] = []
  for (const holeMs of [2_000, 5_000, 20_000, 60_000]) {
    for (let seed = 1; seed <= seeds; seed++) {
      await round(contestant, seed, async () => {
        const known = world.dials.length
        world.become('hole')
        world.cutAll()
        await world.pass(holeMs)
        world.become('up')
        delays.push(await untilOpen())
        attempts.push(world.dials.length - known)
      })
    }
  }
  return { delayS: mean(delays) / 1_000, attempts: mean(attempts) }
}

/** P3: the device is without a network for a minute, and says when it is back. */
export async function measureOnline(contestant: Contestant, seeds: number) {
  const delays: number[] = []
  const attempts: number[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    await round(contestant, seed, async () => {
      world.become('away')
      world.cutAll()
      await world.pass(60_000)
      const known = world.dials.length
      world.become('up')
      delays.push(await untilOpen())
      attempts.push(world.dials.length - known)
    })
  }
  return { delayS: mean(delays) / 1_000, attempts: mean(attempts) }
}

/** P5: seconds until it dials again after its open socket has gone silent, times messages in an hour of health. */
export async function measureHalfOpen(contestant: Contestant, seeds: number) {
  const hour = await round(contestant, 1, async () => {
    // An open page is idle most of its time: a minute after the last use at the latest.
    await world.pass(2 * 60_000)
    const known = world.frames
    await world.pass(3_600_000)
    return world.frames - known
  })
  const delays: number[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    await round(contestant, seed, async (lostAt) => {
      const known = world.dials.length
      // Idle for a while, as an open page mostly is; never in step.
      await world.pass(120_000 + ((seed * 7_919) % 25_000))
      const silentAt = world.now()
      world.become('hole')
      const noticed = await world.pass(600_000, () => world.dials.length > known)
      delays.push(noticed ? world.now() - silentAt : Infinity)
      return lostAt
    })
  }
  const noticeS = mean(delays) / 1_000
  return { noticeS, framesAnHour: hour, product: noticeS * hour }
}
