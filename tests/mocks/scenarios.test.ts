import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkScenario, lengthOf, type Scenario } from '../../mocks/scenario.js'
import { scenarios } from '../../mocks/scenarios/index.js'
import { createDesk } from './desk.js'
import { listen, ticker } from './listener.js'

const all = Object.entries(scenarios)

test('each scenario has the name of its file, and no two have one name', () => {
  const files = readdirSync(new URL('../../mocks/scenarios', import.meta.url))
  const names = files.map((file) => file.replace('.ts', '')).filter((name) => name !== 'index')
  expect(Object.keys(scenarios).sort()).toEqual(names.sort())
  expect(new Set(all.map(([, { name }]) => name)).size).toBe(all.length)
})

test.each(all)('%s is valid, is plain data, and says which real situation it is', (_, scenario) => {
  expect(checkScenario(scenario)).toBe(scenario)
  expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario)
  expect(scenario.sentence).toMatch(/^[A-Z].{30,}\.$/)
})

/** Longer than a kernel goes on trying, so that a lost request has ended, too. */
const KERNEL_MS = 1_200_000

test.each(all)('%s strikes, ends by itself, and leaves nothing behind', async (_, scenario) => {
  const desk = createDesk()
  const { ask, order, clock, network } = desk
  network.use(ticker(desk, 400, 20))
  listen(desk, '/sse')
  network.run(scenario)
  const asked = []
  for (let at = 0; at < lengthOf(scenario) + 1000; at += 500) {
    asked.push(ask('/health'))
    order(`key-${at}`)
    await clock.advance(500)
  }
  await clock.advance(KERNEL_MS)
  expect(asked.some(({ end }) => end !== '204') || network.calls().some(({ fault }) => fault)).toBe(true)
  expect(asked.filter(({ end }) => end === 'pending')).toEqual([])
  const after = ask('/health')
  await clock.advance(40)
  expect(after.end).toBe('204')
  expect(network.device.onLine).toBe(true)
  expect(clock.pending()).toBe(0)
})

test('the same scenario and seed give the same log; steps of 0 begin at once', async () => {
  const play = async (seed: number) => {
    const { ask, clock, network } = createDesk({ seed: 99 })
    network.run({ ...scenarios.flaky, seed })
    for (let turn = 0; turn < 40; turn++) {
      ask()
      await clock.advance(100)
    }
    return network.logHash()
  }
  expect(await play(1)).toBe(await play(1))
  expect(await play(1)).not.toBe(await play(2))
})

test('the next scenario takes the place of the one that runs; calm takes back everything', async () => {
  const { ask, clock, network } = createDesk()
  network.run(scenarios['offline-60s'])
  await clock.advance(1000)
  expect(network.device.onLine).toBe(false)
  network.run(scenarios['failing-503'])
  expect(network.device.onLine).toBe(true)
  await clock.advance(1000)
  const failed = ask()
  await clock.advance(40)
  expect(failed.end).toBe('503')
  network.run(scenarios['server-killed'])
  await clock.advance(1500)
  network.calm()
  const well = ask()
  await clock.advance(40)
  expect(well.end).toBe('200')
  expect(clock.pending()).toBe(0)
})

test('the stop of a scenario takes back its faults and nothing else', async () => {
  const { ask, clock, network } = createDesk()
  const stop = network.run(scenarios.slow)
  network.apply({ type: 'status', code: 500 })
  stop()
  const asked = ask()
  await clock.advance(40)
  expect(asked.end).toBe('500')
})

const step = { atMs: 0, do: { type: 'refuse' } }
const bad: [unknown, string][] = [
  [null, 'scenario is null'],
  ['server-restarts', "such as scenarios['server-restarts']"],
  [{ sentence: 'b', steps: [] }, 'scenario.name'],
  [{ name: 'a', sentence: '', steps: [] }, 'scenario.sentence'],
  [{ name: 'a', sentence: 'b' }, 'scenario.steps'],
  [{ name: 'a', sentence: 'b', steps: [], speed: 2 }, 'scenario.speed'],
  [{ name: 'a', sentence: 'b', seed: 'x', steps: [] }, 'scenario.seed'],
  [{ name: 'a', sentence: 'b', steps: [step, { ...step, atMs: -1 }] }, 'scenario.steps[1].atMs'],
  [{ name: 'a', sentence: 'b', steps: [{ ...step, forMs: 0.5 }] }, 'scenario.steps[0].forMs'],
  [{ name: 'a', sentence: 'b', steps: [{ ...step, until: 3 }] }, 'scenario.steps[0].until'],
  [{ name: 'a', sentence: 'b', steps: [{ atMs: 0, do: { type: 'nope' } }] }, 'scenario.steps[0].do.type'],
  [{ name: 'a', sentence: 'b', steps: [{ atMs: 0, do: { type: 'restart.kill' } }] }, 'steps[0].do.downMs'],
  [{ name: 'a', sentence: 'b', steps: [{ atMs: 0, do: { type: 'restart.crashLoop' } }] }, 'do.times'],
  [
    { name: 'a', sentence: 'b', steps: [{ atMs: 0, do: { type: 'restart.kill', downMs: 1 }, forMs: 1 }] },
    'steps[0].forMs',
  ],
]
test.each(bad)('%j is refused and the error names what is wrong', (scenario, named) => {
  expect(() => createDesk().network.run(scenario as Scenario)).toThrow(named)
})
