import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  breakerAfter,
  CLOSED,
  mayAsk,
  type BreakerEvent,
  type BreakerPolicy,
  type BreakerState,
  type CallEnd,
} from '../../src/guard/breaker.js'
import { exponential } from '../../src/index.js'

const POLICY: BreakerPolicy = {
  badShare: 0.4,
  minCalls: 5,
  windowMs: 10_000,
  rest: exponential({ baseMs: 5_000, capMs: 60_000 }),
}

/** A breaker with its time, and how calls end in it. */
function rig(policy: Partial<BreakerPolicy> = {}) {
  let state: BreakerState = CLOSED
  let now = 0
  const send = (event: BreakerEvent) => {
    const before = state
    state = breakerAfter(before, event, { ...POLICY, ...policy }, { now, roll: 0 })
    return mayAsk(before, state)
  }
  return {
    get state() {
      return state
    },
    ask: () => send({ type: 'ASKED' }),
    end: (end: CallEnd, { turn = state.turn, retryAfterMs = 0 } = {}) =>
      send({ type: 'ENDED', turn, end, retryAfterMs }),
    wait: (ms: number) => void (now += ms),
  }
}

test('R33: more than 40 % bad calls open it, and 40 % do not', () => {
  const breaker = rig()
  for (const end of ['good', 'good', 'good', 'bad', 'bad'] as const) breaker.end(end)
  expect(breaker.state.name).toBe('closed')
  breaker.end('bad')
  expect(breaker.state).toMatchObject({ name: 'open', until: 5_000, tally: { calls: 6, bad: 3 } })
})

test('R33: with fewer calls than it takes nothing is decided, however bad they are', () => {
  const breaker = rig()
  for (let call = 1; call < 5; call++) breaker.end('bad')
  expect(breaker.state.name).toBe('closed')
  breaker.end('bad')
  expect(breaker.state.name).toBe('open')
})

test('R33: what is older than the window does not count', () => {
  const breaker = rig()
  for (let call = 1; call < 5; call++) breaker.end('bad')
  breaker.wait(10_000)
  for (let call = 1; call < 5; call++) breaker.end('good')
  breaker.end('bad')
  expect(breaker.state.name).toBe('closed')
})

test('R33: a call that says nothing is not counted', () => {
  const breaker = rig()
  for (let call = 1; call < 5; call++) breaker.end('bad')
  for (let call = 1; call < 50; call++) breaker.end('unknown')
  expect(breaker.state.name).toBe('closed')
  breaker.end('bad')
  expect(breaker.state).toMatchObject({ name: 'open', tally: { calls: 5, bad: 5 } })
})

test('I26: after its rest one asks, and the others wait for what that one finds out', () => {
  const breaker = rig()
  for (let call = 1; call <= 5; call++) breaker.end('bad')
  breaker.wait(4_999)
  expect(breaker.ask()).toBe(false)
  breaker.wait(1)
  expect([breaker.ask(), breaker.ask(), breaker.ask()]).toEqual([true, false, false])
  expect(breaker.state.name).toBe('half-open')
  breaker.end('good')
  expect([breaker.state.name, breaker.ask(), breaker.ask()]).toEqual(['closed', true, true])
})

test('R32: each trial that goes badly makes the rest longer, a Retry-After is its floor, and it all began when it did', () => {
  const breaker = rig()
  breaker.wait(1_000)
  for (let call = 1; call <= 5; call++) breaker.end('bad')
  const rests: unknown[] = []
  for (const retryAfterMs of [0, 0, 90_000, 0]) {
    breaker.wait(200_000)
    const before = 200_000 * (rests.length + 1) + 1_000
    breaker.ask()
    breaker.end('bad', { retryAfterMs })
    rests.push(breaker.state.name === 'open' && breaker.state.until - before)
  }
  expect(rests).toEqual([10_000, 20_000, 90_000, 60_000])
  expect(breaker.state).toMatchObject({ since: 1_000, tally: { calls: 5, bad: 5 } })
})

test('I26: a trial that is given up has found nothing out, and the next one may try at once', () => {
  const breaker = rig()
  for (let call = 1; call <= 5; call++) breaker.end('bad')
  breaker.wait(5_000)
  breaker.ask()
  breaker.end('unknown')
  expect([breaker.state.name, breaker.ask(), breaker.ask()]).toEqual(['open', true, false])
})

test('I20: what was asked before a change says nothing after it', () => {
  const breaker = rig()
  const { turn } = breaker.state
  for (let call = 1; call <= 5; call++) breaker.end('bad')
  breaker.wait(5_000)
  breaker.ask()
  breaker.end('good', { turn })
  expect(breaker.state.name).toBe('half-open')
  breaker.end('good')
  breaker.end('bad', { turn })
  expect(breaker.state).toMatchObject({ name: 'closed', cells: [] })
})

/** What may happen to it. */
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('ask' as const) }),
    fc.record({
      do: fc.constant('end' as const),
      which: fc.nat(),
      end: fc.constantFrom<CallEnd>('good', 'bad', 'unknown'),
      retryAfterMs: fc.constantFrom(0, 0, 1_000, 120_000),
    }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.nat(70_000) }),
  ),
  { maxLength: 200 },
)

test('I26: in any course of calls nobody but one asks unless it is closed, nobody before its rest is over, and it always comes to an end', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 8 }), (walk, minCalls) => {
      const policy = { ...POLICY, minCalls }
      let state = CLOSED as BreakerState
      let now = 0
      const underWay: number[] = []
      const send = (event: BreakerEvent) => {
        const before = state
        state = breakerAfter(before, event, policy, { now, roll: 0.5 })
        expect(state.turn - before.turn).toBe(state.name === before.name ? 0 : 1)
        return mayAsk(before, state)
      }
      for (const step of walk) {
        if (step.do === 'wait') now += step.ms
        if (step.do === 'ask') {
          const before: BreakerState = state
          const may = send({ type: 'ASKED' })
          expect(may).toBe(before.name === 'closed' || (before.name === 'open' && now >= before.until))
          if (may) underWay.push(state.turn)
        }
        if (step.do === 'end' && underWay.length > 0) {
          const [turn] = underWay.splice(step.which % underWay.length, 1)
          send({ type: 'ENDED', turn: turn!, end: step.end, retryAfterMs: step.retryAfterMs })
        }
        if (state.name === 'half-open') expect(underWay.filter((turn) => turn === state.turn)).toHaveLength(1)
      }
      // Whatever it is in: a rest ends, a trial goes well, and all is well.
      if (state.name === 'open') {
        now = state.until
        expect(send({ type: 'ASKED' })).toBe(true)
      }
      send({ type: 'ENDED', turn: state.turn, end: 'good' })
      expect(state.name).toBe('closed')
    }),
  )
})
