import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuthState } from '../../src/core/state.js'
import { BLANK, CLOSED } from '../../src/live/dial-moves.js'
import { dialling } from '../../src/live/dialling.js'
import type { DialEffect, DialEvent, DialStamp, LinkView } from '../../src/live/dialling-state.js'
import { broken } from '../../src/live/ends.js'
import type { KeeperState } from '../../src/live/keeper-state.js'
import type { LineEnd, Transport, Verdict } from '../../src/live/line.js'
import { live } from '../../src/presets.js'
import { createDialWalk, mayDial, must, T0, type DialWalk } from './dial-walk.js'

type Name = KeeperState['name']

const policy = { schedule: live, dialTimeoutMs: 10_000 }
const stamp: DialStamp = {
  now: T0 + 60_000,
  roll: 0.5,
  link: 'up',
  isFlapping: false,
  isSilent: false,
  auth: 'valid',
  turns: 0,
  isWanted: true,
  transport: 'websocket',
  isElsewhere: false,
}
const remembered = { ...BLANK, attempt: 1, step: 1, dialledAt: T0 }
const end = (verdict: Verdict, over: Partial<LineEnd> = {}): DialEvent => ({
  type: 'ENDED',
  end: { ...broken('cut'), verdict, ...over },
  isSilent: false,
  hasOther: false,
  isUnsent: false,
})

const STATES: Record<Name, KeeperState> = {
  closed: { name: 'closed' },
  'waiting-link': { name: 'waiting-link' },
  dialling: { name: 'dialling', since: T0 + 59_500, attempt: 1, transport: 'websocket' },
  greeting: { name: 'greeting', since: T0 + 59_500, attempt: 1, transport: 'websocket' },
  open: { name: 'open', since: T0, transport: 'websocket' },
  backoff: { name: 'backoff', nextAttemptAt: T0 + 70_000, attempt: 2 },
  auth: { name: 'auth' },
  fatal: { name: 'fatal', end: broken('cut') },
}

/** The memory that belongs to a state: a wait that is not over, a token that was refused. */
const MEMORY: Partial<Record<Name, object>> = {
  'waiting-link': { link: 'down' },
  backoff: { dueAt: T0 + 70_000 },
  auth: { token: 'refused' },
}

const EVENTS = {
  START: { type: 'START' },
  STOP: { type: 'STOP', code: 1000, reason: '' },
  LOOK: { type: 'LOOK' },
  WAKE: { type: 'WAKE' },
  RETRY_NOW: { type: 'RETRY_NOW' },
  PROVE: { type: 'PROVE' },
  REOPEN: { type: 'REOPEN', reason: '' },
  OPENED: { type: 'OPENED' },
  PROVEN: { type: 'PROVEN', boot: undefined },
  NOTICED: { type: 'NOTICED', retryAfterMs: 5_000 },
  again: end('again'),
  later: end('later', { code: 1012, retryAfterMs: 5_000 }),
  auth: end('needs-auth'),
  fatal: end('fatal'),
} satisfies Record<string, DialEvent>

/** What comes of each state (rows) by each event (columns, in the order of EVENTS); `+`: and a dial. */
const TABLE: Record<Name, string> = {
  closed:
    'dialling+ closed closed closed closed closed closed closed closed closed closed closed closed closed',
  'waiting-link':
    'waiting-link closed dialling+ dialling+ dialling+ waiting-link waiting-link waiting-link waiting-link waiting-link waiting-link waiting-link waiting-link waiting-link',
  dialling:
    'dialling closed dialling dialling+ dialling+ dialling dialling+ greeting dialling dialling backoff backoff auth fatal',
  greeting:
    'greeting closed greeting dialling+ dialling+ greeting dialling+ greeting open greeting backoff backoff auth fatal',
  open: 'open closed open open open open dialling+ open open open dialling+ backoff auth fatal',
  backoff:
    'backoff closed backoff dialling+ dialling+ backoff backoff backoff backoff backoff backoff backoff backoff backoff',
  auth: 'auth closed auth auth dialling+ auth auth auth auth auth auth auth auth auth',
  fatal: 'dialling+ closed fatal fatal dialling+ fatal fatal fatal fatal fatal fatal fatal fatal fatal',
}

