import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AWAY_MS, CAPACITY, kitHerd, playHerd, tracedHerd } from '../../bench/recovery/herd.js'
import { seededRandom } from '../../mocks/random.js'
import { exponential, fixed, type Schedule } from '../../src/index.js'
import { additive, fixed3s, http, steady } from '../../src/presets.js'
import { calculateHerd, type HerdOptions } from '../../stories/schedules/herd.js'
import { attemptsOf, SHOWN, waitsOf } from '../../stories/schedules/schedules.js'
import { duration, times } from '../../stories/schedules/words.js'

const herd = (given: Partial<HerdOptions> = {}) =>
  calculateHerd({
    clients: 20_000,
    capacity: 1_000,
    awayMs: 120_000,
    schedule: steady,
    tickets: false,
    chance: seededRandom(1).next,
    ...given,
  })

/** The herd of the bench, which plays every single client. */
const BENCH = { clients: 100_000, capacity: CAPACITY, awayMs: AWAY_MS }
const benched = (schedule: Schedule) =>
  playHerd(
    BENCH.clients,
    tracedHerd(
      Array.from({ length: 200 }, (_, seed) => attemptsOf(schedule, 180_000, seededRandom(seed).next)),
      seededRandom(3).next,
    ),
  )

test('B08: with tickets the calculator and the bench, which plays 100,000 clients, tell the same of the kit', () => {
  const { ratio, attempts } = playHerd(BENCH.clients, kitHerd(steady, http, seededRandom(7).next))
  const { backMs, leastMs, knocks } = herd({ ...BENCH, tickets: true })
  expect(backMs / leastMs / ratio).toBeCloseTo(1, 1)
  expect(backMs / leastMs).toBeLessThanOrEqual(1.05)
  expect(knocks / attempts).toBeGreaterThan(0.9)
  expect(knocks / attempts).toBeLessThan(1.1)
})

test.each([
  ['fixed', fixed3s],
  ['steady', steady],
])('B08: without tickets they tell the same of %s, within a tenth', (_name, schedule) => {
  const { ratio, attempts } = benched(schedule)
  const { backMs, leastMs, knocks } = herd({ ...BENCH, schedule })
  expect(backMs / leastMs / ratio).toBeGreaterThan(0.9)
  expect(backMs / leastMs / ratio).toBeLessThan(1.1)
  expect(knocks / attempts).toBeGreaterThan(0.9)
  expect(knocks / attempts).toBeLessThan(1.1)
})

test('R28: a crowd on a fixed schedule comes in one second, and of one with jitter no second sees a quarter', () => {
  expect(herd({ schedule: fixed3s }).peak).toBe(20_000)
  expect(herd({ schedule: http }).peak).toBeLessThan(5_000)
  expect(herd({ schedule: steady }).peak).toBeLessThan(5_000)
})

test('B08: tickets bring even a crowd in step back in the least time, and nobody knocks more than twice or so', () => {
  const without = herd({ schedule: fixed3s })
  const { backMs, leastMs, knocks } = herd({ schedule: fixed3s, tickets: true })
  expect(without.backMs / leastMs).toBeGreaterThan(2)
  expect(backMs / leastMs).toBeLessThanOrEqual(1.05)
  expect(without.knocks).toBeGreaterThan(5)
  expect(knocks).toBeLessThanOrEqual(2.2)
})

test('R27: the additive formula has lost its jitter at the cap: its crowd needs many times the least', () => {
  const { backMs, leastMs } = herd({ schedule: additive })
  expect(backMs / leastMs).toBeGreaterThan(10)
  for (const { leastMs: least, mostMs } of waitsOf(additive, 10).slice(6)) {
    expect([least, mostMs]).toEqual([60_000, 60_000])
  }
})

