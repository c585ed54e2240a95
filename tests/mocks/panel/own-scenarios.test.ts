import { addons } from 'storybook/preview-api'
import { afterEach, expect, test, vi } from 'vitest'
import { createNetwork } from '../../../mocks/network.js'
import type { Scenario } from '../../../mocks/scenario.js'
import { createNetworkStage, networkScenarios, scenarioOf } from '../../../mocks/storybook/index.js'
import { encodeLink } from '../../../mocks/storybook/link.js'
import { ASKED, TOLD, type Told } from '../../../mocks/storybook/messages.js'
import { hear, type Heard } from '../../../mocks/storybook/panel/heard.js'
import { timelineOf } from '../../../mocks/storybook/panel/timeline.js'
import { standsWithin, told } from './told.js'

const tillClosed: Scenario = {
  name: 'The till is closed',
  sentence: 'Nobody pays for four seconds.',
  steps: [{ atMs: 1000, do: { type: 'status', code: 503 }, forMs: 4000 }],
}
const globalTypes = networkScenarios({ 'till-closed': tillClosed })

const channel = addons.getChannel()
afterEach(() => {
  channel.removeAllListeners()
  vi.unstubAllGlobals()
})

/** What a panel that is open knows of a story after so much of its time (ms). */
function openPanel(story: string) {
  let heard: Heard | null = null
  channel.on(TOLD, (one: Told) => (heard = hear(heard, one) ?? heard))
  channel.emit(ASKED, { story, ask: { type: 'hello' } })
  return (ms: number) =>
    vi.waitFor(() => {
      if (heard === null || heard.nowMs < ms) throw new Error('not yet')
      return heard
    }, standsWithin)
}

const context = (network: string, types: object = globalTypes) => ({
  ...{ id: 'shop--till', globals: { network, networkSpeed: 100 } },
  globalTypes: { ...types },
})

const create = () => createNetworkStage(({ clock, seed }) => createNetwork({ clock, seed }))

const barsIn = (heard: Heard, lane: string) =>
  timelineOf(heard)
    .lanes.find(({ name }) => name === lane)!
    .rows.flat()
    .map(({ label, fromMs, toMs }) => [label, fromMs, toMs])

test('scenarios of one’s own stand in the toolbar’s menu before the catalogue', () => {
  const values = globalTypes.network.toolbar.items.map(({ value, title }) => `${value}: ${title}`)
  expect(values.slice(0, 4)).toEqual([
    'all-well: Network: all well',
    'again: The last one again',
    'till-closed: The till is closed',
    'blip: Blip of 0.7 s',
  ])
})

test('one is chosen, played and drawn by its name as those of the catalogue are', async () => {
  const stage = create()
  const leave = stage.beforeEach(context('till-closed'))
  const heard = await openPanel('shop--till')(1500)
  expect(barsIn(heard, 'server')).toEqual([['answers 503', 1000, 5000]])
  leave()
})

test('a link plays it, and without it says nothing', async () => {
  const link = { commands: [{ atMs: 0, do: 'run', what: 'till-closed' }], atMs: 2000 } as const
  const search = `?simulator=${encodeLink('shop--till', { ...link, filter: '', line: null })}`
  vi.stubGlobal('location', { search, href: `https://storybook.example/${search}` })
  for (const [types, bars] of [
    [globalTypes, [['answers 503', 1000, 5000]]],
    [{}, []],
  ] as const) {
    const leave = create().beforeEach(context('all-well', types))
    const heard = await openPanel('shop--till')(2000)
    expect([heard.nowMs, barsIn(heard, 'server')]).toEqual([2000, bars])
    leave()
    channel.removeAllListeners()
  }
})

test('the panel keeps what the names stand for from one message to the next, and asks when it does not know', () => {
  const script = { seed: 1, commands: [{ atMs: 0, do: 'run', what: 'till-closed' }] } as const
  const first = hear(null, told({ script, scenarios: { 'till-closed': tillClosed } }))!
  const { scenarios: _, ...next } = told({ script, world: 2 })
  expect(barsIn(hear(first, next)!, 'server')).toEqual([['answers 503', 1000, 5000]])
  expect(hear(null, next)).toBeNull()
  expect(hear(first, { ...next, story: 'another' })).toBeNull()
})

test('what is chosen can be told in words', () => {
  expect(scenarioOf({ network: 'till-closed' }, globalTypes)?.sentence).toBe('Nobody pays for four seconds.')
  expect(scenarioOf({ network: 'till-closed' })).toBeNull()
})

test.each([
  ['till closed', tillClosed, /scenarios is "till closed".*letters, digits and hyphens/],
  ['till_closed', tillClosed, /letters, digits and hyphens/],
  ['2026', tillClosed, /scenarios is "2026".*not of digits alone/],
  ['again', tillClosed, /neither the catalogue nor the toolbar/],
  ['offline-60s', tillClosed, /scenarios is "offline-60s".*neither the catalogue nor the toolbar/],
  ['till-closed', { ...tillClosed, name: undefined }, /scenarios\.till-closed\.name/],
  ['till-closed', { ...tillClosed, steps: [{ atMs: 0, do: { type: 'closed' } }] }, /steps\[0\]\.do\.type/],
])('a scenario "%s" that cannot be played is refused by name', (name, scenario, words) => {
  expect(() => networkScenarios({ [name]: scenario as Scenario })).toThrow(words)
})

test('what is no list of names is refused', () => {
  expect(() => networkScenarios([tillClosed] as never)).toThrow(/scenarios/)
})
