import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTokenBucket } from '../../../server/load/token-bucket.js'
import { handTime } from '../hand-time.js'

/** Lets promises settle. */
const settle = () => new Promise(setImmediate)

function setUp(options: { perSecond: number; burst?: number; mostWaiting?: number }) {
  const time = handTime()
  let lateMs = 0
  const bucket = createTokenBucket({ ...options, time: { ...time, now: () => time.now() + lateMs } })
  const through: number[] = []
  const left: unknown[] = []
  const take = (id: number, signal?: AbortSignal) => {
    const turn = bucket.take(signal)
    void turn?.then(
      () => through.push(id),
      (reason: unknown) => left.push(reason),
    )
    return turn !== null
  }
  /** Time goes on, and the timers of a busy process do not. */
  const late = (ms: number) => void (lateMs += ms)
  return { time, bucket, through, left, take, late }
}

describe('R33 the token bucket', () => {
  test('lets a burst through at once; the next ones wait in order, at the rate; then nobody waits', async () => {
    const { time, through, take, bucket } = setUp({ perSecond: 10, burst: 2, mostWaiting: 3 })
    expect([1, 2, 3, 4, 5, 6].map((id) => take(id))).toEqual([true, true, true, true, true, false])
    await settle()
    expect([through, bucket.waiting]).toEqual([[1, 2], 3])
    time.advance(99)
    await settle()
    expect(through).toEqual([1, 2])
    time.advance(1)
    await settle()
    expect(through).toEqual([1, 2, 3])
    time.advance(1_000)
    await settle()
    expect([through, time.pending]).toEqual([[1, 2, 3, 4, 5], 0])
  })

  test('nobody overtakes those who wait, also when the timers are late', async () => {
    const { time, through, take, late } = setUp({ perSecond: 10, burst: 1 })
    take(1)
    take(2)
    late(100)
    take(3)
    time.advance(100)
    await settle()
    expect(through).toEqual([1, 2, 3])
  })

  test('whoever gives up leaves the queue, and the next takes the place', async () => {
    const { time, through, left, take, bucket } = setUp({ perSecond: 10, burst: 1, mostWaiting: 2 })
    const gone = new AbortController()
    take(1)
    take(2, gone.signal)
    take(3)
    expect(take(4)).toBe(false)
    gone.abort('gone')
    await settle()
    expect([left, bucket.waiting, take(5)]).toEqual([['gone'], 1, true])
    time.advance(100)
    await settle()
    expect(through).toEqual([1, 3])
    take(6, AbortSignal.abort('before'))
    await settle()
    expect(left).toEqual(['gone', 'before'])
  })

  test('never more than the rate and one burst, never less than the rate while somebody waits', async () => {
    const steps = fc.array(fc.record({ arrive: fc.nat(20), ms: fc.nat(300) }), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 2_000 }), async (script, perSecond) => {
        const { time, through, take, bucket } = setUp({ perSecond, mostWaiting: 1_000 })
        const burst = Math.max(1, perSecond / 10)
        const startAt = time.now()
        let arrived = 0
        for (const { arrive, ms } of script) {
          for (let n = 0; n < arrive; n += 1) take((arrived += 1))
          time.advance(ms)
        }
        await settle()
        const elapsedS = (time.now() - startAt) / 1000
        expect(through.length).toBeLessThanOrEqual(burst + elapsedS * perSecond + 1e-6)
        expect(through).toEqual(Array.from(through, (_, index) => index + 1))
        expect(through.length + bucket.waiting).toBe(arrived)
        time.advance(Math.ceil((bucket.waiting * 1000) / perSecond) + bucket.waiting + 1)
        await settle()
        expect([through.length, bucket.waiting, time.pending]).toEqual([arrived, 0, 0])
      }),
    )
  })
})
