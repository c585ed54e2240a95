/** The rows of the table of raw clients: what both sides play, and what the simulator makes of it. */
import { lengthOf, type Scenario } from '../../../mocks/scenario.js'
import { firstGood } from '../first-good.js'
import { whyTooClose } from '../rows.js'
import { momentsOf } from '../shorten.js'
import { comparedIn } from './compared.js'
import { compareClient, wordsUpTo } from './live-compare.js'
import { transports, type LiveTrace, type TransportName } from './diary.js'
import {
  apart,
  livePlanOf,
  type LivePlan,
  liveVariants,
  tooCloseLive,
  type LiveVariant,
} from './live-plan.js'
import { simulateLive } from './live-simulated.js'

/** A scenario, ready to be measured. */
export interface LiveRow {
  readonly name: string
  /** As it is played, on both sides. */
  readonly scenario: Scenario
  readonly plan: LivePlan
  readonly simulated: LiveTrace
  /** The clients that feel it: to the others nothing has happened. */
  readonly felt: readonly TransportName[]
  /** Up to when the traces are compared, in ms from the scenario's start. */
  readonly untilMs: number
}

/** What comes later than this after the last step is not waited for. */
const LONGEST_AFTER_MS = 3_500
/** What is decided by less than this is decided by chance. */
const SHIFT_MS = 90
/** Around the end of what is compared nothing happens, so that both sides have it or neither. */
const QUIET_MS = 220

/**
 * Finds the first variant that can be compared.
 * @param known see `firstGood`
 * @throws naming what is wrong with the last one, if there is none
 */
export async function createLiveRow(name: string, given: Scenario, known?: number): Promise<LiveRow> {
  async function judge(variant: LiveVariant): Promise<LiveRow | string> {
    const scenario = { ...given, seed: variant.seed }
    const { plan, simulated } = await settled(scenario, livePlanOf(scenario, variant))
    const untilMs = quietAfter(simulated, lengthOf(scenario) + LONGEST_AFTER_MS)
    const compared = simulated.departures.filter(({ atMs }) => atMs <= untilMs)
    const close = tooCloseLive(scenario, compared)
    if (close.length > 0) return whyTooClose(scenario, close)
    if (await isByChance(scenario, plan, simulated, untilMs)) {
      return `what happens depends on whether messages come ${SHIFT_MS} ms sooner or later`
    }
    const felt = await feltBy(scenario, plan, simulated, untilMs)
    if (felt.length > 0) return { name, scenario, plan, simulated, felt, untilMs }
    return 'no client feels this scenario, and its row would prove nothing'
  }
  return firstGood(name, liveVariants, judge, known)
}

/** Leaves out messages until none comes at the same time as a question: each that is left out changes what is asked. */
async function settled(
  scenario: Scenario,
  planned: LivePlan,
): Promise<{ readonly plan: LivePlan; readonly simulated: LiveTrace }> {
  let plan = planned
  for (;;) {
    const simulated = await simulateLive(scenario, plan)
    const next = apart(plan, simulated.departures)
    if (next === plan) return { plan, simulated }
    plan = next
  }
}

/** Whether another order of events would come of messages that are a little earlier or later. */
async function isByChance(
  scenario: Scenario,
  plan: LivePlan,
  simulated: LiveTrace,
  untilMs: number,
): Promise<boolean> {
  const wordsOf = (trace: LiveTrace) =>
    JSON.stringify(transports.map((name) => wordsUpTo(trace.seen[name], untilMs + SHIFT_MS)))
  for (const shift of [-SHIFT_MS, SHIFT_MS]) {
    const shifted = { ...plan, publishMs: plan.publishMs.map((ms) => ms + shift) }
    const other = await simulateLive(scenario, shifted)
    if (wordsOf(other) !== wordsOf(simulated)) return true
  }
  return false
}

/** Whose trace is another than on a network on which all is well. */
async function feltBy(
  scenario: Scenario,
  plan: LivePlan,
  simulated: LiveTrace,
  untilMs: number,
): Promise<readonly TransportName[]> {
  const calm = await simulateLive({ ...scenario, steps: [] }, plan)
  const moments = momentsOf(scenario)
  return comparedIn(scenario).filter((transport) => {
    const { differences } = compareClient(transport, { simulated: calm, real: simulated }, moments, untilMs)
    return differences.some((difference) => difference.startsWith(transport))
  })
}

/** The last quiet instant that is not much later than `latestMs`. */
export function quietAfter({ seen }: LiveTrace<string>, latestMs: number): number {
  const instants = Object.values(seen)
    .flatMap((happenings) => happenings.map(({ atMs }) => atMs))
    .sort((one, other) => one - other)
  const at = instants.findLastIndex(
    (atMs, index) => atMs <= latestMs && (instants[index + 1] ?? Infinity) - atMs > 2 * QUIET_MS,
  )
  return (instants[at] ?? latestMs) + QUIET_MS
}
