import { UPDATE_GLOBALS } from 'storybook/internal/core-events'
import { addons } from 'storybook/preview-api'
import { afterEach, expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'
import {
  createNetworkStage,
  globalTypes,
  scenarioOf,
  type NetworkStage,
  type StageContext,
} from '../../mocks/storybook/index.js'
import { ASKED, TOLD, type Ask, type Told } from '../../mocks/storybook/messages.js'

const context = (id: string, network: unknown = 'all-well', more: object = {}): StageContext => ({
  ...{ id, globals: { network, ...more } },
})

const channel = addons.getChannel()
afterEach(() => channel.removeAllListeners())

/** Turns of the event loop: what was woken runs on, settling included. */
async function tick(): Promise<void> {
  for (let turns = 0; turns < 60; turns++) await new Promise((resolve) => setImmediate(resolve))
}

function createStage() {
  const real = manualClock()
  const stage = createNetworkStage(({ clock, seed }) => createNetwork({ clock, seed }), { real })
  /** Real time passes, frame by frame. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 16) {
      await real.advance(16)
      await tick()
    }
  }
  return { real, stage, pass }
}

/** What is told of a story, and what is asked of it. */
function openPanel(story: string) {
  const heard: Told[] = []
  channel.on(TOLD, (told: Told) => heard.push(told))
  return { heard, ask: (ask: Ask) => channel.emit(ASKED, { story, ask }) }
}

/** What the toolbar was told to say; Storybook then renders the story anew, a little later. */
function hearToolbar(stage: NetworkStage): unknown[] {
  const said: unknown[] = []
  channel.on(UPDATE_GLOBALS, ({ globals }) => {
    said.push(globals.network)
    setImmediate(() => stage.beforeEach(context('a', globals.network)))
  })
  return said
}

test('each story has a network of its own, the same at each render', () => {
  const { stage } = createStage()
  for (const id of ['a', 'b', 'a']) stage.beforeEach(context(id))
  expect(stage.networkOf(context('a'))).toBe(stage.networkOf(context('a')))
  expect(stage.networkOf(context('a'))).not.toBe(stage.networkOf(context('b')))
})

test('the toolbar switches live; a render without a change does not start the scenario anew', async () => {
  const { stage, pass } = createStage()
  stage.beforeEach(context('a', 'offline-4s'))
  const network = stage.networkOf(context('a'))
  await pass(4000)
  expect(network.device.onLine).toBe(false)
  stage.beforeEach(context('a', 'offline-4s'))
  await pass(1100)
  expect(network.device.onLine).toBe(true)
  stage.beforeEach(context('a', 'offline-60s'))
  await pass(1100)
  expect(network.device.onLine).toBe(false)
  stage.beforeEach(context('a'))
  await pass(50)
  expect(network.device.onLine).toBe(true)
})

test('a story that goes takes its requests with it, and the next visit begins anew', async () => {
  const { stage, pass } = createStage()
  const leave = stage.beforeEach(context('a', 'timeouts'))
  const network = stage.networkOf(context('a'))
  await pass(2000)
  const hanging = network.fetch('https://api.example/health').catch(() => 'ended')
  await pass(1000)
  leave()
  expect(await hanging).toBe('ended')
  stage.beforeEach(context('a'))
  expect(stage.networkOf(context('a'))).not.toBe(network)
})

test('a story that is not shown has no network: before it is, without beforeEach, and when it has gone', () => {
  const { stage, real } = createStage()
  const ask = () => stage.networkOf(context('a'))
  expect(ask).toThrow('The story a has no network now')
  const leave = stage.beforeEach(context('a'))
  expect(ask().log).toEqual([])
  leave()
  expect(ask).toThrow('beforeEach: stage.beforeEach')
  expect(() => stage.watch(context('a'), {})).toThrow('it has gone')
  expect(real.pending()).toBe(0)
})

test('a scenario that has ended leaves the toolbar at all well, and can be chosen once more', async () => {
  const { stage, pass } = createStage()
  const said = hearToolbar(stage)
  stage.beforeEach(context('a'))
  const network = stage.networkOf(context('a'))
  for (const times of [1, 2]) {
    stage.beforeEach(context('a', 'offline-4s'))
    await pass(1100)
    expect(network.device.onLine).toBe(false)
    expect(said).toHaveLength(times - 1)
    await pass(4000)
    expect(network.device.onLine).toBe(true)
    expect(said).toEqual(Array(times).fill('all-well'))
  }
})

test('"again" begins the scenario from its beginning, and the toolbar says which one', async () => {
  const { stage, pass } = createStage()
  const said = hearToolbar(stage)
  stage.beforeEach(context('a', 'offline-4s'))
  const network = stage.networkOf(context('a'))
  await pass(4900)
  stage.beforeEach(context('a', 'again'))
  await pass(400)
  stage.beforeEach(context('a', 'again'))
  expect(said).toEqual([])
  await pass(120)
  expect(said).toEqual(['offline-4s'])
  stage.beforeEach(context('a', 'offline-4s'))
  await pass(600)
  expect(network.device.onLine).toBe(false)
  await pass(4000)
  expect(said).toEqual(['offline-4s', 'all-well'])
  stage.beforeEach(context('a', 'again'))
  await pass(1100)
  expect(network.device.onLine).toBe(false)
})

test('what the toolbar was told is not taken for a choice, however late Storybook renders', async () => {
  const { stage, pass } = createStage()
  const late: (() => void)[] = []
  channel.on(UPDATE_GLOBALS, ({ globals }) =>
    late.push(() => void stage.beforeEach(context('a', globals.network))),
  )
  const { heard, ask } = openPanel('a')
  stage.beforeEach(context('a', 'offline-4s'))
  ask({ type: 'hello' })
  ask({ type: 'pause' })
  for (const toMs of [6000, 3000, 6000, 2000]) {
    ask({ type: 'seek', toMs })
    await pass(64)
  }
  for (const render of late) render()
  await pass(64)
  expect(late).toHaveLength(4)
  expect(heard.at(-1)).toMatchObject({ nowMs: 2000, script: { commands: [{ atMs: 0, what: 'offline-4s' }] } })
})

test('a choice that comes while time is on its way is not taken back until it takes force', async () => {
  const { stage, pass } = createStage()
  const said = hearToolbar(stage)
  const fast = { networkSpeed: 10 }
  stage.beforeEach(context('a', 'all-well', fast))
  // In the midst of a frame, which goes 160 ms on.
  const choose = () => void stage.beforeEach(context('a', 'offline-60s', fast))
  stage.networkOf(context('a')).clock.setTimeout(choose, 50)
  await pass(160)
  expect(said).toEqual([])
  await pass(7000)
  expect(said).toEqual(['all-well'])
})

test('a story that goes tells toolbar and panel nothing more', async () => {
  const { real, stage, pass } = createStage()
  const said = hearToolbar(stage)
  stage.beforeEach(context('a', 'offline-4s'))
  const leave = stage.beforeEach(context('a', 'again'))
  const { heard, ask } = openPanel('a')
  ask({ type: 'hello' })
  leave()
  const { length } = heard
  await pass(10_000)
  ask({ type: 'hello' })
  expect([said, heard.length]).toEqual([[], length])
  expect(real.pending()).toBe(0)
})

test('"again" before anything was played is all well, and a scenario without an end has none', async () => {
  const { stage, pass } = createStage()
  const said = hearToolbar(stage)
  stage.beforeEach(context('a'))
  stage.beforeEach(context('a', 'again'))
  await pass(520)
  expect(said).toEqual(['all-well'])
  stage.beforeEach(context('a', 'half-open', { networkSpeed: 100 }))
  await pass(4000)
  expect(said).toEqual(['all-well'])
})

test('speed and seed follow the toolbar, and nonsense is one', async () => {
  const { stage, pass } = createStage()
  const { heard, ask } = openPanel('a')
  stage.beforeEach(context('a', 'flaky', { networkSpeed: '10', networkSeed: 'often' }))
  ask({ type: 'hello' })
  expect([heard.at(-1)?.speed, heard.at(-1)?.script.seed]).toEqual([10, 1])
  await pass(320)
  expect(heard.at(-1)?.nowMs).toBeGreaterThan(2500)
  stage.beforeEach(context('a', 'flaky', { networkSpeed: 999, networkSeed: 4 }))
  await pass(160)
  expect([heard.at(-1)?.speed, heard.at(-1)?.script.seed, heard.at(-1)?.world]).toEqual([1, 4, 2])
})

test('time stands still until the story is on the page, and goes back with a new life of it', async () => {
  const { stage, pass } = createStage()
  const { heard, ask } = openPanel('a')
  let renders = 0
  const story = { ...context('a'), renderToCanvas: async () => void renders++ }
  stage.beforeEach(story)
  await pass(200)
  ask({ type: 'hello' })
  expect(heard.at(-1)?.nowMs).toBe(0)
  const first = stage.networkOf(story)
  await story.renderToCanvas()
  await pass(320)
  expect(heard.at(-1)?.nowMs).toBeGreaterThan(200)
  ask({ type: 'pause' })
  ask({ type: 'seek', toMs: 100 })
  await pass(100)
  expect(heard.at(-1)).toMatchObject({ nowMs: 100, world: 2, state: { name: 'paused' } })
  expect(renders).toBe(2)
  expect(stage.networkOf(story)).not.toBe(first)
  await expect(first.fetch('https://api.example/health')).rejects.toThrow()
})

test('the panel is told of what is watched, with its times, and of another story nothing', async () => {
  const { stage, pass } = createStage()
  const { heard, ask } = openPanel('a')
  stage.beforeEach(context('a'))
  ask({ type: 'hello' })
  let become = (_: { phase: string }): void => {}
  const status = {
    view: { phase: 'online' },
    subscribe: (listener: typeof become) => ((become = listener), () => {}),
  }
  stage.watch(context('a'), { status: status as never })
  await pass(320)
  become({ phase: 'grace' })
  become({ phase: 'grace' })
  await pass(64)
  const marks = heard.flatMap((told) => told.marks)
  expect(marks.map(({ lane, value }) => `${lane} ${value}`)).toEqual(['phase online', 'phase grace'])
  expect(marks[1]?.atMs).toBeGreaterThan(250)
  const { length } = heard
  channel.emit(ASKED, { story: 'b', ask: { type: 'hello' } })
  expect(heard).toHaveLength(length)
})

test('a fault by hand takes force at once, also while time stands still', async () => {
  const { stage, pass } = createStage()
  const { heard, ask } = openPanel('a')
  stage.beforeEach(context('a'))
  ask({ type: 'hello' })
  ask({ type: 'pause' })
  await pass(64)
  ask({ type: 'do', command: { do: 'begin', what: 'offline' } })
  await pass(64)
  expect(stage.networkOf(context('a')).device.onLine).toBe(false)
  expect(heard.at(-1)?.state.name).toBe('paused')
})

test('a network on another clock is refused by name', () => {
  const stage = createNetworkStage(() => createNetwork())
  expect(() => stage.beforeEach(context('a'))).toThrow(/clock/)
})

test('what is chosen can be told in words', () => {
  expect(scenarioOf({ network: 'offline-4s' })?.sentence).toMatch(/Wi-Fi/)
  expect([scenarioOf({ network: 'again' }), scenarioOf({})]).toEqual([null, null])
})

test('what is no scenario is all well', async () => {
  const { stage, pass } = createStage()
  for (const given of [undefined, 'toString', 7]) stage.beforeEach(context('a', given))
  await pass(100)
  expect(stage.networkOf(context('a')).device.onLine).toBe(true)
  expect(globalTypes.network.toolbar.items[0]?.value).toBe('all-well')
})
