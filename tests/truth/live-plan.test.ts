import { expect, test } from 'vitest'
import type { Scenario } from '../../mocks/scenario.js'
import { apart, livePlanOf, liveVariants, tooCloseLive } from './live/live-plan.js'

const scenarioOf = (...steps: Scenario['steps']): Scenario => ({ name: 'x', sentence: 'x', steps })
const killed = scenarioOf({ atMs: 1_000, do: { type: 'restart.kill', downMs: 3_000 } })

test('nothing is planned close to a step, and nothing is published while nobody serves', () => {
  for (const one of liveVariants) {
    const { publishMs, pingsMs } = livePlanOf(killed, one)
    expect(publishMs.length).toBeGreaterThan(2)
    for (const ms of [...publishMs, ...pingsMs]) {
      for (const step of [1_000, 4_000]) expect(ms <= step - 400 || ms >= step + 300).toBe(true)
    }
    expect(publishMs.filter((ms) => ms >= 1_000 && ms <= 4_000)).toEqual([])
  }
})

test('a message at the same time as a question is left out, the poll that follows it is none', () => {
  const plan = { retryMs: 900, pingsMs: [2_000], publishMs: [1_000, 3_000] }
  const at = (atMs: number, what: string) => [{ atMs, what }]
  expect(apart(plan, at(1_055, 'poll'))).toBe(plan)
  expect(apart(plan, at(2_000, 'ws PING'))).toBe(plan)
  expect(apart(plan, at(1_020, 'poll')).publishMs).toEqual([3_000])
  expect(apart(plan, at(2_900, 'sse')).publishMs).toEqual([1_000])
  expect(apart(plan, at(1_900, 'ws dial')).pingsMs).toEqual([])
})

test('what leaves close to a step is told, but not what a drain itself sets off', () => {
  const what = (scenario: Scenario, atMs: number, name: string) =>
    tooCloseLive(scenario, [{ atMs, what: name }]).length > 0
  expect(what(killed, 1_250, 'poll')).toBe(true)
  expect(what(killed, 1_350, 'poll')).toBe(false)
  const drained = scenarioOf({ atMs: 1_000, do: { type: 'restart.graceful', drainMs: 2_000, downMs: 2_000 } })
  expect(what(drained, 1_053, 'poll')).toBe(false)
  expect(what(drained, 1_053, 'sse')).toBe(true)
  const hole = scenarioOf({ atMs: 1_000, do: { type: 'blackhole' }, forMs: 4_000 })
  // A SYN is sent again 1,020 ms later, data 1,470 ms: about when the hole ends, or not.
  expect([what(hole, 3_980, 'ws dial'), what(hole, 3_980, 'ws PING')]).toEqual([true, false])
  expect([what(hole, 3_530, 'ws dial'), what(hole, 3_530, 'ws PING')]).toEqual([false, true])
  const offline = scenarioOf({ atMs: 1_000, do: { type: 'offline' }, forMs: 4_000 })
  expect([what(offline, 3_000, 'ws dial'), what(offline, 3_000, 'ws PING')]).toEqual([false, true])
})
