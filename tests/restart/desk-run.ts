/** One run: a desk that writes, something that happens to its server, and the comparison afterwards. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { seededRandom } from '../../mocks/random.js'
import type { Random } from '../../src/core/clock.js'
import type { Phase } from '../../src/status/view.js'
import { type ApiProcess, startApi } from '../support/api-process.js'
import { type FaultProxy, createFaultProxy } from '../support/fault-proxy.js'
import type { DriverReport } from './page/driver.js'

/** A line of the server's ledger. */
export interface LedgerEntry {
  readonly position: number
  readonly item: string
  readonly seq: number | null
  readonly key: string | null
  readonly boot: string
  readonly appliedAt: number
  readonly replays: number
}

/** What a disturbance may do. */
export interface Stage {
  readonly random: Random
  /** What the page says of itself at present. */
  readonly report: () => Promise<DriverReport>
  /** How many durable writes the server has applied, asked behind the proxy's back. */
  readonly applied: () => Promise<number>
  readonly proxy: FaultProxy
  /** The process that serves at present. */
  readonly api: () => ApiProcess
  /** Starts the next process on the same port and database. */
  readonly restart: () => Promise<void>
  /** Loads the page again; it goes on writing by itself. */
  readonly reload: () => Promise<void>
}

/** What came of a run. */
export interface RunResult {
  readonly report: DriverReport
  /** Durable writes in the order in which they were applied. */
  readonly durable: readonly LedgerEntry[]
  /** Plain writes. */
  readonly plain: readonly LedgerEntry[]
  /** From the end of the disturbance to the first write applied after it, and to the last promise settled; ms. */
  readonly backAfterMs: number
  readonly settledAfterMs: number
  /** Rejections and phases, those before the reload included. */
  readonly failures: readonly string[]
  readonly phases: readonly Phase[]
}

/** Options of a run. */
export interface RunOptions {
  readonly browser: Browser
  /** Where the page is. */
  readonly origin: string
  readonly seed: number
  /** Whether the page speaks through the fault proxy. Default: straight to the server. */
  readonly proxied?: boolean
  /** Happens after a random number of writes. When it resolves, the server can be reached. */
  readonly disturb: (stage: Stage) => Promise<void>
}

const WRITING = { perSecond: 10, count: 50 }
/** Longest wait for the last promise to settle, on a busy machine: beyond it something hangs. */
const SETTLE_WITHIN_MS = 60_000

/** Runs it and hands back the facts; judging them is the test's. */
export async function runDesk({
  browser,
  origin,
  seed,
  proxied = false,
  disturb,
}: RunOptions): Promise<RunResult> {
  const stops: (() => unknown)[] = []
  try {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
    stops.push(() => rm(folder, { recursive: true, force: true }))
    const settings = { db: join(folder, 'orders.db'), origins: origin, 'retry-after-s': 3 }
    let api = await startApi({ ...settings, port: 0 })
    const { port } = api
    stops.push(() => api.stop())
    const proxy = await createFaultProxy({ target: { port } })
    stops.push(proxy.stop)
    const context = await browser.newContext()
    stops.push(() => context.close())
    const page = await context.newPage()
    const failures: string[] = []
    const phases: Phase[] = []
    page.on('pageerror', (error) => failures.push(`uncaught: ${error.message}`))

    const url = new URL(origin)
    url.search = new URLSearchParams({
      api: `http://127.0.0.1:${proxied ? proxy.port : port}`,
      run: `run-${seed}`,
    }).toString()
    const report = () => page.evaluate(() => window.desk.report())
    const write = () => page.evaluate((writing) => void window.desk.startWriting(writing), WRITING)

    await page.goto(url.href)
    await write()
    const random = seededRandom(seed)
    const confirmed = 6 + Math.floor(8 * random.next())
    await until(
      report,
      ({ ended, answered }) => (ended['confirmed'] ?? 0) >= confirmed && answered.length > 0,
    )
    await disturb({
      random,
      proxy,
      report,
      applied: async () => durableOf(await ledger(port)).length,
      api: () => api,
      async restart() {
        api = await startApi({ ...settings, port })
      },
      async reload() {
        const before = await report()
        failures.push(...before.failures)
        phases.push(...before.phases)
        await page.reload()
        await write()
      },
    })
    const overAt = Date.now()
    const last = await until(report, isSettled)
    const settledAfterMs = Date.now() - overAt
    const entries = await ledger(port)
    const after = entries.find((entry) => entry.appliedAt >= overAt)
    return {
      report: last,
      durable: durableOf(entries),
      plain: entries.filter((entry) => entry.item === 'plain'),
      backAfterMs: (after?.appliedAt ?? Infinity) - overAt,
      settledAfterMs,
      failures: [...failures, ...last.failures],
      phases: [...phases, ...last.phases],
    }
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

/** Everything was handed over, and nothing is pending. */
const isSettled = ({ attempted, pending, kept }: DriverReport) =>
  attempted.length >= WRITING.count && pending.length === 0 && kept === 0

/** The first report that is as wanted, or the one after which the time was up. */
export async function until(
  report: () => Promise<DriverReport>,
  isWanted: (report: DriverReport) => boolean,
): Promise<DriverReport> {
  const giveUpAt = Date.now() + SETTLE_WITHIN_MS
  for (;;) {
    const now = await report()
    if (isWanted(now) || Date.now() > giveUpAt) return now
    await wait(50)
  }
}

const durableOf = (entries: readonly LedgerEntry[]) => entries.filter(({ item }) => item === 'durable')

/** Everything that was applied, in order. */
export async function ledger(port: number): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = []
  for (;;) {
    const after = entries.at(-1)?.position ?? 0
    const answer = await fetch(`http://127.0.0.1:${port}/ledger?after=${after}`)
    const { entries: page } = (await answer.json()) as { entries: LedgerEntry[] }
    if (page.length === 0) return entries
    entries.push(...page)
  }
}
