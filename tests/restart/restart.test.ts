/**
 * The real thing: a built page in a real browser writes to a real server while that is ended by real signals,
 * or while nothing gets through to it. `HOLDFAST_RESTARTS` is the number of seeded runs of each kind.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.js'
import type { StaticServer } from '../support/static-server.js'
import { serveDeskPage } from './desk-page.js'
import { type RunResult, type Stage, runDesk } from './desk-run.js'

const RUNS = Number(process.env['HOLDFAST_RESTARTS'] ?? 3)
const seeds = Array.from({ length: RUNS }, (_, index) => index + 1)
const DOWN_MS = 3_000
const HOLE_MS = 5_000

let browser: Browser
let site: StaticServer
beforeAll(async () => {
  ;[site, browser] = await Promise.all([serveDeskPage(), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
})

/** The server is ended by this signal, the page is loaded again while it is down, and 3 s later it is back. */
const endedBy =
  (signal: 'SIGTERM' | 'SIGKILL') =>
  async ({ api, random, reload, restart }: Stage) => {
    api().signal(signal)
    await api().ended
    const reloadAfterMs = 500 + 2_000 * random.next()
    await Promise.all([wait(reloadAfterMs).then(reload), wait(DOWN_MS).then(restart)])
  }

/** Nothing gets through for 5 s, and nobody is told. */
async function swallowed({ proxy }: Stage) {
  await proxy.mode('blackhole')
  await wait(HOLE_MS)
  await proxy.mode('pass')
}

function check({ report, durable, plain, failures }: RunResult) {
  const applied = durable.map((entry) => entry.seq)
  const accepted = new Set<number | null>(report.accepted)
  // What a reload met between handing over and accepting may have been kept or not; all else must be there.
  expect(applied.filter((seq) => accepted.has(seq))).toEqual(report.accepted)
  expect(new Set(applied).size).toBe(applied.length)
  expect(applied).toEqual(report.attempted.filter((seq) => applied.includes(seq)))
  expect(report.attempted.length - report.accepted.length).toBeLessThanOrEqual(1)
  expect(failures).toEqual([])
  expect([report.pending, report.kept, Object.keys(report.ended)]).toEqual([[], 0, ['confirmed']])
  expect(plain.length).toBeGreaterThan(0)
}

/** One line a run: the numbers of the README come from here. */
function tell(kind: string, seed: number, { report, durable, backAfterMs, settledAfterMs }: RunResult) {
  const replays = durable.reduce((sum, entry) => sum + entry.replays, 0)
  console.log(
    `${kind}, seed ${seed}: ${report.accepted.length} accepted, ${durable.length} applied, ${replays} answered from the store, ` +
      `back after ${backAfterMs} ms, settled after ${settledAfterMs} ms; ${report.phases.join(' > ')}`,
  )
}

describe.each([
  ['I01 I05 a restart (SIGTERM)', endedBy('SIGTERM'), false],
  ['I01 I05 a crash (SIGKILL)', endedBy('SIGKILL'), false],
  ['R12 I01 a black hole of 5 s', swallowed, true],
] as const)(
  '%s: every accepted write is applied once and in order, and nothing fails',
  (kind, disturb, proxied) => {
    test.each(seeds)('seed %i', async (seed) => {
      const result = await runDesk({ browser, origin: site.origin, seed, proxied, disturb })
      tell(kind, seed, result)
      check(result)
    })
  },
)
