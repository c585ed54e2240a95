/**
 * The truth test of the kit's own channel: over each transport it tells the same on the simulator and in a real browser
 * against the real server behind the fault proxy. Its states, what is told of its topic (resumed, gaps, resets, each
 * message), what becomes of its messages, and the states of its link are the same, in the same order, and so are the
 * times. So are those of other casts: a channel that falls back, one of a person whose session is lost, three that share
 * a line, one that knows a second server, one whose dial is its health check, and a ReconnectingWebSocket.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scenario } from '../../mocks/scenario.js'
import { scenarios } from '../../mocks/scenarios/index.js'
import { openBrowser, type TruthBrowser } from './browser.js'
import { later } from './later.js'
import { castParts } from './live/cast-rows.js'
import { whyNoPolls } from './live/compared.js'
import { channelBreakages } from './live/channel-breakages.js'
import { compareChannel, measureChannels, type ChannelMeasured } from './live/channel-measure.js'
import type { ChannelPart } from './live/channel-plan.js'
import { createChannelRow } from './live/channel-rows.js'
import { channelScenarios } from './live/channel-scenarios.js'
import { simulateChannels } from './live/channel-simulated.js'
import { transports } from './live/diary.js'
import { liveScenarios } from './live/live-scenarios.js'
import { knownGood } from './known-good.js'
import { buildWorkload } from './page.js'
import { goFirst } from './priority.js'
import { shortened } from './shorten.js'
import { tableOf } from './table.js'
import { certain, whyUnreal } from './unreal.js'

const isSoak = import.meta.env.MODE === 'soak'
/** No part of an outage is longer than the one, and none begins after the other; in ms. */
const LONGEST_MS = isSoak ? 6_000 : 2_000
const LAST_MS = isSoak ? 20_000 : 6_000
const TABLE_MS = isSoak ? 3_600_000 : 200_000
/** All of the test command are played together: most of the time each waits. More of the soak made each other late. */
const AT_ONCE = isSoak ? 3 : 12
/** Of each transport at least so many scenarios are felt. */
const LEAST_ROWS = isSoak ? 12 : 4

/** One scenario of each kind; the soak plays all. `HOLDFAST_ROWS=half-open,timeouts` names others. */
const SHORT = new Set([
  ...['cut-for-a-blip', 'half-open', 'server-restarts', 'server-killed', 'token-too-old'],
  ...['sockets-blocked', 'session-lost', 'leader-closed', 'home-killed', 'killed-alone', 'half-open-alone'],
])

/** A channel comes back at once, and meets what lasts for a moment again, or not, by a few milliseconds. */
const MOMENT = 'whoever comes back at once meets it again, by chance'

/** Chromium's emulation of a lost network is not a kernel that has lost its network. */
const OFFLINE = 'sockets speak in it, and what they say waits in Chromium until then; offline-4s'

/** Scenarios that would be told twice, or not truly. */
const TOLD: Readonly<Record<string, string>> = {
  'token-expired': 'of a socket a proxy reads no frames; token-too-old',
  'token-refused': 'of a socket a proxy reads no frames; token-too-old',
  flapping: OFFLINE,
  'offline-briefly': OFFLINE,
  'deaf-server':
    'what a browser answers to the pings of a server by itself goes up into the hole, too, and its kernel sends all again with it; timeouts',
  tunnel: 'the heads of posts take their time on a narrow path, which the simulator does not count; slow-3g',
  'reply-lost':
    'which connection a post finds kept decides what is sent again, by chance; the first table plays it',
  'first-fail':
    'which of a dial and a health check a few ms apart is the last to fail is chance; the table of streams',
  'closed-for-now': `${MOMENT}; told-to-wait`,
  'closed-for-good': `${MOMENT}; final-code`,
  'closed-in-disorder': `${MOMENT}; cut-for-a-blip`,
  'cut-at-once': `${MOMENT}; cut-for-a-blip`,
}
const whyNot = (name: string, scenario: Scenario): string | null =>
  whyUnreal(scenario) ?? (TOLD[name] || null)

const each = Object.entries({ ...scenarios, ...liveScenarios, ...channelScenarios })
const all: readonly ChannelPart[] = [
  ...each.map(([name, scenario]): ChannelPart => ({ name, cast: 'transports', scenario })),
  ...castParts,
]
const chosen = process.env['HOLDFAST_ROWS']?.split(',')
const isChosen = (name: string): boolean => (chosen ? chosen.includes(name) : isSoak || SHORT.has(name))
const played = all.filter(({ name, scenario }) => whyNot(name, scenario) === null && isChosen(name))

const awaited = new Map(played.map(({ name }) => [name, later<ChannelMeasured>()]))
let browser: TruthBrowser | undefined
let goBack: (() => Promise<void>) | undefined

beforeAll(async () => {
  const rows = await Promise.all(
    played.map((part) => {
      const { scenario } = certain(part.scenario, false)
      const row = { ...part, scenario: shortened(scenario, LONGEST_MS, LAST_MS) }
      return createChannelRow(row, isSoak ? undefined : (knownGood.channel[part.name] ?? 0))
    }),
  )
  const code = await buildWorkload('channel')
  goBack = await goFirst()
  browser = await openBrowser()
  const tell = (measured: ChannelMeasured) => awaited.get(measured.row.name)?.resolve(measured)
  measureChannels(rows, { ...browser, code, atOnce: AT_ONCE, tell }).catch((reason: unknown) => {
    for (const one of awaited.values()) one.reject(reason)
  })
}, TABLE_MS)

afterAll(async () => {
  await browser?.close()
  await goBack?.()
})

test.each(played)(
  'R16 R21 I29 $name, $cast: whoever takes part tells on the simulator what it tells in reality',
  async ({ name }) => {
    const measured = await awaited.get(name)!.promise
    expect(measured.row.compared.flatMap((one) => compareChannel(measured, one).differences)).toEqual([])
  },
  TABLE_MS,
)

test.each(channelBreakages)('a simulator in which $name is noticed by the table', async (breakage) => {
  const { on, player } = breakage
  const { row, real } = await awaited.get(on)!.promise
  const simulated = await simulateChannels(row.scenario, row.plan, breakage)
  const { differences } = compareChannel({ row: { ...row, simulated }, real }, player)
  console.log(`A simulator in which ${breakage.name}, on ${on}: ${differences[0] ?? 'not noticed'}`)
  expect(differences).not.toEqual([])
})

test(`over each transport at least ${LEAST_ROWS} scenarios are felt; what is not played is named with the reason`, async () => {
  const measured = await Promise.all([...awaited.values()].map(({ promise }) => promise))
  const lines = measured.flatMap((one) =>
    one.row.felt.map((player) => ({
      ...{ real: one.real, times: one.times, ...compareChannel(one, player) },
      row: { name: `${one.row.name}, ${player}`, untilMs: one.row.untilMs },
    })),
  )
  const notPlayed = all.flatMap(({ name, scenario }) => {
    const why = whyNot(name, scenario)
    return why === null ? [] : [`${name}: ${why}`]
  })
  const without = played.flatMap(({ name, scenario }) => [
    ...certain(scenario, false).without.map((what) => `${name}: ${what}`),
    ...(whyNoPolls(scenario) === null ? [] : [`${name}: ${whyNoPolls(scenario)}`]),
  ])
  console.log([tableOf(lines), '', 'Not played:', ...notPlayed, '', 'Played without:', ...without].join('\n'))
  for (const transport of transports) {
    const felt = measured.filter(({ row }) => row.felt.includes(transport))
    expect(felt.length, transport).toBeGreaterThanOrEqual(LEAST_ROWS)
  }
})
