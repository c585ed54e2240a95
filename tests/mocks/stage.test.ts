import { UPDATE_GLOBALS } from 'storybook/internal/core-events'
import { addons } from 'storybook/preview-api'
import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'
import { createNetworkStage, globalTypes, scenarioOf } from '../../mocks/storybook/preview.js'

const context = (id: string, network: unknown = 'all-well') => ({ id, globals: { network } })

function createStage() {
  const clock = manualClock()
  return { clock, stage: createNetworkStage(() => createNetwork({ clock })) }
}

test('each story has a network of its own, the same at each render', () => {
  const { stage } = createStage()
  expect(stage.networkOf(context('a'))).toBe(stage.networkOf(context('a')))
  expect(stage.networkOf(context('a'))).not.toBe(stage.networkOf(context('b')))
})

test('the toolbar switches live; a render without a change does not start the scenario anew', async () => {
  const { clock, stage } = createStage()
  const network = stage.networkOf(context('a'))
  stage.beforeEach(context('a', 'offline-4s'))
  await clock.advance(4000)
  expect(network.device.onLine).toBe(false)
  stage.beforeEach(context('a', 'offline-4s'))
  await clock.advance(1000)
  expect(network.device.onLine).toBe(true)
  stage.beforeEach(context('a', 'offline-60s'))
  await clock.advance(1000)
  expect(network.device.onLine).toBe(false)
  stage.beforeEach(context('a'))
  expect(network.device.onLine).toBe(true)
  expect(clock.pending()).toBe(0)
})

test('a story that goes takes its requests with it, and the next visit begins anew', async () => {
  const { clock, stage } = createStage()
  const leave = stage.beforeEach(context('a', 'timeouts'))
  const network = stage.networkOf(context('a'))
  await clock.advance(2000)
  const hanging = network.fetch('https://api.example/health').catch(() => 'ended')
  await clock.advance(1000)
  leave()
  expect(await hanging).toBe('ended')
  expect(clock.pending()).toBe(0)
  expect(stage.networkOf(context('a'))).not.toBe(network)
})

/** What the toolbar was told to say. */
function hearToolbar(): unknown[] {
  const said: unknown[] = []
  addons.getChannel().on(UPDATE_GLOBALS, ({ globals }) => said.push(globals.network))
  return said
}

test('a scenario that has ended leaves the toolbar at all well, and can be chosen once more', async () => {
  const { clock, stage } = createStage()
  const said = hearToolbar()
  const network = stage.networkOf(context('a'))
  for (const times of [1, 2]) {
    stage.beforeEach(context('a', 'offline-4s'))
    await clock.advance(1000)
    expect(network.device.onLine).toBe(false)
    expect(said).toHaveLength(times - 1)
    await clock.advance(4000)
    expect(network.device.onLine).toBe(true)
    expect(said).toEqual(Array(times).fill('all-well'))
  }
  expect(clock.pending()).toBe(0)
})

test('"again" begins the scenario from its beginning, and the toolbar says which one', async () => {
  const { clock, stage } = createStage()
  const said = hearToolbar()
  const network = stage.networkOf(context('a'))
  stage.beforeEach(context('a', 'offline-4s'))
  await clock.advance(4900)
  stage.beforeEach(context('a', 'again'))
  await clock.advance(400)
  stage.beforeEach(context('a', 'again'))
  expect(said).toEqual([])
  await clock.advance(100)
  expect(said).toEqual(['offline-4s'])
  stage.beforeEach(context('a', 'offline-4s'))
  await clock.advance(500)
  expect(network.device.onLine).toBe(false)
  await clock.advance(3999)
  expect(said).toEqual(['offline-4s'])
  await clock.advance(1)
  expect(said).toEqual(['offline-4s', 'all-well'])
  stage.beforeEach(context('a', 'again'))
  await clock.advance(1000)
  expect(network.device.onLine).toBe(false)
})

test('a story that goes tells the toolbar nothing more', async () => {
  const { clock, stage } = createStage()
  const said = hearToolbar()
  stage.beforeEach(context('a', 'offline-4s'))
  stage.beforeEach(context('a', 'again'))()
  await clock.advance(10_000)
  expect(said).toEqual([])
  expect(clock.pending()).toBe(0)
})

test('"again" before anything was played is all well, and a scenario without an end has none', async () => {
  const { clock, stage } = createStage()
  const said = hearToolbar()
  stage.beforeEach(context('a', 'again'))
  await clock.advance(500)
  expect(said).toEqual(['all-well'])
  stage.beforeEach(context('a', 'half-open'))
  await clock.advance(3_600_000)
  expect(said).toEqual(['all-well'])
})

test('what is chosen can be told in words', () => {
  expect(scenarioOf({ network: 'offline-4s' })?.sentence).toMatch(/Wi-Fi/)
  expect([scenarioOf({ network: 'again' }), scenarioOf({})]).toEqual([null, null])
})

test('what is no scenario is all well', () => {
  const { clock, stage } = createStage()
  for (const given of [undefined, 'toString', 7]) stage.beforeEach(context('a', given))
  expect(clock.pending()).toBe(0)
  expect(globalTypes.network.toolbar.items[0]?.value).toBe('all-well')
})
