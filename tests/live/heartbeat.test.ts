import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  adaptive,
  article,
  firstPulse,
  fixedHeartbeat,
  lived,
  look,
  pongTimeoutMs,
  toldBy,
  type Heartbeat,
  type Moment,
  type Pulse,
} from '../../src/live/heartbeat.js'
import { createKeeper } from '../../src/live/keeper.js'
import { must } from './dial-walk.js'
import { createRig } from './keeper-rig.js'

const T0 = 1_000_000
const moment = (now: number, over: Partial<Moment> = {}): Moment => ({
  now,
  isQuick: false,
  isWanted: true,
  canAsk: true,
  ...over,
})

/** A line whose answers have taken so long, one after the other. */
function answered(tripsMs: readonly number[], heartbeat: Heartbeat, openMs = 80): Pulse {
  return tripsMs.reduce(
    (pulse, tripMs, index) => {
      const askedAt = T0 + index * 60_000
      const [asked, act] = look(pulse, heartbeat, moment(askedAt), true)
      must(act === 'ask', 'not asked')
      return lived(asked, heartbeat, askedAt + tripMs, true)
    },
    firstPulse(T0, openMs),
  )
}

describe('how long an answer may take', () => {
  const beat = adaptive()
  it('2.5 s until one was measured, then what the trips say, from 1 s to 2.5 s', () => {
    expect(pongTimeoutMs(firstPulse(T0, 80), beat)).toBe(2_500)
    expect(pongTimeoutMs(answered([40], beat), beat)).toBe(1_000)
    expect(pongTimeoutMs(answered([600], beat), beat)).toBe(1_800)
    expect(pongTimeoutMs(answered([900], beat), beat)).toBe(2_500)
  })

  it('a line whose trips take longer than that is not killed for it: twice its trip, or its handshake', () => {
    expect(pongTimeoutMs(firstPulse(T0, 6_000), beat)).toBe(12_000)
    expect(pongTimeoutMs(answered([3_000, 3_000, 3_000], beat, 6_000), beat)).toBe(6_000)
  })

  it('an answer to the second question measures nothing, as it may be that to the first (Karn)', () => {
    const [asked] = look(firstPulse(T0, 80), beat, moment(T0 + 25_000))
    const [again, act] = look(asked, beat, moment(T0 + 90_000))
    expect(act).toBe('ask')
    expect(lived(again, beat, T0 + 90_010, true).tripMs).toBeNull()
  })

  it('I31: an answer that lay unread while the page slept does not make the next one wait for hours', () => {
    const slept = answered([40, 40, 8 * 3_600_000], beat)
    expect(pongTimeoutMs(slept, beat)).toBeLessThanOrEqual(2_500)
  })

  it('the article’s is always 2.5 s, every 5 s', () => {
    expect(pongTimeoutMs(answered([40, 40], article), article)).toBe(2_500)
    expect(look(firstPulse(T0, 80), article, moment(T0))).toEqual([expect.anything(), null, T0 + 5_000])
  })
})

it('P5: at the economical end mean seconds to notice × frames an hour are at most 4,000', () => {
  const beat = adaptive({ activeMs: 25_000 })
  const pulse = answered([40, 40, 40], beat)
  const meanSeconds = (25_000 / 2 + pongTimeoutMs(pulse, beat)) / 1_000
  const framesAnHour = 2 * (3_600_000 / 25_000)
  expect(meanSeconds * framesAnHour).toBeLessThanOrEqual(4_000)
})

it('the server’s interval is an upper bound, but no server makes us ask more often than once a second', () => {
  const [, , at] = look(toldBy(firstPulse(T0, 80), 10_000), adaptive(), moment(T0))
  expect(at).toBe(T0 + 10_000)
  for (const bad of [0, -1, 1, Number.NaN, undefined]) {
    expect(toldBy(firstPulse(T0, 80), bad).serverMs).toBe(Infinity)
  }
})