describe.each(Object.keys(TABLE) as Name[])('I19: %s', (name) => {
  const cells = TABLE[name].split(' ')
  it.each(Object.keys(EVENTS) as (keyof typeof EVENTS)[])('answers %s as the table says', (event) => {
    const keeping = { state: STATES[name], memory: { ...remembered, ...MEMORY[name] } }
    const [after, effects] = dialling(keeping, EVENTS[event], policy, stamp)
    const dial = effects.some(({ type }) => type === 'dial') ? '+' : ''
    expect(after.state.name + dial).toBe(cells[Object.keys(EVENTS).indexOf(event)])
  })

  it('waits for the link while that is down, and is never in it with a line of its own', () => {
    const keeping = { state: STATES[name], memory: { ...remembered, ...MEMORY[name] } }
    const [down, effects] = dialling(keeping, { type: 'LOOK' }, policy, { ...stamp, link: 'down' })
    const stays = ['closed', 'open', 'fatal'].includes(name)
    expect(down.state.name).toBe(stays ? name : 'waiting-link')
    if (name === 'dialling' || name === 'greeting') expect(types(effects)).toEqual(['drop', 'ended'])
  })
})

/**
 * What comes of a look while the link is down and the next attempt would go elsewhere: with what is under way here; with
 * what is under way elsewhere; where the device says that it has no network.
 */
const ELSEWHERE: Record<Name, string> = {
  closed: 'closed closed closed',
  'waiting-link': 'backoff backoff waiting-link',
  dialling: 'dialling+ dialling waiting-link',
  greeting: 'dialling+ greeting waiting-link',
  open: 'open open open',
  backoff: 'backoff backoff waiting-link',
  auth: 'auth auth waiting-link',
  fatal: 'fatal fatal fatal',
}

describe.each(Object.keys(ELSEWHERE) as Name[])(
  'I19: %s, and the verdict is about another server',
  (name) => {
    const cells = ELSEWHERE[name].split(' ')
    it.each([
      ['here', 'down', false],
      ['elsewhere', 'down', true],
      ['elsewhere, and there is no network', 'cut', true],
    ] as const)('dialled %s', (_what, link, isElsewhere) => {
      const memory = { ...remembered, ...MEMORY[name], isElsewhere }
      const [after, effects] = dialling({ state: STATES[name], memory }, EVENTS.LOOK, policy, {
        ...stamp,
        link,
        isElsewhere: true,
      })
      const dial = effects.some(({ type }) => type === 'dial') ? '+' : ''
      expect(after.state.name + dial).toBe(cells[link === 'cut' ? 2 : Number(isElsewhere)])
    })
  },
)

const types = (effects: readonly DialEffect[]): string[] => effects.map(({ type }) => type)

