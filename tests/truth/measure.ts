/** Plays rows on the real thing, some at a time. */
import type { Browser } from 'playwright-core'
import { type Comparison, compare } from './compare.js'
import type { PageReport } from './page/main.js'
import { bringAlong } from './priority.js'
import { prepare } from './real.js'
import type { Row } from './rows.js'
import { momentsOf } from './shorten.js'

/** A row that was measured. */
export interface Measured extends Comparison {
  readonly row: Row
  readonly real: PageReport
  /** How often it was measured: again while the machine stood still for longer than times may differ. */
  readonly times: number
}

/** Pages at the same time. */
const AT_ONCE = 4
/** Pages begin so long one after the other: many scenarios end at the same moment, and all that was held goes out. */
const APART_MS = 400
/** Between the order to play and the first thing that is seen. */
const AHEAD_MS = 2_500
/** A page is asked a little after the end of what is compared. */
const AFTERWARDS_MS = 200
/** A page whose timers came later than this has not measured anything. */
const MOST_LATE_MS = 100
const MOST_TIMES = 3

/** Whether what a page reports is the behaviour of the kit, and not that of a machine that stood still. */
export const isMeasurement = ({ lateMs }: PageReport): boolean => lateMs <= MOST_LATE_MS

/**
 * Measures all rows, long ones first, and tells each as soon as it is known. The set-up of one does not disturb
 * the measurement of another: those that run together begin together.
 */
export async function measure(
  rows: readonly Row[],
  { browser, code, tell }: { browser: Browser; code: string; tell: (measured: Measured) => void },
): Promise<void> {
  const waiting = rows.map((row) => ({ row, times: 1 })).sort((a, b) => b.row.untilMs - a.row.untilMs)
  for (let batch = waiting.splice(0, AT_ONCE); batch.length > 0; batch = waiting.splice(0, AT_ONCE)) {
    const reports = await playTogether(
      batch.map(({ row }) => row),
      { browser, code },
    )
    batch.forEach(({ row, times }, index) => {
      const real = reports[index]!
      if (!isMeasurement(real) && times < MOST_TIMES) return void waiting.push({ row, times: times + 1 })
      tell({ ...compareRow(row, real), row, real, times })
    })
  }
}

/** Compares a row with what a page has seen. */
export function compareRow(row: Row, { trace }: PageReport): Comparison {
  return compare(row.simulated, trace, momentsOf(row.scenario), row.untilMs)
}

async function playTogether(
  rows: readonly Row[],
  { browser, code }: { browser: Browser; code: string },
): Promise<readonly PageReport[]> {
  const runs = await Promise.all(
    rows.map(({ scenario, variant, untilMs }) =>
      prepare(scenario, { browser, code, variant, untilMs: untilMs + AFTERWARDS_MS }),
    ),
  )
  try {
    await bringAlong(browser)
    const startAt = Date.now() + AHEAD_MS
    return await Promise.all(runs.map((run, index) => run.play(startAt + index * APART_MS)))
  } finally {
    await Promise.all(runs.map((run) => run.stop()))
  }
}
