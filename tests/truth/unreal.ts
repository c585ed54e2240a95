/** What is not played on both sides as it is written, with the reason. */
import type { FaultType } from '../../mocks/faults.js'
import type { Scenario, Step } from '../../mocks/scenario.js'
import { whyNotReal } from '../support/proxy/is-real.js'

/** Why a scenario is played on the simulator alone; null: it is played on both sides. */
export function whyUnreal(scenario: Scenario): string | null {
  const lost = scenario.steps.some(({ do: deed }) => deed.type === 'restart.lostSession')
  return whyNotReal(scenario)[0] ?? (lost ? 'the workload of this test has no session to lose' : null)
}

/** A scenario as both sides can play it. */
export interface Certain {
  readonly scenario: Scenario
  /** What was left out of it, and why. */
  readonly without: readonly string[]
}

/** What never arrives is numbered by the simulator, and by no proxy. */
const VANISHING: readonly FaultType[] = ['blackhole', 'lost', 'offline']

/** Leaves out the luck that two worlds draw differently. */
export function certain(given: Scenario): Certain {
  const vanishes = given.steps.some(({ do: deed }) => VANISHING.some((type) => type === deed.type))
  const without: string[] = []
  const steps = given.steps.flatMap((step): readonly Step[] => {
    const deed = step.do
    if (deed.type === 'flaky' && vanishes) {
      without.push('flaky: luck goes by the number of a request, and what vanished has none in a proxy')
      return []
    }
    if (deed.type !== 'latency' || !deed.jitterMs) return [step]
    without.push('jitter: a wire draws it for each packet, the simulator for each request')
    return [{ ...step, do: { ...deed, jitterMs: 0 } }]
  })
  return { scenario: { ...given, steps }, without }
}