describe('what an end asks for', () => {
  const open = { state: STATES.open, memory: remembered }
  it('cut: told, a suspicion, a dial', () => {
    expect(types(dialling(open, EVENTS.again, policy, stamp)[1])).toEqual(['ended', 'SUSPICION', 'dial'])
  })
  it('a missed pong: dropped, told, a suspicion of silence, a dial', () => {
    const [, effects] = dialling(open, { ...end('again'), isSilent: true } as DialEvent, policy, stamp)
    expect(types(effects)).toEqual(['drop', 'ended', 'SUSPICION', 'dial'])
    expect(effects).toContainEqual({ type: 'SUSPICION', cause: 'timeout' })
  })
  it('1012: a planned suspicion with its hint, and no dial before the ticket', () => {
    const [after, effects] = dialling(open, EVENTS.later, policy, stamp)
    expect(effects).toContainEqual({ type: 'SUSPICION', cause: 'planned', hintMs: 5_000 })
    expect(after.state).toMatchObject({ name: 'backoff', nextAttemptAt: stamp.now + 5_000 + 3_500 })
  })
  it.each([
    ['503 with Retry-After', { status: 503 }, 1],
    // Who closes a line that was taken is there; a gateway may answer for somebody who is not.
    ['1013 with its hint', { code: 1013 }, 0],
  ])('P6 %s is a turn: the server is come to within a second of it', (_what, over, suspicions) => {
    const turn = (retryAfterMs: number) =>
      dialling(open, end('later', { ...over, retryAfterMs }), policy, stamp)
    const [after, effects] = turn(20_000)
    expect(effects.filter(({ type }) => type === 'SUSPICION')).toHaveLength(suspicions)
    expect(after.state).toMatchObject({ name: 'backoff', nextAttemptAt: stamp.now + 20_000 + 500 })
    // A crowd that was told 0 comes spread, too.
    expect(turn(0)[0].memory.ticketAt).toBe(stamp.now + 500)
  })
  it('R15 what a server elsewhere says of its own going is no suspicion of the one that the verdict is about', () => {
    const away = { ...open, memory: { ...open.memory, isElsewhere: true } }
    for (const [from, told] of [
      [open, 1],
      [away, 0],
    ] as const) {
      for (const event of [
        { type: 'NOTICED', retryAfterMs: 600_000 },
        end('later', { code: 1012, retryAfterMs: 600_000 }),
      ] as const) {
        const [, effects] = dialling(from, event, policy, { ...stamp, isElsewhere: from === away })
        expect(effects.filter(({ type }) => type === 'SUSPICION')).toHaveLength(told)
      }
    }
  })
  it('a line in use that is sent away with a turn moves to another server as spread as any crowd', () => {
    const turned = { ...end('later', { code: 1013, retryAfterMs: 20_000 }), hasOther: true } as DialEvent
    expect(dialling(open, turned, policy, stamp)[0].state).toMatchObject({ nextAttemptAt: stamp.now + 3_500 })
  })
  it('I30 1013 without one is as a restart: planned, and a crowd comes spread', () => {
    const [after, effects] = dialling(open, end('later', { code: 1013 }), policy, stamp)
    expect(effects).toContainEqual({ type: 'SUSPICION', cause: 'planned' })
    expect(after.state).toMatchObject({ name: 'backoff', nextAttemptAt: stamp.now + 3_500 })
  })
  describe('I24: what a stream was told by retry: is a floor of the schedule, with jitter only above it', () => {
    const [floored] = dialling(open, { type: 'FLOOR', retryMs: 4_000 }, policy, stamp)
    const dialled = dialling(floored, EVENTS.again, policy, stamp)
    const later = { ...stamp, now: stamp.now + 300 }
    it('the one dial of a healthy line that was cut is no wait of the schedule', () => {
      expect(dialled[0].state.name).toBe('dialling')
    })
    it('each wait after a failed attempt is, until another line tells its own', () => {
      const [failed] = dialling(dialled[0], EVENTS.again, policy, later)
      expect(failed.state).toMatchObject({ name: 'backoff', nextAttemptAt: later.now + 4_500 })
      const [opened] = dialling(dialled[0], EVENTS.OPENED, policy, later)
      const [again] = dialling(opened, EVENTS.again, policy, later)
      expect(again.state).toMatchObject({ name: 'backoff', nextAttemptAt: later.now + 1_000 })
    })
    it('a longer wait of the schedule stays', () => {
      const slow = { ...dialled[0], memory: { ...dialled[0].memory, step: 4 } }
      const [failed] = dialling(slow, EVENTS.again, policy, later)
      expect(failed.state).toMatchObject({ name: 'backoff', nextAttemptAt: later.now + 16_000 })
    })
    it('it is no ticket: a waking and the return of the link cut it short', () => {
      const [failed] = dialling(dialled[0], EVENTS.again, policy, later)
      const woken = dialling(failed, EVENTS.WAKE, policy, { ...stamp, now: stamp.now + 1_000 })
      expect(woken[0].state.name).toBe('dialling')
      const [down] = dialling(failed, EVENTS.LOOK, policy, { ...later, link: 'down' })
      expect(dialling(down, EVENTS.LOOK, policy, later)[0].state.name).toBe('dialling')
    })
  })
  it('what was never sent is no evidence, whether it was late or failed', () => {
    const dialling_ = { state: STATES.dialling, memory: remembered }
    for (const isSilent of [true, false]) {
      const unsent = { ...end('again'), isSilent, isUnsent: true } as DialEvent
      const [after, effects] = dialling(dialling_, unsent, policy, stamp)
      expect(types(effects)).not.toContain('SUSPICION')
      expect(after.state.name).toBe('backoff')
    }
  })
  it('I24: no hint waits longer than an hour', () => {
    const [after] = dialling(open, { type: 'NOTICED', retryAfterMs: 1e12 }, policy, { ...stamp, roll: 0 })
    expect(after.memory.ticketAt).toBe(stamp.now + 3_600_000)
  })
  it('another way that has not failed is dialled at once, and not before a crowd was spread', () => {
    const greeting = { state: STATES.greeting, memory: remembered }
    const other = (verdict: Verdict): DialEvent => ({ ...end(verdict), hasOther: true }) as DialEvent
    expect(dialling(greeting, other('unsuitable'), policy, stamp)[0].state.name).toBe('dialling')
    expect(dialling(open, other('later'), policy, stamp)[0].state).toMatchObject({
      name: 'backoff',
      nextAttemptAt: stamp.now + 3_500,
    })
  })
  it('I23: only 5 s in use arm the fast dial and begin the schedule anew', () => {
    const memory = { ...remembered, step: 3, isFast: false }
    const young = { state: { ...STATES.open, since: stamp.now - 4_999 } as KeeperState, memory }
    const old = { state: { ...STATES.open, since: stamp.now - 5_000 } as KeeperState, memory }
    expect(dialling(young, EVENTS.again, policy, stamp)[0].state).toMatchObject({
      name: 'backoff',
      nextAttemptAt: stamp.now + 8_000,
    })
    expect(dialling(old, EVENTS.again, policy, stamp)[0].state.name).toBe('dialling')
  })
})

