/** Which scenarios can be made real, and what a proxy has to have for it. */
import { isDeviceAction } from '../../../mocks/device/actions.js'
import type { StepAction, Scenario } from '../../../mocks/scenario.js'
import { isRestart } from '../../../mocks/restarts.js'
import { stageOf } from './stage-of.js'

/** Why a scenario cannot be made real, by any proxy on any machine, step by step; empty: it can. */
export function whyNotReal({ steps }: Scenario): readonly string[] {
  return steps.flatMap(({ atMs, do: action }) => {
    const why = whyOf(action)
    return why === null ? [] : [`at ${atMs} ms: ${why}`]
  })
}

function whyOf(action: StepAction): string | null {
  if (isDeviceAction(action)) {
    return `${action.type} cannot be made real: a proxy stands in the network, not in the device`
  }
  const where = isRestart(action) ? null : stageOf(action, true)
  return where?.stage === 'none' ? where.why : null
}

/** Whether a scenario can be made real. */
export function isReal(scenario: Scenario): boolean {
  return whyNotReal(scenario).length === 0
}

/** Whether a scenario needs `gateway: true`, be it only to count bytes as the simulator does. */
export function needsGateway({ steps }: Scenario): boolean {
  return steps.some(
    ({ do: action }) =>
      !isRestart(action) && !isDeviceAction(action) && stageOf(action, true).stage === 'http',
  )
}
