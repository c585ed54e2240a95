import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createBudget } from '../../src/core/budget.js'

const takeAll = (take: () => boolean): number => {
  let taken = 0
  while (take()) taken += 1
  return taken
}

test('I25: twenty repetitions at once are always allowed, and no more', () => {
  expect(takeAll(createBudget(manualClock()).take)).toBe(20)
})

test('I25: ten requests earn one repetition', () => {
  const budget = createBudget(manualClock())
  takeAll(budget.take)
  budget.requests += 9
  expect(budget.take()).toBe(false)
  budget.requests += 1
  expect(budget.take()).toBe(true)
  expect(budget.take()).toBe(false)
})

test('I25: a token returns every 10 s where nothing is asked for', async () => {
  const clock = manualClock()
  const budget = createBudget(clock)
  takeAll(budget.take)
  await clock.advance(9_999)
  expect(budget.take()).toBe(false)
  await clock.advance(1)
  expect(budget.take()).toBe(true)
  await clock.advance(24 * 3_600_000)
  expect(takeAll(budget.take)).toBe(20)
})

test('B08: much traffic allows more at once, and its share is forgotten when it is over', async () => {
  const clock = manualClock()
  const budget = createBudget(clock)
  for (let second = 0; second < 60; second++) {
    budget.requests += 100
    await clock.advance(1_000)
  }
  expect(takeAll(budget.take)).toBeGreaterThan(300)
  await clock.advance(24 * 3_600_000)
  expect(takeAll(budget.take)).toBe(20)
})

test('I25: whatever is asked and when, repetitions are at most ten per cent, twenty, and one each 10 s', async () => {
  const step = fc.record({ requests: fc.nat(50), ms: fc.nat(30_000), takes: fc.nat(60) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clock = manualClock()
      const begunAt = clock.now()
      const budget = createBudget(clock)
      let taken = 0
      for (const { requests, ms, takes } of steps) {
        budget.requests += requests
        await clock.advance(ms)
        for (let asked = 0; asked < takes; asked++) if (budget.take()) taken += 1
        const most = 20 + 0.1 * budget.requests + (clock.now() - begunAt) / 10_000
        expect(taken).toBeLessThanOrEqual(most + 1e-3)
      }
    }),
    { numRuns: 200 },
  )
})