describe('a line that cannot be asked whether it lives', () => {
  const streaming = {
    state: { name: 'open', since: T0, transport: 'event-stream' } as KeeperState,
    memory: remembered,
  }
  /** What comes of these events, one after the other, a second apart; the effects are those of the last one. */
  const after = (...steps: readonly (readonly [event: DialEvent, over: Partial<DialStamp>])[]) =>
    steps.reduce<ReturnType<typeof dialling>>(
      ([keeping], [event, over], index) =>
        dialling(keeping, event, policy, { ...stamp, now: stamp.now + 1_000 * index, ...over }),
      [streaming, []],
    )
  const { LOOK } = EVENTS
  const doubted = [LOOK, { link: 'unsure' }] as const
  const lost = [LOOK, { link: 'down', isSilent: true }] as const
  const back = [LOOK, { isSilent: true }] as const

  it('R21: silent since the loss of the link, it is opened anew when that is back', () => {
    const [reopened, effects] = after(doubted, lost, back)
    expect(types(effects)).toEqual(['drop', 'ended', 'dial'])
    expect(reopened.state.name).toBe('dialling')
  })
  it('nothing is told of the link, which has just been proven', () => {
    expect(types(after(doubted, lost, back)[1])).not.toContain('SUSPICION')
  })
  it('it is asked for a sign of life only once, when the doubt begins', () => {
    expect(types(after(doubted)[1])).toEqual(['prove'])
    expect(types(after(doubted, lost)[1])).toEqual([])
  })
  it('one that has lived since goes on, and so does one whose link was only in doubt', () => {
    const [lived, effects] = after(doubted, lost, [LOOK, {}])
    expect([lived.state, effects]).toEqual([streaming.state, []])
    expect(after(doubted, [LOOK, {}])[0].state).toBe(streaming.state)
  })
  it('one that was told when its server is back serves until then', () => {
    const noticed: DialEvent = { type: 'NOTICED', retryAfterMs: 60_000 }
    expect(after([noticed, {}], doubted, lost, back)[0].state).toBe(streaming.state)
  })
})

