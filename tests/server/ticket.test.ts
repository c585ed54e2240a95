import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReadiness } from '../../server/health.js'
import { createTicketBook, retryAfterS, ticketMs } from '../../server/ticket.js'
import { handTime } from './hand-time.js'

describe('tickets', () => {
  test('the turn of a place is the estimate for all and its place over capacity', () => {
    expect([0, 1, 199, 200, 1000].map((place) => ticketMs(3_000, place, 200))).toEqual([
      3_000, 3_005, 3_995, 4_000, 8_000,
    ])
  })

  test('in whole seconds, each second has as many turns as the capacity is, and nobody is told 0', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 500 }), (baseS, perSecond) => {
        const told = Array.from({ length: 3 * perSecond }, (_, place) =>
          retryAfterS(ticketMs(baseS * 1000, place, perSecond)),
        )
        const counts = [0, 1, 2].map((later) => told.filter((turn) => turn === baseS + later).length)
        // Turns are whole milliseconds: the last of a second may be rounded into the next.
        for (const count of counts) expect(Math.abs(count - perSecond)).toBeLessThanOrEqual(1)
        expect(told).toEqual(told.toSorted((a, b) => a - b))
      }),
    )
    expect(retryAfterS(0)).toBe(1)
  })

  test('a book moves on at its capacity: who comes later does not wait for those whose turn is over', () => {
    const time = handTime()
    const { take } = createTicketBook({ perSecond: 10, time })
    expect([take(), take(), take()]).toEqual([0, 100, 200])
    time.advance(200)
    expect(take()).toBe(100)
    time.advance(10_000)
    expect([take(500), take(500, 20)]).toEqual([500, 2_600])
  })
})

describe('P6 while draining', () => {
  test('each asker gets the place after the one before; the pause that is left is part of the estimate', () => {
    const time = handTime()
    const readiness = createReadiness({ restartMs: 3_000, preStopMs: 5_000, returnCapacity: 2, time })
    expect(readiness.ask()).toEqual({ name: 'ready' })
    readiness.drain()
    const ask = () => (readiness.ask() as { retryAfterS: number }).retryAfterS
    expect([ask(), ask(), ask(), ask()]).toEqual([8, 8, 9, 9])
    expect(readiness.estimateMs()).toBe(8_000)
    time.advance(60_000)
    readiness.drain()
    expect([readiness.estimateMs(), ask()]).toEqual([3_000, 3])
  })
})
