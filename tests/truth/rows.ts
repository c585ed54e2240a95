/** The rows of the table: what both sides play, and what the simulator makes of it. */
import { lengthOf, type Scenario } from '../../mocks/scenario.js'
import { whyByChance } from './by-chance.js'
import { compare } from './compare.js'
import { firstGood } from './first-good.js'
import { MARGIN_MS, planOf, tooClose, variants, type Variant } from './plan.js'
import { momentsOf } from './shorten.js'
import { simulate } from './simulated.js'
import { instantsOf, type Moment, type Trace } from './trace.js'

/** A scenario, ready to be measured. */
export interface Row {
  readonly name: string
  /** As it is played, on both sides. */
  readonly scenario: Scenario
  readonly variant: Variant
  readonly simulated: Trace
  /** Up to when the traces are compared, in ms from the scenario's start. */
  readonly untilMs: number
}

/** What comes later than this after the last step is not waited for: "unstable" is told for half a minute. */
const LONGEST_AFTER_MS = 9_000
/** Around the end of what is compared nothing happens, so that both sides have it or neither. */
const QUIET_MS = 600

/**
 * Finds the variant with the most requests whose simulated trace feels the scenario, and can be compared.
 * @param known see `firstGood`
 * @throws naming what is wrong with the last one, if there is none
 */
export async function createRow(
  name: string,
  given: Scenario,
  tried: readonly Variant[] = variants,
  known?: number,
): Promise<Row> {
  const fullest = (one: Variant, other: Variant) => planOf(given, other).length - planOf(given, one).length
  async function judge(variant: Variant): Promise<Row | string> {
    const scenario = { ...given, seed: variant.seed }
    const simulated = await simulate(scenario, variant)
    const untilMs = quietAfter(simulated, lengthOf(scenario) + LONGEST_AFTER_MS)
    const close = tooClose(scenario, simulated)
    if (close.length > 0) return whyTooClose(scenario, close)
    if (!(await isFelt(scenario, variant, simulated, untilMs))) {
      return 'the workload does not feel this scenario, and its row would prove nothing'
    }
    const chance = await whyByChance(scenario, variant, simulated, untilMs)
    if (chance !== null) return `a few milliseconds decide what happens; where ${chance} is not as here`
    return { name, scenario, variant, simulated, untilMs }
  }
  return firstGood(name, [...tried].sort(fullest), judge, known)
}

/** Says what is too close to what. */
export function whyTooClose(scenario: Scenario, close: readonly Moment[]): string {
  const shown = close.map(({ atMs, what }) => `${what} at ${atMs}`).join(', ')
  return (
    `within ${MARGIN_MS} ms of a step, or repeated by a kernel at the end of a hole: ${shown}; ` +
    `steps: ${momentsOf(scenario).join(', ')}`
  )
}

/** Whether the trace is another than that of a network on which all is well. */
async function isFelt(scenario: Scenario, variant: Variant, trace: Trace, untilMs: number): Promise<boolean> {
  const calm = await simulate(scenario, variant, { name: 'nothing happens', scenario: calmed })
  return compare(calm, trace, momentsOf(scenario), untilMs).differences.length > 0
}

const calmed = (scenario: Scenario): Scenario => ({ ...scenario, steps: [] })

/** The last quiet instant that is not much later than `latestMs`. */
function quietAfter(trace: Trace, latestMs: number): number {
  const instants = instantsOf(trace)
  const at = instants.findLastIndex(
    (atMs, index) => atMs <= latestMs && (instants[index + 1] ?? Infinity) - atMs > 2 * QUIET_MS,
  )
  return (instants[at] ?? latestMs) + QUIET_MS
}