describe('while the verdict is down, at a server that it is not about', () => {
  const elsewhere: DialStamp = { ...stamp, link: 'down', isElsewhere: true }
  const after = (ms: number): DialStamp => ({ ...elsewhere, now: elsewhere.now + ms })
  const under = {
    state: STATES.dialling,
    memory: { ...remembered, step: 0, isElsewhere: true, link: 'down' as LinkView, dialledAt: stamp.now },
  }
  const waitOf = ({ state }: { state: KeeperState }, now: number) =>
    state.name === 'backoff' ? state.nextAttemptAt! - now : state.name

  it('failed attempts wait as the own schedule says', () => {
    const waits: unknown[] = []
    let keeping: typeof under | ReturnType<typeof dialling>[0] = under
    for (let ms = 0; waits.length < 4;) {
      const [failed] = dialling(keeping, EVENTS.again, policy, after(ms))
      const wait = waitOf(failed, after(ms).now) as number
      waits.push(wait)
      ms += wait
      ;[keeping] = dialling(failed, EVENTS.LOOK, policy, after(ms))
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000])
  })
  it('what is proven there is no evidence for the one that the verdict is about', () => {
    const greeting = { ...under, state: STATES.greeting }
    expect(dialling(greeting, EVENTS.PROVEN, policy, elsewhere)[1]).toEqual([])
    const here = { ...greeting, memory: remembered }
    expect(types(dialling(here, EVENTS.PROVEN, policy, stamp)[1])).toEqual(['GOOD_ANSWER'])
  })
  it('a ticket is that of its own server, and a crowd comes to the other one spread', () => {
    const open = { state: STATES.open, memory: { ...remembered, ticketAt: stamp.now + 600_000 } }
    const [left] = dialling(open, EVENTS.again, policy, elsewhere)
    expect(waitOf(left, stamp.now)).toBe(3_500)
    const later = end('later', { status: 503, retryAfterMs: 20_000 })
    const [refused] = dialling(under, later, policy, elsewhere)
    expect(waitOf(refused, stamp.now)).toBe(20_000 + 500)
  })
  it('a line that has come home beside it is of the server that the verdict is about', () => {
    const away = { state: STATES.open, memory: { ...remembered, isElsewhere: true } }
    const home: DialEvent = { type: 'HANDED_OVER', transport: 'websocket', floorMs: 0, isElsewhere: false }
    const [open] = dialling(away, home, policy, stamp)
    const [told] = dialling(open, EVENTS.NOTICED, policy, stamp)
    const [left] = dialling(told, EVENTS.again, policy, stamp)
    expect(waitOf(left, stamp.now)).toBe(5_000 + 3_500)
  })
  it('a ticket of the line that was left for home is none of home', () => {
    const away = { state: STATES.open, memory: { ...remembered, isElsewhere: true } }
    const [told] = dialling(away, { type: 'NOTICED', retryAfterMs: 600_000 }, policy, stamp)
    const home: DialEvent = { type: 'HANDED_OVER', transport: 'websocket', floorMs: 0, isElsewhere: false }
    const [open] = dialling(told, home, policy, stamp)
    const up = { ...stamp, now: stamp.now + 10_000 }
    expect(dialling(open, EVENTS.again, policy, up)[0].state.name).toBe('dialling')
  })
  it('once the network is back the verdict is heard first', () => {
    const waiting = {
      state: STATES['waiting-link'],
      memory: { ...remembered, step: 0, link: 'cut' as LinkView },
    }
    const [next] = dialling(waiting, EVENTS.LOOK, policy, elsewhere)
    expect(waitOf(next, stamp.now)).toBe(1_000)
  })
  it('once the verdict is up nothing is waited for any more, and the schedule begins anew', () => {
    const waiting = {
      state: { ...STATES.backoff, nextAttemptAt: stamp.now + 30_000 } as KeeperState,
      memory: { ...under.memory, step: 5, dueAt: stamp.now + 30_000 },
    }
    const [home, effects] = dialling(waiting, EVENTS.LOOK, policy, { ...stamp, now: stamp.now + 300 })
    expect([home.memory.step, types(effects)]).toEqual([0, ['dial']])
  })
})

