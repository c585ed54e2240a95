/** Whether what happens in a row depends on a few milliseconds, which no two machines have in common. */
import { seededRandom } from '../../mocks/random.js'
import type { Scenario } from '../../mocks/scenario.js'
import { sleep } from '../../src/core/clock.js'
import { around } from './around.js'
import type { Variant } from './plan.js'
import { LATENCY_MS, simulate, type Breakage } from './simulated.js'
import { upTo, type Moment, type Trace } from './trace.js'

/** An answer may be so much later than another one that was asked for at the same time, in ms. */
const LATE_MS = 30
/** A crossing may take so much longer, in ms: what follows from each other comes later and later, and may be overtaken. */
const SLOW_MS = [10, 20, 40]
/** A wait that is then so much longer or shorter has other luck, in ms. */
const OTHER_WAIT_MS = 100
/**
 * The same of a trip: it met something else on its way; and of the time from the return of the link to an answer: it
 * was held, or was not. Many at once may wait so long for each other.
 */
const OTHER_TRIP_MS = 300

/** Machines that are a little slower, each in its way. */
const machines: readonly Breakage[] = [
  ...SLOW_MS.map((ms) => ({ name: `all is ${ms} ms slower`, latencyMs: LATENCY_MS + ms })),
  ...[1, 2, 3, 4, 5, 6].map((seed) => late('answers', seed)),
  // Which of two that leave together arrives first decides whom a fault by chance strikes.
  ...[1, 2, 3, 4, 5, 6].map((seed) => late('requests', seed)),
]

/** Plays it on them; null: all see the same, later. Else what was seen there and not here. */
export async function whyByChance(
  scenario: Scenario,
  variant: Variant,
  whole: Trace,
  untilMs: number,
): Promise<string | null> {
  const trace = upTo(whole, untilMs)
  for (const machine of machines) {
    const seen = await simulate(scenario, variant, { ...machine, untilMs: untilMs + LATE_MS })
    const other = upTo(seen, untilMs + LATE_MS)
    const why = differenceOf(trace, other)
    if (why) return `${machine.name}: ${why}`
  }
  return null
}

function late(what: 'answers' | 'requests', seed: number): Breakage {
  return {
    name: `${what} come up to ${LATE_MS} ms late (${seed})`,
    ports(network) {
      const random = seededRandom(seed)
      return around(network, async (go, signal) => {
        const wait = () => sleep(network.clock, Math.round(random.next() * LATE_MS), signal)
        if (what === 'requests') await wait()
        try {
          return await go()
        } finally {
          if (what === 'answers') await wait()
        }
      })
    },
  }
}

function differenceOf(one: Trace, other: Trace): string | null {
  for (const list of ['links', 'phases'] as const) {
    const at = one[list].findIndex(({ what }, index) => what !== other[list][index]?.what)
    if (at >= 0) return `${one[list][at]?.what} at ${one[list][at]?.atMs}`
    if (other[list].length > one[list].length) return `the last of ${list}`
  }
  const moved = one.links.findIndex(
    ({ what }, index) =>
      what.startsWith('trying') &&
      Math.abs(waitMs(one.links, index) - waitMs(other.links, index)) > OTHER_WAIT_MS,
  )
  if (moved >= 0) return `the wait for ${one.links[moved]?.what} at ${one.links[moved]?.atMs}`
  const met = one.requests.find((request, index) => {
    const same = other.requests[index]!
    return (
      request.outcome !== same.outcome ||
      request.attempts !== same.attempts ||
      Math.abs(tripMs(one, request.number) - tripMs(other, request.number)) > OTHER_TRIP_MS ||
      (Math.abs((request.settledMs ?? 0) - (same.settledMs ?? 0)) > OTHER_TRIP_MS &&
        Math.abs(sinceLinkMs(one, request.number) - sinceLinkMs(other, request.number)) > OTHER_TRIP_MS)
    )
  })
  return met ? `request ${met.number}` : null
}

/** How long after the one before a moment came. */
const waitMs = (list: readonly Moment[], index: number): number =>
  (list[index]?.atMs ?? 0) - (list[index - 1]?.atMs ?? 0)

/** How long the last attempt of a request took; 0: it has not settled. */
function tripMs({ requests, departures }: Trace, number: number): number {
  const { settledMs = null } = requests[number - 1] ?? {}
  const left = departures.findLast(({ what }) => what === `request ${number}`)
  return settledMs === null || !left ? 0 : settledMs - left.atMs
}

/** How long after the last change of the link a request settled; 0: it has not. */
function sinceLinkMs({ requests, links }: Trace, number: number): number {
  const { settledMs = null } = requests[number - 1] ?? {}
  return settledMs === null ? 0 : settledMs - (links.findLast(({ atMs }) => atMs <= settledMs)?.atMs ?? 0)
}
