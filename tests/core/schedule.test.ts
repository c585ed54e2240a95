import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { exponential, fixed, linear, sequence } from '../../src/core/schedule.js'
import * as presets from '../../src/presets.js'

const waits = (schedule: typeof presets.steady, count: number, roll = 0.5) =>
  Array.from({ length: count }, (_, step) => Math.round(schedule.delay(step, roll, 0)))

it('R04: the preset http is 1, 2, 4, 8, 16 s before its full jitter', () => {
  expect(Array.from({ length: 5 }, (_, step) => presets.http.delay(step, 1, 0))).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000,
  ])
  expect(presets.http.delay(3, 0, 0)).toBe(0)
})

it('R25: the preset article is two silent tries, every 3 s until 10 s, then 5, 10, 20, 30 s', () => {
  expect(waits(presets.article, 10)).toEqual([
    250, 500, 3_000, 3_000, 3_000, 5_000, 10_000, 20_000, 30_000, 30_000,
  ])
  expect(presets.article.delay(2, 0, 0)).toBe(2_400)
  expect(presets.article.delay(2, 0.9999999, 0)).toBeCloseTo(3_600, 2)
})

it('R13: the preset restart is 500 ms, doubling', () => {
  expect(waits(presets.restart, 3)).toEqual([500, 1_000, 2_000])
})

it('R20: the preset live is 1, 2, 4 … at most 30 s', () => {
  expect(waits(presets.live, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
})

it('R18: the preset fixed3s is 3 s', () => {
  expect(waits(presets.fixed3s, 2)).toEqual([3_000, 3_000])
})

it('R27: the preset additive is min(60 s, 2^n + U(0, 1)), and its jitter is lost at the cap', () => {
  expect(presets.additive.delay(0, 0.25, 0)).toBe(1_250)
  expect(presets.additive.delay(3, 0.5, 0)).toBe(8_500)
  expect(new Set([0, 0.3, 0.9].map((roll) => presets.additive.delay(6, roll, 0)))).toEqual(new Set([60_000]))
})

describe('steady', () => {
  it('tries at 0.75 to 0.9 s of the outage’s age, then by gaps that grow by the same amount', () => {
    expect(presets.steady.delay(0, 0, 300)).toBe(450)
    expect(presets.steady.delay(0, 1, 300)).toBe(600)
    expect(presets.steady.delay(1, 0.5, 0)).toBeCloseTo(500 * 1.35)
    expect(presets.steady.delay(2, 0.5, 0)).toBeCloseTo(500 * 1.7)
    expect(presets.steady.delay(500, 0.5, 0)).toBe(15_000)
  })

  it('makes at most 300 attempts in an hour', () => {
    let at = 0
    let attempts = 0
    while (at < 3_600_000) {
      at += presets.steady.delay(attempts, 0.5, at)
      attempts += 1
    }
    expect(attempts).toBeLessThanOrEqual(300)
    expect(attempts).toBeGreaterThan(250)
  })
})

it('I22: every delay lies in [0, cap × (1 + jitter)]', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 5_000, max: 60_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(2_000),
      fc.double({ min: 0, max: 0.999999, noNaN: true }),
      fc.nat(10_000_000),
      (baseMs, capMs, jitter, step, roll, ageMs) => {
        for (const schedule of [
          exponential({ baseMs, capMs, jitter }),
          linear({ baseMs, capMs, jitter }),
          fixed(baseMs, { jitter }),
          sequence([baseMs, capMs], { jitter }),
        ]) {
          const delayMs = schedule.delay(step, roll, ageMs)
          expect(delayMs).toBeGreaterThanOrEqual(0)
          expect(delayMs).toBeLessThanOrEqual(capMs * (1 + jitter))
        }
      },
    ),
  )
})

it('R28: a schedule can be printed', () => {
  expect(JSON.parse(JSON.stringify(presets.article))).toEqual({
    kind: 'sequence',
    delaysMs: [250, 500, 3_000, 3_000, 3_000, 5_000, 10_000, 20_000, 30_000],
    jitter: 0.2,
    restartStep: 2,
    flapStep: 2,
  })
})

it.each([
  ['NaN', () => fixed(Number.NaN), 'fixed.delayMs is NaN'],
  ['a negative number', () => fixed(-1), 'fixed.delayMs is -1'],
  ['a text', () => fixed('5' as never), 'fixed.delayMs is "5"'],
  ['a cap below the base', () => exponential({ baseMs: 10, capMs: 5 }), 'exponential.capMs is 5'],
  ['a jitter of 2', () => exponential({ baseMs: 10, jitter: 2 }), 'exponential.jitter is 2'],
  ['an unknown option', () => exponential({ baseMs: 10, cap: 5 } as never), 'exponential.cap'],
  ['an empty list', () => sequence([]), 'sequence.delaysMs'],
])('refuses %s, naming option, value and range', (_, make, text) => {
  expect(make).toThrow(text)
  try {
    make()
  } catch (error) {
    expect(isHoldfastError(error, 'bad-option')).toBe(true)
  }
})