describe('I23: after an outage the schedule begins anew', () => {
  const failing = { state: STATES.backoff, memory: { ...remembered, step: 5, dueAt: T0 + 70_000 } }
  const failedAfter = (isFlapping: boolean) => {
    const [down] = dialling(failing, EVENTS.LOOK, policy, { ...stamp, link: 'down', isFlapping })
    const [dialled] = dialling(down, EVENTS.LOOK, policy, { ...stamp, isFlapping })
    expect(dialled.state.name).toBe('dialling')
    const [failed] = dialling(dialled, EVENTS.again, policy, stamp)
    return 'nextAttemptAt' in failed.state ? failed.state.nextAttemptAt! - stamp.now : null
  }
  it('what failed before was that outage: the next wait is the first of the schedule', () => {
    expect(failedAfter(false)).toBe(1_000)
  })
  it('but not of a link that flaps: one outage goes on, and so does the schedule', () => {
    expect(failedAfter(true)).toBe(30_000)
  })
})

const plain: DialEvent[] = (['START', 'WAKE', 'RETRY_NOW', 'LOOK', 'PROVE'] as const).map((type) => ({
  type,
}))
const event: fc.Arbitrary<DialEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...plain) },
  fc.constantFrom<DialEvent>(
    { type: 'STOP', code: 1000, reason: '' },
    { type: 'REOPEN', reason: '' },
    { type: 'NOTICED', retryAfterMs: 3_000 },
    { type: 'NOTICED', retryAfterMs: undefined },
  ),
)
const answer: fc.Arbitrary<DialEvent> = fc.oneof(
  fc.constantFrom<DialEvent>(
    { type: 'OPENED' },
    { type: 'OPENED' },
    { type: 'PROVEN', boot: 'b' },
    { type: 'PROVEN', boot: 'b' },
    { type: 'FLOOR', retryMs: 2_000 },
    { type: 'HANDED_OVER', transport: 'websocket', floorMs: 0, isElsewhere: false },
  ),
  fc
    .record({
      verdict: fc.constantFrom<Verdict>(
        'again',
        'later',
        'needs-auth',
        'session-lost',
        'fatal',
        'unsuitable',
      ),
      retryAfterMs: fc.option(fc.constantFrom(0, 900, 20_000), { nil: undefined }),
      isSilent: fc.boolean(),
      hasOther: fc.boolean(),
      isUnsent: fc.boolean(),
    })
    .map(({ verdict, retryAfterMs, isSilent, hasOther, isUnsent }): DialEvent => {
      const hint = verdict === 'later' && retryAfterMs !== undefined ? { retryAfterMs } : {}
      return { type: 'ENDED', end: { ...broken('x'), verdict, ...hint }, isSilent, hasOther, isUnsent }
    }),
)
const move = fc.oneof(
  event.map((event) => ({ do: 'send' as const, event })),
  { weight: 3, arbitrary: answer.map((event) => ({ do: 'answer' as const, event })) },
  fc
    .oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 40_000 }))
    .map((ms) => ({ do: 'advance' as const, ms })),
  fc
    .constantFrom<LinkView>('off', 'cut', 'down', 'down', 'unsure', 'up', 'up')
    .map((link) => ({ do: 'link' as const, link })),
  fc
    .constantFrom<AuthState>('unknown', 'valid', 'refreshing', 'required')
    .map((auth) => ({ do: 'auth' as const, auth })),
  fc.boolean().map((isWanted) => ({ do: 'want' as const, isWanted })),
  fc.boolean().map((isFlapping) => ({ do: 'flap' as const, isFlapping })),
  fc.boolean().map((isElsewhere) => ({ do: 'lead' as const, isElsewhere })),
  fc.constant({ do: 'live' as const }),
)

