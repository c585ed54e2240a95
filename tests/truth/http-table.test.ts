/**
 * The truth test: what the kit does on the simulator, it does in a real browser against the real server behind
 * the fault proxy. Each scenario of the catalogue that can be made real is played on both sides, and the traces
 * are the same: link states and phases in order, each request's outcome and attempts, and the times.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scenario } from '../../mocks/scenario.js'
import { scenarios } from '../../mocks/scenarios/index.js'
import { openBrowser, type TruthBrowser } from './browser.js'
import { breakages } from './breakages.js'
import { later } from './later.js'
import { type Measured, compareRow, measure } from './measure.js'
import { moreScenarios } from './more-scenarios.js'
import { knownGood } from './known-good.js'
import { buildWorkload } from './page.js'
import { variants } from './plan.js'
import { goFirst } from './priority.js'
import { createRow } from './rows.js'
import { shortened } from './shorten.js'
import { simulate } from './simulated.js'
import { tableOf } from './table.js'
import { certain, whyUnreal } from './unreal.js'

const isSoak = import.meta.env.MODE === 'soak'
/** In the test command no outage is longer than the one, and none begins after the other; in ms. */
const LONGEST_MS = isSoak ? Infinity : 4_000
const LAST_MS = isSoak ? Infinity : 5_000
const played = (scenario: Scenario) => shortened(certain(scenario, true).scenario, LONGEST_MS, LAST_MS)
/** Long enough for the whole table: the first test waits for nearly all of it. */
const TABLE_MS = isSoak ? 3_600_000 : 400_000
/** The issue wants at least so many. */
const LEAST_ROWS = 12

/** One scenario of each kind; the soak plays all. */
const SHORT = new Set([
  'blip',
  'offline-4s',
  'server-restarts',
  'server-killed',
  'timeouts',
  'slow',
  'maintenance',
  'captive-portal',
  'failing-503',
  'half-open',
  'token-expired',
  'reply-lost',
  'reply-lost-on-kept',
  'short-hole',
  'first-refused',
  'slow-down',
  'portal-redirects',
])

const all: readonly (readonly [string, Scenario])[] = Object.entries({
  ...scenarios,
  ...moreScenarios,
})
/** `HOLDFAST_ROWS=flaky,tunnel` plays these alone; what is said of the whole table is not true of them. */
const chosen = process.env['HOLDFAST_ROWS']?.split(',')
const isChosen = (name: string): boolean => (chosen ? chosen.includes(name) : isSoak || SHORT.has(name))
const real = all.filter(([name, scenario]) => whyUnreal(scenario) === null && isChosen(name))
const unreal = all.filter(([, scenario]) => whyUnreal(scenario) !== null)

const awaited = new Map(real.map(([name]) => [name, later<Measured>()]))
let browser: TruthBrowser | undefined
let goBack: (() => Promise<void>) | undefined

beforeAll(async () => {
  // First of all: what keeps the machine busy is done before anything is measured.
  const rows = await Promise.all(
    real.map(([name, scenario]) =>
      createRow(name, played(scenario), variants, isSoak ? undefined : (knownGood.http[name] ?? 0)),
    ),
  )
  const code = await buildWorkload()
  goBack = await goFirst()
  browser = await openBrowser()
  const tell = (measured: Measured) => awaited.get(measured.row.name)?.resolve(measured)
  measure(rows, { ...browser, code, tell }).catch((reason: unknown) => {
    for (const one of awaited.values()) one.reject(reason)
  })
}, TABLE_MS)

afterAll(async () => {
  await browser?.close()
  await goBack?.()
})

test.each(real)(
  'R12 R38 %s: the kit behaves on the simulator as it does in reality',
  async (name) => {
    const { differences } = await awaited.get(name)!.promise
    expect(differences).toEqual([])
  },
  TABLE_MS,
)

test.each(breakages)('a simulator in which $name is noticed by the table', async (breakage) => {
  const { row, real: report } = await awaited.get(breakage.on)!.promise
  const simulated = await simulate(row.scenario, row.variant, breakage)
  const { differences } = compareRow({ ...row, simulated }, report)
  console.log(`A simulator in which ${breakage.name}, on ${breakage.on}: ${differences[0] ?? 'not noticed'}`)
  expect(differences).not.toEqual([])
})

test(`the table has at least ${LEAST_ROWS} scenarios; the others are named with the reason`, async () => {
  const measured = await Promise.all([...awaited.values()].map(({ promise }) => promise))
  const alone = unreal.map(([name, scenario]) => `${name}: ${whyUnreal(scenario)}`)
  const without = real.flatMap(([name, scenario]) =>
    certain(scenario, true).without.map((what) => `${name}: ${what}`),
  )
  const notes = ['On the simulator alone:', ...alone, '', 'Played without:', ...without]
  console.log(`${tableOf(measured)}\n\n${notes.join('\n')}`)
  expect(measured.length).toBeGreaterThanOrEqual(LEAST_ROWS)
})
