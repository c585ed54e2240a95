/** What is not played on both sides as it is written, with the reason. */
import type { FaultType } from '../../mocks/faults.js'
import type { Restart } from '../../mocks/restarts.js'
import type { Scenario, Step } from '../../mocks/scenario.js'
import { whyNotReal } from '../support/proxy/is-real.js'

const UNPLAYED: { readonly [T in Restart['type']]?: string } = {
  'restart.rolling':
    'one process at a time is behind the proxy, and processes of this server that serve side by side tell each other no events until their own next one',
}

/** Why a scenario is played on the simulator alone; null: it is played on both sides. */
export function whyUnreal(scenario: Scenario): string | null {
  const restarts = scenario.steps.map(({ do: { type } }) => UNPLAYED[type as Restart['type']] ?? null)
  return whyNotReal(scenario)[0] ?? restarts.find((why) => why !== null) ?? null
}

/** A scenario as both sides can play it. */
export interface Certain {
  readonly scenario: Scenario
  /** What was left out of it, and why. */
  readonly without: readonly string[]
}

/** What vanishes has no number, unless its page gives it one. */
const VANISHING: readonly FaultType[] = ['blackhole', 'lost', 'offline']

/**
 * Leaves out the luck that two worlds draw differently.
 *
 * @param isNumbered whether the page says the number of each request, as that of the kit does.
 */
export function certain(given: Scenario, isNumbered: boolean): Certain {
  const vanishes = given.steps.some(({ do: action }) => VANISHING.some((type) => type === action.type))
  const without: string[] = []
  const steps = given.steps.flatMap((step): readonly Step[] => {
    const action = step.do
    if (action.type === 'flaky' && vanishes && !isNumbered) {
      without.push('flaky: luck goes by the number of a request, and what vanished has none in a proxy')
      return []
    }
    if (action.type !== 'latency' || !action.jitterMs) return [step]
    without.push('jitter: a wire draws it for each packet, the simulator for each request')
    return [{ ...step, do: { ...action, jitterMs: 0 } }]
  })
  return { scenario: { ...given, steps }, without }
}
