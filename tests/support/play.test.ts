import { afterEach, expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import type { StepAction, Scenario, Step } from '../../mocks/scenario.js'
import { scenarios } from '../../mocks/scenarios/index.js'
import type { Fault } from '../../mocks/faults.js'
import type { FaultProxy } from './fault-proxy.js'
import { isReal, needsGateway, whyNotReal } from './proxy/is-real.js'
import { type RealStage, playScenario } from './proxy/play.js'
import { type Stops, dial, echo, undo, until } from './proxy-stage.js'

const stops: Stops = []
afterEach(() => undo(stops))

const scenario = (...steps: Step[]): Scenario => ({ name: 'Test', sentence: 'A test.', steps })

/** A stage that only writes down what is begun and undone, and when. */
function stage(hasGateway = true) {
  const clock = manualClock(0)
  const lines: string[] = []
  const note = (what: string) => {
    lines.push(`${clock.now()} ${what}`)
    return () => void lines.push(`${clock.now()} not ${what}`)
  }
  const proxy = {
    hasGateway,
    async apply({ type }: Fault) {
      const stop = note(type)
      return async () => stop()
    },
  } as unknown as FaultProxy
  const real: RealStage = {
    clock,
    proxy,
    restart: {
      graceful: ({ drainMs, downMs }) => note(`graceful ${drainMs} ${downMs}`),
      kill: ({ downMs }) => note(`kill ${downMs}`),
    },
    device: { offline: () => note('offline') },
  }
  return { clock, lines, real }
}

test('each step comes at its time and ends at its time; how late is told', async () => {
  const { clock, lines, real } = stage()
  const played = await playScenario(
    scenario(
      { atMs: 0, do: { type: 'latency', ms: 5 }, forMs: 400 },
      { atMs: 100, do: { type: 'refuse' }, forMs: 200 },
      { atMs: 250, do: { type: 'blackhole' } },
    ),
    real,
  )
  expect(lines).toEqual(['0 latency'])
  await clock.advance(1000)
  await played.done
  expect(lines).toEqual(['0 latency', '100 refuse', '250 blackhole', '300 not refuse', '400 not latency'])
  expect(played.moments[2]).toEqual({ atMs: 250, type: 'blackhole', what: 'begins', lateMs: 0, tookMs: 0 })
  await played.stop()
  expect(lines.at(-1)).toBe('1000 not blackhole')
  expect(clock.pending()).toBe(0)
})

test('a restart is handed over; its warm-up is latency, a crash loop is kills', async () => {
  const { clock, lines, real } = stage()
  const played = await playScenario(
    scenario(
      { atMs: 10, do: { type: 'restart.graceful', drainMs: 30, downMs: 50, warmMs: 20 } },
      { atMs: 1000, do: { type: 'restart.crashLoop', times: 2, upMs: 40, downMs: 60 } },
    ),
    real,
  )
  await clock.advance(2000)
  await played.done
  expect(lines).toEqual([
    '10 graceful 30 50',
    '90 latency',
    '110 not latency',
    '1000 kill 60',
    '1100 kill 60',
  ])
  await played.stop()
})

test('offline: the browser is told, and the path is silent; both are over together', async () => {
  const { clock, lines, real } = stage()
  const played = await playScenario(scenario({ atMs: 10, do: { type: 'offline' }, forMs: 40 }), real)
  await clock.advance(100)
  expect(lines).toEqual(['10 offline', '10 blackhole', '50 not blackhole', '50 not offline'])
  await played.stop()
})

test('stop takes back everything, last first, once, and nothing begins after it', async () => {
  const { clock, lines, real } = stage()
  const played = await playScenario(
    scenario(
      { atMs: 0, do: { type: 'latency', ms: 5 }, forMs: 10 },
      { atMs: 20, do: { type: 'refuse' } },
      { atMs: 30, do: { type: 'restart.kill', downMs: 500 } },
      { atMs: 40, do: { type: 'portal' } },
    ),
    real,
  )
  await clock.advance(35)
  await Promise.all([played.stop(), played.stop()])
  await played.done
  await clock.advance(100)
  expect(lines.slice(1)).toEqual([
    '10 not latency',
    '20 refuse',
    '30 kill 500',
    '35 not kill 500',
    '35 not refuse',
  ])
})

test('a step that fails is the failure of the scenario', async () => {
  const { clock, real } = stage()
  const broken = { ...real, restart: { kill: () => Promise.reject(new Error('no such process')) } }
  const played = await playScenario(scenario({ atMs: 10, do: { type: 'restart.kill', downMs: 1 } }), broken)
  await clock.advance(20)
  await expect(played.done).rejects.toThrow('no such process')
  await played.stop()
})

test('what cannot be made real is told before, and refused with the reason', async () => {
  const { clock, lines, real } = stage()
  const lying: StepAction[] = [
    { type: 'lie', onLine: true },
    { type: 'clockSkew', ms: 5 },
    { type: 'flaky', probability: 0.5, fault: { type: 'drop' } },
    { type: 'device.hidden' },
    { type: 'device.clockJump', ms: 5 },
  ]
  for (const action of lying) {
    const one = scenario({ atMs: 0, do: { type: 'latency', ms: 5 } }, { atMs: 7, do: action })
    expect([isReal(one), whyNotReal(one)[0]]).toEqual([false, expect.stringContaining('at 7 ms: ')])
    await expect(playScenario(one, real)).rejects.toThrow('cannot be made real')
  }
  const lost: StepAction = { type: 'restart.lostSession', downMs: 5 }
  await expect(playScenario(scenario({ atMs: 0, do: lost }), real)).rejects.toThrow('restart.lostSession')
  const { device: _, ...still } = real
  await expect(playScenario(scenarios['offline-4s'], still)).rejects.toThrow('offline needs a device')
  await expect(playScenario(scenarios['captive-portal'], stage(false).real)).rejects.toThrow('gateway: true')
  await expect(playScenario({} as Scenario, real)).rejects.toThrow('scenario.name')
  expect([lines, clock.pending()]).toEqual([[], 0])
})

test('the catalogue: what is real of it, and what needs the HTTP stage', () => {
  const real = Object.entries(scenarios).filter(([, one]) => isReal(one))
  for (const [name, one] of Object.entries(scenarios)) {
    expect([name, isReal(one)]).toEqual([name, whyNotReal(one).length === 0])
  }
  expect(real.length).toBeGreaterThanOrEqual(12)
  expect([needsGateway(scenarios.flaky), needsGateway(scenarios.timeouts)]).toEqual([true, false])
})

test('with a real proxy: refused while it says so, and served again', async () => {
  const clock = manualClock()
  const { proxy } = await echo(stops, { clock })
  const played = await playScenario(scenarios.blip, { proxy, clock })
  await dial(stops, proxy.port)
  await clock.advance(1000)
  await until(() => played.moments.length === 1)
  await expect(dial(stops, proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await clock.advance(700)
  await played.done
  const client = await dial(stops, proxy.port)
  client.write('one')
  expect(await client.told()).toBe('re:one')
  await played.stop()
})
