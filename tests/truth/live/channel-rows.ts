/** The rows of the table of channels: what both sides play, and what the simulator makes of it. */
import { seededRandom } from '../../../mocks/random.js'
import { lengthOf, type Scenario } from '../../../mocks/scenario.js'
import { sleep } from '../../../src/core/clock.js'
import { firstGood } from '../first-good.js'
import { LATENCY_MS } from '../simulated.js'
import { momentsOf } from '../shorten.js'
import { comparedIn } from './compared.js'
import type { CastName } from './casts.js'
import {
  channelPlanOf,
  channelVariants,
  type ChannelPart,
  type ChannelPlan,
  type ChannelVariant,
} from './channel-plan.js'
import { simulateChannels, type ChannelBreakage } from './channel-simulated.js'
import type { Happening, LiveTrace } from './diary.js'
import { compareClient } from './live-compare.js'
import { quietAfter } from './live-rows.js'
import { TELLS } from './player.js'

/** A scenario, ready to be measured. */
export interface ChannelRow {
  readonly name: string
  /** As it is played, on both sides. */
  readonly scenario: Scenario
  readonly plan: ChannelPlan
  readonly simulated: LiveTrace<string>
  /** Those whose traces are compared. */
  readonly compared: readonly string[]
  /** Those of them who feel it: to the others nothing has happened. */
  readonly felt: readonly string[]
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
 * @param known see `firstGood`
 * @throws naming what is wrong with the last one, if there is none
 */
export async function createChannelRow(part: ChannelPart, known?: number): Promise<ChannelRow> {
  const { name } = part
  async function judge(variant: ChannelVariant): Promise<ChannelRow | string> {
    const scenario = { ...part.scenario, seed: variant.seed }
    const plan = channelPlanOf({ ...part, scenario }, variant)
    const simulated = await simulateChannels(scenario, plan)
    const compared = comparedIn(scenario, Object.keys(simulated.seen))
    const untilMs = quietAfter(simulated, lengthOf(scenario) + LONGEST_AFTER_MS)
    const row = { name, scenario, plan, simulated, compared, untilMs }
    const felt = await feltBy(row)
    if (felt.length === 0) return 'no channel feels this scenario, and its row would prove nothing'
    const away = felt.find((one) => !isSettledAt(simulated.seen[one] ?? [], part.cast, untilMs))
    if (away) return `${away} is neither live nor over ${LONGEST_AFTER_MS} ms after its last step`
    const chance = await whyByChance(row)
    return chance === null ? { ...row, felt } : `a few milliseconds decide what happens; where ${chance}`
  }
  return firstGood(name, channelVariants, judge, known)
}

/** What follows is a person's: a final code has ended it, a renewed token was refused, too, or it was closed by hand. */
const OVER = ['failed', 'unauthorized', 'closed']

/** Nothing more comes of the scenario: it is live, or over. What is no channel tells no states: it has heard something. */
function isSettledAt(happenings: readonly Happening[], cast: CastName, untilMs: number): boolean {
  const seen = happenings.filter(({ atMs }) => atMs <= untilMs)
  if (cast === 'reconnecting') return /^RESUMED|^EVENT|^ACK/.test(seen.at(-1)?.what ?? '')
  const last = seen.findLast(({ on }) => on === TELLS.state)?.what ?? ''
  return last.startsWith('live') || OVER.includes(last)
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
async function whyByChance({
  scenario,
  plan,
  simulated,
  compared,
  untilMs,
}: Omit<ChannelRow, 'felt'>): Promise<string | null> {
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
    const { seen } = await simulateChannels(scenario, other, machine)
    for (const one of compared) {
      const why = otherThan(simulated.seen[one] ?? [], seen[one] ?? [], untilMs)
      if (why !== null) return `${machine.name}: ${one} ${why}`
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
async function feltBy({
  scenario,
  plan,
  simulated,
  compared,
  untilMs,
}: Omit<ChannelRow, 'felt'>): Promise<readonly string[]> {
  const calm = await simulateChannels({ ...scenario, steps: [] }, plan)
  const traces = { simulated: calm, real: simulated }
  return compared.filter(
    (name) => compareClient(name, traces, momentsOf(scenario), untilMs).differences.length > 0,
  )
}