test('B08: whatever the herd, nobody is back before the server can take him, and everybody knocks at least once', () => {
  fc.assert(
    fc.property(
      fc.record({
        clients: fc.integer({ min: 1, max: 50_000 }),
        capacity: fc.integer({ min: 50, max: 20_000 }),
        awayMs: fc.integer({ min: 0, max: 600_000 }),
        tickets: fc.boolean(),
        schedule: fc.constantFrom(...SHOWN.map(({ schedule }) => schedule)),
        seed: fc.integer(),
      }),
      ({ seed, ...given }) => {
        const { backMs, leastMs, knocks, peak, arrivals } = herd({
          ...given,
          chance: seededRandom(seed).next,
        })
        // One of the four thousand that are played is the finest there is.
        const grainMs = (1_000 * Math.max(1, given.clients / 4_000)) / given.capacity
        expect(backMs).toBeGreaterThanOrEqual(leastMs * 0.99 - grainMs - 10)
        expect(knocks).toBeGreaterThanOrEqual(0.99)
        expect(peak).toBe(Math.max(...arrivals))
        expect(arrivals.reduce((sum, one) => sum + one, 0)).toBeCloseTo(knocks * given.clients, 0)
      },
    ),
    { numRuns: 30 },
  )
})

test('B08: a crowd ten times as large before a server ten times as strong is the same herd', () => {
  const { backMs, knocks, peak } = herd()
  const larger = herd({ clients: 200_000, capacity: 10_000 })
  expect(larger.backMs).toBe(backMs)
  expect(larger.knocks).toBe(knocks)
  expect(larger.peak).toBeCloseTo(peak * 10, 0)
})

test('B08: a herd that never gets in is told as such, and bad numbers are refused by name', () => {
  const stubborn = exponential({ baseMs: 3_000_000, capMs: 3_000_000 })
  expect(herd({ schedule: stubborn, awayMs: 3_600_000 }).backMs).toBe(Infinity)
  expect(duration(Infinity)).toBe('over an hour')
  expect(() => herd({ clients: 0 })).toThrow(/clients.*0.*1 to 10000000/)
  expect(() => herd({ capacity: Number.NaN })).toThrow(/capacity.*NaN/)
  expect(() => herd({ awayMs: -1 })).toThrow(/awayMs.*-1/)
})

test('R28: the waits that are drawn are those of the functions: least, middle and most', () => {
  expect(waitsOf(fixed(3_000), 2)).toEqual([
    { leastMs: 3_000, middleMs: 3_000, mostMs: 3_000 },
    { leastMs: 3_000, middleMs: 3_000, mostMs: 3_000 },
  ])
  const [first, second, third] = waitsOf(steady, 3)
  expect([first!.leastMs, first!.middleMs, Math.round(first!.mostMs)]).toEqual([750, 825, 900])
  expect([second!.leastMs, Math.round(second!.mostMs)]).toEqual([506.25, 844])
  expect([third!.leastMs, Math.round(third!.mostMs)]).toEqual([637.5, 1063])
})

test('R28: attempts are never closer than a quarter of a second, whatever chance says', () => {
  const ages = attemptsOf(http, 10_000, () => 0)
  expect(ages.slice(0, 3)).toEqual([0, 250, 500])
  expect(ages.at(-1)).toBe(10_000)
})

test('R28: numbers are said as people read them', () => {
  expect([750, 3_000, 12_400, 60_000, 125_000].map(duration)).toEqual([
    '0.75 s',
    '3 s',
    '12 s',
    '1 min',
    '2 min 5 s',
  ])
  expect([1, 9.96, 24, Infinity].map(times)).toEqual(['1.0', '10.0', '24', '∞'])
})

test('R28: the formulas that are shown are those of the values', () => {
  expect(SHOWN.map(({ schedule: { delay: _delay, ...numbers } }) => numbers)).toMatchObject([
    { kind: 'fixed', delayMs: 3_000, jitter: 'none' },
    { kind: 'exponential', baseMs: 1_000, factor: 2, capMs: 16_000, jitter: 'none' },
    { kind: 'exponential', baseMs: 1_000, factor: 2, capMs: 16_000, jitter: 'full' },
    { kind: 'exponential', baseMs: 1_000, factor: 2, capMs: 60_000, addMs: 1_000 },
    { kind: 'linear', baseMs: 500, growth: 0.35, capMs: 15_000, jitter: 0.25, early: [[750, 900]] },
  ])
})
