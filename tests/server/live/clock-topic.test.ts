/** The topic `clock`, the server's and the simulator's: when it ticks, and for how long after the last listener. */
import { expect, test } from 'vitest'
import { createFeed } from '../../../mocks/live/feed.js'
import { tickWhileHeard as simulated } from '../../../mocks/live/live.js'
import { openDatabase } from '../../../server/database.js'
import { tickWhileHeard as real } from '../../../server/live/clock-topic.js'
import { createEventLog } from '../../../server/live/event-log.js'
import { createHub } from '../../../server/live/hub.js'
import { handTime } from '../hand-time.js'

/** A clock that nobody listens to yet; `visit` listens for so many ms. */
interface ClockTopic {
  visit(ms: number): void
  advance(ms: number): void
  ticks(): number
}

function serverClock(): ClockTopic {
  const time = handTime()
  const log = createEventLog(openDatabase(':memory:'))
  const hub = createHub(log)
  real(hub, time, (error) => {
    throw error
  })
  return {
    visit(ms) {
      const reader = hub.listen(['clock'], log.end(), { roomy: () => true, take: () => {} })
      time.advance(ms)
      reader.stop()
    },
    advance: time.advance,
    ticks: () => log.end().offset,
  }
}

function simulatedClock(): ClockTopic {
  const time = handTime()
  const feed = createFeed(100, 'e1')
  const clock = {
    now: time.now,
    setTimeout: (run: () => void, ms: number) => time.after(ms, run),
    track: <T>(promise: Promise<T>) => promise,
  }
  simulated({ feed, clock })
  return {
    visit(ms) {
      const leave = feed.listen(['clock'], feed.end(), () => {})
      time.advance(ms)
      leave()
    },
    advance: time.advance,
    ticks: () => feed.end().offset,
  }
}

const CLOCKS = { 'the server': serverClock, 'the simulator': simulatedClock }

test.each(Object.entries(CLOCKS))(
  '%s ticks each second while somebody listens, and five times more',
  (_, start) => {
    const clock = start()
    clock.advance(10_000)
    expect(clock.ticks()).toBe(0)
    clock.visit(3500)
    expect(clock.ticks()).toBe(3)
    clock.advance(60_000)
    expect(clock.ticks()).toBe(8)
  },
)

test.each(Object.entries(CLOCKS))(
  '%s lingers in full for every visitor, also for a second one of less than a second',
  (_, start) => {
    const clock = start()
    clock.visit(500)
    clock.advance(60_000)
    expect(clock.ticks()).toBe(5)
    clock.visit(500)
    clock.advance(60_000)
    expect(clock.ticks()).toBe(10)
    clock.visit(500)
    clock.advance(3000)
    clock.visit(200)
    clock.advance(60_000)
    expect(clock.ticks()).toBe(18)
  },
)
