/** The rows of the table of channels: what both sides play, and what the simulator makes of it. */
import { seededRandom } from '../../../mocks/random.js'
import { lengthOf, type Scenario } from '../../../mocks/scenario.js'
import { sleep } from '../../../src/core/clock.js'
import { LATENCY_MS } from '../simulated.js'
import { momentsOf } from '../shorten.js'
import { comparedIn } from './compared.js'
import { channelPlanOf, channelVariants, type ChannelPlan, type ChannelVariant } from './channel-plan.js'
import { simulateChannels, type ChannelBreakage } from './channel-simulated.js'
import type { Happening, LiveTrace, TransportName } from './diary.js'
import { TELLS } from './channels.js'
import { compareClient } from './live-compare.js'
import { quietAfter } from './live-rows.js'

/** A scenario, ready to be measured. */
export interface ChannelRow {
  readonly name: string
  /** As it is played, on both sides. */
  readonly scenario: Scenario
  readonly plan: ChannelPlan
  readonly simulated: LiveTrace
  /** The channels that feel it: to the others nothing has happened. */
  readonly felt: readonly TransportName[]
  /** Up to when the traces are compared, in ms from the scenario's start. */
  readonly untilMs: number
}

/** What comes later than this after the last step is not waited for. */
const LONGEST_AFTER_MS = 5_000

/** Around the end of what is compared nothing happens. */
const AROUND_MS = 90

/** An answer may be so much later than another one that was asked for at the same time, in ms. */
const LATE_MS = 30

/** Of what is due at the same time in a page the second may come so late: behind the answer to the first. */
const SAY_APART_MS = 15

/**
 * On a slower machine something may come so much later, or by this part of the time until then: in a long outage each
 * attempt is as much later as all before it together. What comes later still has met something else on its way.
 */
const OTHER_WAIT_MS = 260
const OTHER_WAIT_PART = 0.1

/** Machines that are a little different, each in its way. */
const machines: readonly ChannelBreakage[] = [
  ...[1, 2, 3].map(lateAnswers),
  ...[10, 20, 40].map((ms) => ({ name: `all is ${ms} ms slower`, latencyMs: LATENCY_MS + ms })),
  ...[-90, 90].map((lateMs) => ({ name: `the scenario comes ${lateMs} ms later`, lateMs })),
]

/**
 * Finds the first variant that no few milliseconds decide, and after which whoever felt it is live again, or over.
 * @throws naming what is wrong with the last one, if there is none
 */
export async function createChannelRow(
  name: string,
  given: Scenario,
  tried: readonly ChannelVariant[] = channelVariants,
): Promise<ChannelRow> {
  let why = 'there are none'
  for (const variant of tried) {
    const scenario = { ...given, seed: variant.seed }
    const plan = channelPlanOf(scenario, variant)
    const simulated = await simulateChannels(scenario, plan)
    const untilMs = quietAfter(simulated, lengthOf(scenario) + LONGEST_AFTER_MS)
    const felt = await feltBy(scenario, plan, simulated, untilMs)
    const away = felt.find((transport) => !isSettledAt(simulated[transport], untilMs))
    if (felt.length === 0) why = 'no channel feels this scenario, and its row would prove nothing'
    else if (away) why = `${away} is neither live nor over ${LONGEST_AFTER_MS} ms after its last step`
    else {
      const chance = await whyByChance(scenario, plan, simulated, untilMs)
      if (chance === null) return { name, scenario, plan, simulated, felt, untilMs }
      why = `a few milliseconds decide what happens; where ${chance}`
    }
  }
  throw new Error(`${name}: none of ${tried.length} variants will do; of the last one: ${why}`)
}

/** What follows is a person's: a final code has ended it, or a renewed token was refused, too. */
const OVER = ['failed', 'unauthorized']

/** Nothing more comes of the scenario: it is live, or over. */
function isSettledAt(happenings: readonly Happening[], untilMs: number): boolean {
  const last = happenings.findLast(({ on, atMs }) => on === TELLS.state && atMs <= untilMs)
  return last !== undefined && (last.what.startsWith('live') || OVER.includes(last.what))
}

/** Of two answers that were asked for at the same time either may be the later one. */
function lateAnswers(seed: number): ChannelBreakage {
  return {
    name: `answers come up to ${LATE_MS} ms late (${seed})`,
    world: ({ clock, fetch }) => {
      const random = seededRandom(seed)
      return {
        async fetch(input, init) {
          const lateMs = Math.round(random.next() * LATE_MS)
          try {
            return await fetch(input, init)
          } finally {
            await sleep(clock, lateMs, init?.signal ?? undefined)
          }
        },
      }
    },
  }
}

/** Plays it on other machines; null: all tell the same, at about the same time. */
async function whyByChance(
  scenario: Scenario,
  plan: ChannelPlan,
  simulated: LiveTrace,
  untilMs: number,
): Promise<string | null> {
  const shifted = [-AROUND_MS, AROUND_MS].map((ms) => plan.publishMs.map((at) => at + ms))
  const all = [
    ...machines.map((machine) => ({ machine, plan })),
    ...shifted.map((publishMs) => ({
      machine: { name: 'messages come sooner or later' },
      plan: { ...plan, publishMs },
    })),
    // Of two posts that leave together it is up to the machine whether each has a connection of its own.
    {
      machine: { name: 'channels say something one after the other' },
      plan: { ...plan, apartMs: plan.apartMs + SAY_APART_MS },
    },
  ]
  for (const { machine, plan: other } of all) {
    const seen = await simulateChannels(scenario, other, machine)
    for (const transport of comparedIn(scenario)) {
      const why = otherThan(simulated[transport], seen[transport], untilMs)
      if (why !== null) return `${machine.name}: ${transport} ${why}`
    }
  }
  return null
}

/** What is another there, kind by kind; null: nothing. */
function otherThan(one: readonly Happening[], other: readonly Happening[], untilMs: number): string | null {
  for (const on of new Set(one.map((told) => told.on))) {
    const here = one.filter((told) => told.on === on && told.atMs <= untilMs)
    const there = other.filter((told) => told.on === on)
    const away = here.find(({ what, atMs }, index) => {
      const same = there[index]
      const mostMs = Math.max(OTHER_WAIT_MS, atMs * OTHER_WAIT_PART)
      return what !== same?.what || (atMs >= 0 && Math.abs(atMs - same.atMs) > mostMs)
    })
    const more = there[here.length]
    if (away) return `has another "${away.what}" at ${away.atMs} ms`
    if (more && more.atMs <= untilMs + AROUND_MS) return `also has "${more.what}" at ${more.atMs} ms`
  }
  return null
}

/** Whose trace is another than on a network on which all is well. */
async function feltBy(
  scenario: Scenario,
  plan: ChannelPlan,
  simulated: LiveTrace,
  untilMs: number,
): Promise<readonly TransportName[]> {
  const calm = await simulateChannels({ ...scenario, steps: [] }, plan)
  const traces = { simulated: calm, real: simulated }
  return comparedIn(scenario).filter(
    (transport) => compareClient(transport, traces, momentsOf(scenario), untilMs).differences.length > 0,
  )
}
