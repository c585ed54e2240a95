import { expect, test } from 'vitest'
import { sleep } from '../../src/core/clock.js'
import { macrotask } from '../../mocks/macrotask.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { seededRandom } from '../../mocks/random.js'

const hop = async (times: number) => {
  for (let left = times; left > 0; left--) await macrotask()
}

test('timers run in order of time, then of order, then of creation; results come before plain timers', async () => {
  const clock = manualClock()
  const ran: string[] = []
  const startAt = clock.now()
  clock.setTimeout(() => ran.push('plain 1'), 5)
  clock.setTimeout(() => ran.push('plain 2'), 5)
  clock.schedule(startAt + 5, 2, () => ran.push('result 2'))
  clock.schedule(startAt + 5, 1, () => ran.push('result 1'))
  clock.setTimeout(() => ran.push('early'), 4)
  await clock.advance(5)
  expect(ran).toEqual(['early', 'result 1', 'result 2', 'plain 1', 'plain 2'])
  expect(clock.now()).toBe(startAt + 5)
  expect(clock.pending()).toBe(0)
})

test('everything that a timer sets in motion comes to rest before the next timer', async () => {
  const clock = manualClock()
  const ran: string[] = []
  clock.setTimeout(() => {
    ran.push('first')
    void clock.track(hop(100)).then(() => ran.push(`tracked at ${clock.now()}`))
  }, 1)
  clock.setTimeout(() => ran.push('second'), 1)
  const startAt = clock.now()
  await clock.advance(1)
  expect(ran).toEqual(['first', `tracked at ${startAt + 1}`, 'second'])
})

test('a short hop that nobody tracks is waited for: rest is two macrotasks in a row', async () => {
  const clock = manualClock()
  const ran: string[] = []
  clock.setTimeout(() => void hop(2).then(() => ran.push('hopped')), 1)
  clock.setTimeout(() => ran.push('second'), 1)
  await clock.advance(1)
  expect(ran).toEqual(['hopped', 'second'])
})

test('a timer set within a timer runs in the same walk if it is due by then', async () => {
  const clock = manualClock(0)
  const at: number[] = []
  const tick = () => {
    at.push(clock.now())
    clock.setTimeout(tick, 10)
  }
  tick()
  await clock.advance(35)
  expect(at).toEqual([0, 10, 20, 30])
  expect(clock.now()).toBe(35)
})

test('a cancelled timer does not run, one after Infinity is none, a negative delay is now', async () => {
  const clock = manualClock()
  const ran: string[] = []
  clock.setTimeout(() => ran.push('cancelled'), 1)()
  clock.setTimeout(() => ran.push('never'), Infinity)
  clock.setTimeout(() => ran.push('now'), -5)
  expect(clock.pending()).toBe(1)
  await clock.advance(0)
  expect(ran).toEqual(['now'])
})

test('fractions are rounded up, so that no timer is early', async () => {
  const clock = manualClock(0)
  let at = -1
  clock.setTimeout(() => (at = clock.now()), 1.2)
  await clock.advance(10)
  expect(at).toBe(2)
})

test('two walks at once go one after the other', async () => {
  const clock = manualClock(0)
  await Promise.all([clock.advance(10), clock.advance(10)])
  expect(clock.now()).toBe(20)
})

test('a timer that throws rejects the walk and does not stop those after it', async () => {
  const clock = manualClock(0)
  clock.setTimeout(() => {
    throw new Error('in a timer')
  }, 1)
  await expect(clock.advance(5)).rejects.toThrow('in a timer')
  await clock.advance(5)
  expect(clock.now()).toBe(6)
})

test('settling fails with the name of what moves', async () => {
  const clock = manualClock({ settleWithinMs: 20 })
  const stop = clock.moving('request 7, GET https://api.example/orders')
  await expect(clock.advance(1)).rejects.toThrow('request 7, GET https://api.example/orders')
  stop()
  void clock.track(new Promise(() => {}))
  await expect(clock.settle()).rejects.toThrow('manual-clock.test.ts')
})

test('a sleep of the core ends in virtual time and on an abort', async () => {
  const clock = manualClock()
  const controller = new AbortController()
  const aborted = expect(sleep(clock, 1000, controller.signal)).rejects.toThrow('enough')
  const slept = sleep(clock, 1000)
  controller.abort(new Error('enough'))
  await clock.advance(1000)
  await slept
  await aborted
  expect(clock.pending()).toBe(0)
})

test.each([-1, 1.5, Number.NaN, Infinity])('a walk of %s ms is refused', async (ms) => {
  await expect(manualClock().advance(ms)).rejects.toMatchObject({ code: 'bad-option' })
})

test('bad options are refused by name', () => {
  expect(() => manualClock({ startAt: 0.5 })).toThrow('startAt')
  expect(() => manualClock({ settleWithinMs: 0 })).toThrow('settleWithinMs')
  expect(() => manualClock({ start: 1 } as never)).toThrow('manualClock.start')
})

test('a fork depends on the seed and the id alone', () => {
  const random = seededRandom(3)
  const before = random.fork(7).next()
  random.next()
  random.fork(1).next()
  expect(random.fork(7).next()).toBe(before)
  expect(random.fork(8).next()).not.toBe(before)
  expect(seededRandom(4).fork(7).next()).not.toBe(before)
})

test('chance lies in [0, 1), is spread evenly, and bytes are bytes', () => {
  const random = seededRandom('spread')
  const counts = new Array<number>(10).fill(0)
  for (let draw = 0; draw < 10_000; draw++) {
    const roll = random.next()
    expect(roll).toBeGreaterThanOrEqual(0)
    expect(roll).toBeLessThan(1)
    counts[Math.floor(roll * 10)]!++
  }
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150)
  // Neighbouring ids are as far apart as any.
  const firsts = Array.from({ length: 1000 }, (_, id) => seededRandom(1).fork(id).next())
  expect(firsts.reduce((sum, roll) => sum + roll) / 1000).toBeCloseTo(0.5, 1)
  expect(random.bytes(16)).toHaveLength(16)
})
