/** Which clients are compared in a scenario. */
import type { Scenario } from '../../../mocks/scenario.js'
import { transports, type TransportName } from './diary.js'

/**
 * Measured (Chromium in a network namespace whose link or address was taken away for 4 s): what is in the air stays
 * there, and is answered after the return; so it is on the simulator. Chromium's emulation of that, which a page of this
 * test has instead, fails it at once.
 */
const WHY_NO_POLLS =
  'polls: without a network a request in the air stays there, but in the emulation of that it fails at once'

/**
 * On a narrow path the heads of requests and answers take their time, which the simulator does not count (docs/spec,
 * fact 15): 35 to 70 ms a poll at 20 kB/s. Where that lasts for long, polls come apart, and a message falls into the
 * neighbouring one.
 */
const WHY_NO_LONG_POLLS =
  'polls: the heads of each take their time on a narrow path, which the simulator does not count'
const LONG_MS = 10_000

/** Why polls are not compared; null: they are. */
export function whyNoPolls(scenario: Scenario): string | null {
  if (isOffline(scenario)) return WHY_NO_POLLS
  const isLong = scenario.steps.some(
    ({ do: { type }, forMs }) => type === 'bandwidth' && (forMs ?? Infinity) > LONG_MS,
  )
  return isLong ? WHY_NO_LONG_POLLS : null
}

const isOffline = ({ steps }: Scenario): boolean => steps.some(({ do: { type } }) => type === 'offline')

/** Those whose traces are compared. */
export const comparedIn = <Name extends string = TransportName>(
  scenario: Scenario,
  names: readonly Name[] = transports as readonly string[] as readonly Name[],
): readonly Name[] => (whyNoPolls(scenario) ? names.filter((name) => name !== 'poll') : names)
