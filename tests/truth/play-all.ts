/** Plays rows on the real thing, some at a time. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Browser } from 'playwright-core'
import { bringAlong } from './priority.js'
import type { PreparedRun } from './real.js'

/** Pages at the same time. */
const AT_ONCE = 6
/** Pages begin so long one after the other: many scenarios end at the same moment, and all that was held goes out. */
const APART_MS = 400
/** Between the order to play and the first thing that is seen. */
const AHEAD_MS = 1_500
/** A page, or a proxy, whose timers came later than this has not measured anything. */
const MOST_LATE_MS = 100
const MOST_TIMES = 3
/** How often this process looks at itself. */
const BEAT_MS = 20
const NS_PER_MS = 1e6

setFlagsFromString('--expose-gc')
/** Clears what simulating has left in this process: that would be done in the middle of the first measurement. */
const clearUp = runInNewContext('gc') as () => void

/** What is needed for it. */
export interface PlayAllOptions<Row, Report> {
  readonly browser: Browser
  prepare(row: Row): Promise<PreparedRun<Report>>
  /** Pages at the same time. Default: 6. */
  readonly atOnce?: number
  /** Told of each row as soon as it was measured; `times`: how often. */
  tell(row: Row, report: Report, times: number): void
}

/** How much more times may differ on a machine that was late in each of its measurements: it has proved no more. */
export const slackOf = ({ lateMs }: { readonly lateMs: number }): number =>
  lateMs > MOST_LATE_MS ? lateMs : 0

/**
 * Plays all rows, long ones first, and tells each. The set-up of one does not disturb the measurement of another:
 * those that run together begin together. A row whose page stood still is measured again.
 */
export async function playAll<Row extends { readonly untilMs: number }, Report extends { lateMs: number }>(
  rows: readonly Row[],
  { browser, prepare, tell, atOnce = AT_ONCE }: PlayAllOptions<Row, Report>,
): Promise<void> {
  const waiting = rows.map((row) => ({ row, times: 1 })).sort((a, b) => b.row.untilMs - a.row.untilMs)
  for (let batch = waiting.splice(0, atOnce); batch.length > 0; batch = waiting.splice(0, atOnce)) {
    const runs = await allPrepared(batch.map(({ row }) => prepare(row)))
    const reports = await playTogether(runs, browser)
    batch.forEach(({ row, times }, index) => {
      const report = reports[index]!
      const isMeasurement = report.lateMs <= MOST_LATE_MS
      if (!isMeasurement && times < MOST_TIMES) waiting.push({ row, times: times + 1 })
      else tell(row, report, times)
    })
  }
}

/** All of them, or an error: where one cannot be had, no server of the others is left behind. */
async function allPrepared<Report>(
  preparing: readonly Promise<PreparedRun<Report>>[],
): Promise<readonly PreparedRun<Report>[]> {
  try {
    return await Promise.all(preparing)
  } catch (error) {
    for (const one of await Promise.allSettled(preparing))
      if (one.status === 'fulfilled') await one.value.stop()
    throw error
  }
}

async function playTogether<Report extends { lateMs: number }>(
  runs: readonly PreparedRun<Report>[],
  browser: Browser,
): Promise<readonly Report[]> {
  const here = monitorEventLoopDelay({ resolution: BEAT_MS })
  try {
    await bringAlong(browser)
    clearUp()
    const startAt = Date.now() + AHEAD_MS
    here.enable()
    const playing = runs.map((run, index) => run.play(startAt + index * APART_MS))
    // How long the set-up of the first one takes is not in question.
    void wait(startAt - Date.now()).then(() => here.reset())
    const reports = await Promise.all(playing)
    // Proxies live in this process.
    const lateHereMs = here.max / NS_PER_MS - BEAT_MS
    return reports.map((report) => ({ ...report, lateMs: Math.max(report.lateMs, lateHereMs) }))
  } finally {
    here.disable()
    await Promise.all(runs.map((run) => run.stop()))
  }
}
