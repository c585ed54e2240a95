import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'
import { createNetworkStage, globalTypes } from '../../mocks/storybook/preview.js'

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

test('what is no scenario is all well', () => {
  const { clock, stage } = createStage()
  for (const given of [undefined, 'toString', 7]) stage.beforeEach(context('a', given))
  expect(clock.pending()).toBe(0)
  expect(globalTypes.network.toolbar.items[0]?.value).toBe('all-well')
})
