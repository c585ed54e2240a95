/** Measures the rows of the kit on the real thing. */
import type { Browser } from 'playwright-core'
import { type Comparison, compare } from './compare.js'
import type { PageReport } from './page/main.js'
import { planOf } from './plan.js'
import { playAll, slackOf } from './play-all.js'
import { prepare } from './real.js'
import type { Row } from './rows.js'
import { settingsFor } from './service.js'
import { momentsOf } from './shorten.js'

/** A row that was measured. */
export interface Measured extends Comparison {
  readonly row: Row
  readonly real: PageReport
  /** How often it was measured: again while the machine stood still for longer than times may differ. */
  readonly times: number
}

/** A page is asked a little after the end of what is compared, in ms. */
export const AFTERWARDS_MS = 200
/** Measures all rows, long ones first, and tells each as soon as it is known. */
export function measure(
  rows: readonly Row[],
  { browser, code, tell }: { browser: Browser; code: string; tell: (measured: Measured) => void },
): Promise<void> {
  return playAll<Row, PageReport>(rows, {
    browser,
    prepare: ({ scenario, variant, untilMs }) =>
      prepare(scenario, {
        ...{ browser, code, settings: settingsFor(scenario), untilMs: untilMs + AFTERWARDS_MS },
        orderFor: (startAt) => ({ seed: variant.seed, plan: planOf(scenario, variant), startAt }),
      }),
    tell: (row, real, times) => tell({ ...compareRow(row, real), row, real, times }),
  })
}

/** Compares a row with what a page has seen. */
export function compareRow(row: Row, report: PageReport): Comparison {
  return compare(row.simulated, report.trace, momentsOf(row.scenario), row.untilMs, slackOf(report))
}
