/**
 * The truth test of what stays open: raw clients (a socket, a stream of events, polls; no kit) see the same on the
 * simulator and in a real browser against the real server behind the fault proxy. Of each connection the events,
 * frames, close codes, reasons, cleanness and cursors are the same, in the same order, and so are the times.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scenario } from '../../mocks/scenario.js'
import { scenarios } from '../../mocks/scenarios/index.js'
import { openBrowser, type TruthBrowser } from './browser.js'
import { later } from './later.js'
import { comparedIn, whyNoPolls } from './live/compared.js'
import { transports } from './live/diary.js'
import { liveBreakages } from './live/live-breakages.js'
import { compareTransport, measureLive, type LiveMeasured } from './live/live-measure.js'
import { createLiveRow } from './live/live-rows.js'
import { liveScenarios } from './live/live-scenarios.js'
import { simulateLive } from './live/live-simulated.js'
import { knownGood } from './known-good.js'
import { buildWorkload } from './page.js'
import { goFirst } from './priority.js'
import { shortened } from './shorten.js'
import { tableOf } from './table.js'
import { certain, whyUnreal } from './unreal.js'

const isSoak = import.meta.env.MODE === 'soak'
/**
 * No outage is longer than the one, and none begins after the other; in ms. Longer ones only repeat themselves to
 * clients that come back after a fixed time.
 */
const LONGEST_MS = isSoak ? 20_000 : 5_000
const LAST_MS = isSoak ? 40_000 : 6_500
const TABLE_MS = isSoak ? 3_600_000 : 400_000
/** Of each transport at least so many scenarios are felt. */
const LEAST_ROWS = isSoak ? 8 : 5
/** One scenario of each kind; the soak plays all. */
const SHORT = new Set([
  'server-restarts',
  'server-killed',
  'timeouts',
  'half-open',
  'closed-for-now',
  'cut-by-bytes',
  'blip',
  'late-guests',
])

/** Chromium's emulation of a lost network is not a kernel that has lost its network. */
const OFFLINE = 'sockets speak in it, and what they say waits in Chromium until then; offline-briefly'

/** Scenarios of the catalogue that would be told twice, or not truly. */
const TOLD: Readonly<Record<string, string>> = {
  'offline-4s': OFFLINE,
  'offline-60s': OFFLINE,
  ...(isSoak ? {} : { 'crash-loop': 'in the time of the test command it is server-killed' }),
  'failing-503': 'to who asks again after a fixed time it is maintenance',
  'slow-3g': 'slow and narrow together; the kit feels it (the other table)',
  'reply-lost': 'concerns writes alone; nothing here writes',
  'token-expired': `${OFFLINE}, and then token-refused`,
}
const whyNot = (name: string, scenario: Scenario): string | null =>
  whyUnreal(scenario) ?? (TOLD[name] || null)

const all: readonly (readonly [string, Scenario])[] = Object.entries({ ...scenarios, ...liveScenarios })
/** `HOLDFAST_ROWS=half-open,timeouts` plays these alone; what is said of the whole table is not true of them. */
const chosen = process.env['HOLDFAST_ROWS']?.split(',')
const isChosen = (name: string): boolean => (chosen ? chosen.includes(name) : isSoak || SHORT.has(name))
const played = all.filter(([name, scenario]) => whyNot(name, scenario) === null && isChosen(name))

const awaited = new Map(played.map(([name]) => [name, later<LiveMeasured>()]))
let browser: TruthBrowser | undefined
let goBack: (() => Promise<void>) | undefined

beforeAll(async () => {
  const rows = await Promise.all(
    played.map(([name, scenario]) =>
      createLiveRow(
        name,
        shortened(certain(scenario, false).scenario, LONGEST_MS, LAST_MS),
        isSoak ? undefined : (knownGood.live[name] ?? 0),
      ),
    ),
  )
  const code = await buildWorkload('live')
  goBack = await goFirst()
  browser = await openBrowser()
  const tell = (measured: LiveMeasured) => awaited.get(measured.row.name)?.resolve(measured)
  measureLive(rows, { ...browser, code, tell }).catch((reason: unknown) => {
    for (const one of awaited.values()) one.reject(reason)
  })
}, TABLE_MS)

afterAll(async () => {
  await browser?.close()
  await goBack?.()
})

test.each(played)(
  'I29 R07 %s: sockets, streams and polls see on the simulator what they see in reality',
  async (name) => {
    const measured = await awaited.get(name)!.promise
    const compared = comparedIn(measured.row.scenario)
    const differences = compared.flatMap((one) => compareTransport(measured, one).differences)
    expect(differences).toEqual([])
  },
  TABLE_MS,
)

test.each(liveBreakages)('a simulator in which $name is noticed by the table', async (breakage) => {
  const { on, transport } = breakage
  const { row, real } = await awaited.get(on)!.promise
  const simulated = await simulateLive(row.scenario, row.plan, breakage)
  const { differences } = compareTransport({ row: { ...row, simulated }, real }, transport)
  console.log(`A simulator in which ${breakage.name}, on ${on}: ${differences[0] ?? 'not noticed'}`)
  expect(differences.filter((difference) => difference.startsWith(transport))).not.toEqual([])
})

test(`each transport feels at least ${LEAST_ROWS} scenarios; what is not played is named with the reason`, async () => {
  const measured = await Promise.all([...awaited.values()].map(({ promise }) => promise))
  const lines = measured.flatMap((one) =>
    one.row.felt.map((transport) => ({
      ...{ real: one.real, times: one.times, ...compareTransport(one, transport) },
      row: { name: `${one.row.name}, ${transport}`, untilMs: one.row.untilMs },
    })),
  )
  const notPlayed = all.flatMap(([name, scenario]) => {
    const why = whyNot(name, scenario)
    return why === null ? [] : [`${name}: ${why}`]
  })
  const without = played.flatMap(([name, scenario]) => [
    ...certain(scenario, false).without.map((what) => `${name}: ${what}`),
    ...(whyNoPolls(scenario) === null ? [] : [`${name}: ${whyNoPolls(scenario)}`]),
  ])
  const notes = ['Not played:', ...notPlayed, '', 'Played without:', ...without]
  console.log(`${tableOf(lines)}\n\n${notes.join('\n')}`)
  for (const transport of transports) {
    const felt = measured.filter(({ row }) => row.felt.includes(transport))
    expect(felt.length, transport).toBeGreaterThanOrEqual(LEAST_ROWS)
  }
})
