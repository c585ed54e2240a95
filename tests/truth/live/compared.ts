/** Which clients are compared in a scenario. */
import type { Scenario } from '../../../mocks/scenario.js'
import { transports, type TransportName } from './diary.js'

/**
 * Measured (Chromium in a network namespace whose link or address was taken away for 4 s): what is in the air stays
 * there, and is answered after the return; so it is on the simulator. Chromium's emulation of that, which a page of this
 * test has instead, fails it at once.
 */
export const WHY_NO_POLLS =
  'polls: without a network a request in the air stays there, but in the emulation of that it fails at once'

const isOffline = ({ steps }: Scenario): boolean => steps.some(({ do: { type } }) => type === 'offline')

/** Those whose traces are compared. */
export const comparedIn = (scenario: Scenario): readonly TransportName[] =>
  isOffline(scenario) ? transports.filter((name) => name !== 'poll') : transports
