import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Scenario, Step } from '../../mocks/scenario.js'
import { scenarios } from '../../mocks/scenarios/index.js'
import { edgesOf, momentsOf, shortened } from './shorten.js'

const ms = fc.integer({ min: 5_000, max: 60_000 })
const action = fc.oneof(
  fc.record({ do: fc.constant({ type: 'refuse' as const }), forMs: ms }),
  fc.record({ do: fc.record({ type: fc.constant('restart.kill' as const), downMs: ms }) }),
  fc.record({
    do: fc.record({ type: fc.constant('restart.graceful' as const), drainMs: ms, downMs: ms, warmMs: ms }),
  }),
)
const step: fc.Arbitrary<Step> = fc
  .tuple(fc.nat(60_000), action)
  .map(([atMs, what]): Step => ({ atMs, ...what }))
const scenario = fc
  .array(step, { minLength: 1, maxLength: 6 })
  .map((steps): Scenario => ({ name: 'any', sentence: 'Anything.', steps }))

test('no fault and no stretch is longer than allowed, and whatever came first still does', () => {
  fc.assert(
    fc.property(scenario, ms, (given, longestMs) => {
      const short = shortened(given, longestMs, Infinity)
      for (const { forMs = 0 } of short.steps) expect(forMs).toBeLessThanOrEqual(longestMs)
      momentsOf(short).reduce((before, at) => {
        expect(at - before).toBeLessThanOrEqual(longestMs)
        return at
      }, 0)
      const edges = given.steps.flatMap(edgesOf)
      const moved = short.steps.flatMap(edgesOf)
      edges.forEach((one, here) =>
        edges.forEach((other, there) => {
          const order = Math.sign(one - other)
          expect(Math.sign(moved[here]! - moved[there]!)).toBe(order)
        }),
      )
    }),
  )
})

test.each(Object.entries(scenarios))('%s stays as it is where nothing is too long', (_name, given) => {
  expect(momentsOf(shortened(given, Infinity, Infinity))).toEqual(momentsOf(given))
})

test('a crash loop is up and down for as long as its first turn, shortened', () => {
  const given: Scenario = {
    name: 'Crash loop',
    sentence: 'Dies, again and again.',
    steps: [{ atMs: 1_000, do: { type: 'restart.crashLoop', times: 3, upMs: 20_000, downMs: 12_000 } }],
  }
  expect(momentsOf(shortened(given, 5_000, Infinity))).toEqual([1_000, 6_000, 11_000, 16_000, 21_000, 26_000])
})

test('an answer that names the end of its outage still does', () => {
  const [cut] = shortened(scenarios.maintenance, 9_000, Infinity).steps
  expect(cut).toMatchObject({ forMs: 9_000, do: { retryAfter: 9 } })
})

test('what begins too late is left out', () => {
  const cut = shortened(scenarios.flapping, Infinity, 9_000)
  expect(cut.steps.map(({ atMs }) => atMs)).toEqual([1_000, 5_000, 9_000])
  const loop: Scenario = {
    ...cut,
    steps: [{ atMs: 1_000, do: { type: 'restart.crashLoop', times: 9, upMs: 3_000, downMs: 1_000 } }],
  }
  expect(momentsOf(shortened(loop, Infinity, 9_000))).toEqual([1_000, 2_000, 5_000, 6_000, 9_000, 10_000])
})