it('I21: random lives: asked in time, dead only after a question that stayed unanswered, and never twice late', () => {
  const step = fc.record({
    waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 90_000 })),
    does: fc.constantFrom('look', 'look', 'look', 'pong', 'news', 'doubt'),
    isQuick: fc.boolean(),
    isWanted: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, isFixed) => {
      const beat = isFixed ? fixedHeartbeat(7_000) : adaptive()
      let pulse = firstPulse(T0, 100)
      let now = T0
      let dueAt = Infinity
      let questions = 0
      for (const { waitMs, does, isQuick, isWanted } of steps) {
        // `look` comes when it is due, or late by this much.
        now = does === 'look' && dueAt < Infinity ? Math.max(now, dueAt) + waitMs : now + waitMs
        if (does === 'pong' || does === 'news') {
          pulse = lived(pulse, beat, now, does === 'pong')
          questions = 0
          continue
        }
        const before = pulse
        const [after, act, lookAt] = look(pulse, beat, moment(now, { isQuick, isWanted }), does === 'doubt')
        if (act === 'ask') questions += 1
        must(questions <= 2, 'a third question without an answer')
        if (act === 'dead') {
          must(before.askedAt !== null, 'dead without a question')
          must(now - before.askedAt! >= pongTimeoutMs(before, beat), 'dead too early')
          return
        }
        must(lookAt > now, 'a look in the past: a hot loop')
        const timeoutMs = pongTimeoutMs(after, beat)
        must(after.askedAt === null || lookAt === after.askedAt + timeoutMs, 'a question without a deadline')
        must(timeoutMs >= 1_000 && timeoutMs <= 30_000, `an answer may take ${timeoutMs} ms`)
        must(!isWanted || lookAt <= now + 30_000, 'never looked at again')
        pulse = after
        dueAt = lookAt
      }
    }),
    { numRuns: import.meta.env.MODE === 'soak' ? 10_000 : 1_000 },
  )
})

describe('what is refused', () => {
  it.each([
    [() => adaptive({ activeMs: 0 }), /adaptive\.activeMs is 0; allowed: a number from 500/],
    [() => adaptive({ leastPongMs: 3_000 }), /adaptive\.mostPongMs is 2500; allowed: a number from 3000/],
    [() => adaptive({ pingMs: 5 } as never), /adaptive\.pingMs/],
    [() => adaptive({ ping: 'PING' as never }), /adaptive\.ping is "PING"; allowed: a function/],
    [() => fixedHeartbeat(Number.NaN), /fixedHeartbeat\.intervalMs is NaN/],
    [() => fixedHeartbeat(5_000, { isPong: 5 as never }), /fixedHeartbeat\.isPong/],
  ])('%s', (make, message) => {
    expect(make).toThrow(message)
  })

  it('a keeper names the option that it cannot use', () => {
    const { connection } = createRig()
    const good = { connection, routes: { next() {} }, request() {}, tell() {} }
    for (const [option, value] of Object.entries({
      connection: {},
      routes: null,
      request: 5,
      tell: undefined,
      schedule: {},
      dialTimeoutMs: 0,
      heartbeat: 5_000,
      window: {},
      drivers: [],
    })) {
      expect(() => createKeeper({ ...good, [option]: value } as never), option).toThrow(
        new RegExp(`keeper\\.${option} `),
      )
    }
  })
})

it('I34: it listens to the page only while it is not closed, and what a person does there quickens the heartbeat', async () => {
  const heard = new Map<string, number>()
  const page = new (class extends EventTarget {
    override addEventListener(...args: Parameters<EventTarget['addEventListener']>) {
      heard.set(args[0], (heard.get(args[0]) ?? 0) + 1)
      super.addEventListener(...args)
    }
    override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>) {
      heard.set(args[0], (heard.get(args[0]) ?? 0) - 1)
      super.removeEventListener(...args)
    }
  })()
  const rig = createRig({ window: page })
  await rig.open()
  expect([...heard.values()]).toEqual([1, 1])
  await rig.advance(120_000)
  const before = rig.last().said.length
  page.dispatchEvent(new Event('keydown'))
  await rig.advance(20_000)
  expect(rig.last().said.length - before).toBeGreaterThanOrEqual(3)
  rig.keeper.stop()
  expect([...heard.values()]).toEqual([0, 0])
})

it('an option that is undefined has its default, and one that cannot be is named', () => {
  expect(adaptive({ activeMs: undefined, ping: undefined } as never)).toEqual(adaptive())
  expect(() => adaptive({ activeMs: 1 })).toThrow('adaptive.activeMs is 1')
  expect(() => adaptive({ ping: 1 } as never)).toThrow('adaptive.ping is 1; allowed: a function')
  expect(() => adaptive({ mostPongMs: 900 })).toThrow('adaptive.mostPongMs is 900')
  expect(() => fixedHeartbeat(undefined as never)).toThrow('fixedHeartbeat.intervalMs is undefined')
})