const WALKS = import.meta.env.MODE === 'soak' ? 10_000 : 1_000

it('I19, I20, I22: random walks meet no two dials, no dead end, no dial before its time or against the verdict', () => {
  fc.assert(
    fc.property(
      fc.array(move, { maxLength: 60, size: 'max' }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.boolean(),
      fc.constantFrom<Transport>('websocket', 'event-stream'),
      (moves, roll, hasAuth, transport) => {
        const walk = createDialWalk(roll, hasAuth, transport)
        walk.send({ type: 'START' })
        for (const step of moves) {
          if (step.do === 'advance') walk.advance(step.ms)
          else if (step.do === 'send') walk.send(step.event)
          else if (step.do === 'answer') walk.answer(step.event)
          else if (step.do === 'link') walk.change({ link: step.link })
          else if (step.do === 'auth') walk.change({ auth: step.auth })
          else if (step.do === 'want') walk.change({ isWanted: step.isWanted })
          else if (step.do === 'flap') walk.change({ isFlapping: step.isFlapping })
          else if (step.do === 'lead') walk.change({ isElsewhere: step.isElsewhere })
          else walk.answer()
          checkExit(walk)
        }
        endsOpen(walk)
      },
    ),
    { numRuns: WALKS },
  )
}, 60_000)

/** Every state has an exit that is sure to come, or one by hand. */
function checkExit({ state, timerAt, hasLine, now, world, wentElsewhere }: DialWalk): void {
  const { name } = state
  const isAttempt = name === 'dialling' || name === 'greeting'
  must(hasLine === (isAttempt || name === 'open'), `${name} with${hasLine ? '' : 'out'} a line`)
  if (isAttempt) must(timerAt < Infinity, `${name} without a deadline`)
  if (name === 'backoff') {
    must(world.isWanted === timerAt < Infinity, `backoff until ${timerAt} while wanted: ${world.isWanted}`)
    must(timerAt >= now, 'a timer in the past')
  }
  if (!isAttempt && name !== 'backoff') must(timerAt === Infinity, `${name} with a timer`)
  if (isAttempt)
    must(mayDial({ ...world, isElsewhere: wentElsewhere }), 'an attempt at a server that cannot be reached')
}

/** Liveness: seen, signed in, with a link and a server, every walk ends in use within an hour and a person’s click. */
function endsOpen(walk: DialWalk): void {
  walk.change({ isWanted: true })
  walk.change({ link: 'up' })
  walk.change({ auth: 'refreshing' })
  walk.change({ auth: 'valid' })
  if (walk.state.name === 'closed') walk.send({ type: 'START' })
  if (walk.state.name === 'auth' || walk.state.name === 'fatal') walk.send({ type: 'RETRY_NOW' })
  for (let tries = 0; walk.state.name !== 'open' && tries < 6; tries += 1) {
    if (walk.state.name === 'backoff') walk.advance(walk.timerAt - walk.now)
    if (walk.state.name === 'dialling') walk.answer({ type: 'OPENED' })
    if (walk.state.name === 'greeting') walk.answer({ type: 'PROVEN', boot: undefined })
  }
  must(walk.state.name === 'open', `ended ${walk.state.name}`)
  walk.send({ type: 'STOP', code: 1000, reason: '' })
  must(
    walk.state === CLOSED.state && walk.timerAt === Infinity && !walk.hasLine,
    'something is left after stop',
  )
}
