/** Measures the rows of the raw clients on the real thing. */
import type { Browser } from 'playwright-core'
import type { Comparison } from '../compare.js'
import { AFTERWARDS_MS } from '../measure.js'
import type { LiveReport } from '../page/live.js'
import { playAll, slackOf } from '../play-all.js'
import { prepare } from '../real.js'
import { settingsFor } from '../service.js'
import { momentsOf } from '../shorten.js'
import type { TransportName } from './diary.js'
import { compareClient } from './live-compare.js'
import type { LiveRow } from './live-rows.js'
import { publish } from './publisher.js'

/** A row that was measured. */
export interface LiveMeasured {
  readonly row: LiveRow
  readonly real: LiveReport
  /** How often it was measured: again while the machine stood still for longer than times may differ. */
  readonly times: number
}

/** Measures all rows, long ones first, and tells each as soon as it is known. */
export function measureLive(
  rows: readonly LiveRow[],
  { browser, code, tell }: { browser: Browser; code: string; tell: (measured: LiveMeasured) => void },
): Promise<void> {
  return playAll<LiveRow, LiveReport>(rows, {
    browser,
    prepare: ({ scenario, plan, untilMs }) =>
      prepare(scenario, {
        ...{ browser, code, settings: settingsFor(scenario), untilMs: untilMs + AFTERWARDS_MS },
        orderFor: (startAt) => ({ plan, startAt }),
        meanwhile: (service, startAt) => publish(service, plan.publishMs, startAt),
      }),
    tell: (row, real, times) => tell({ row, real, times }),
  })
}

/** Compares what one client has seen. */
export function compareTransport(
  { row, real }: Pick<LiveMeasured, 'row' | 'real'>,
  transport: TransportName,
): Comparison {
  const traces = { simulated: row.simulated, real: real.trace }
  return compareClient(transport, traces, momentsOf(row.scenario), row.untilMs, slackOf(real))
}
