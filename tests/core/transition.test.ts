import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPolicy } from '../../src/core/policy.js'
import { steady } from '../../src/core/schedule.js'
import {
  isDown,
  type ConnectionEvent,
  type LinkName,
  type LinkState,
  type Stamp,
} from '../../src/core/state.js'
import { transition } from '../../src/core/transition.js'
import { article } from '../../src/presets.js'
import { createWalk, memory, stateOf, T0 } from './walk.js'

const policy = createPolicy({}, steady)
const stamp: Stamp = { now: T0 + 60_000, roll: 0.5, wanted: true, steps: false, silentMs: 60_000 }
const probed = memory({ lastProbeAt: T0, everOnline: true, onlineAt: T0 - 60_000, incidentAt: T0 })

const LINKS: Record<LinkName, LinkState> = {
  idle: { name: 'idle', memory: memory() },
  connecting: { name: 'connecting', since: T0, attempt: 1, cause: null, memory: memory({ lastProbeAt: T0 }) },
  online: { name: 'online', since: T0, memory: probed },
  suspect: {
    name: 'suspect',
    since: T0,
    onlineSince: T0 - 9_000,
    cause: 'server',
    hint: null,
    memory: probed,
  },
  waiting: {
    name: 'waiting',
    since: T0,
    cause: 'server',
    attempt: 2,
    nextAttemptAt: T0 + 60_000,
    memory: probed,
  },
  trying: { name: 'trying', since: T0, cause: 'server', attempt: 2, memory: probed },
  stopped: { name: 'stopped', since: T0, cause: 'server', reason: 'gave-up', memory: probed },
}

const EVENTS: Record<string, ConnectionEvent> = {
  SUSPICION: { type: 'SUSPICION', cause: 'server' },
  PROBE_OK: { type: 'PROBE_OK', boot: 'b' },
  GOOD_ANSWER: { type: 'GOOD_ANSWER', startedAt: T0 + 1 },
  PROBE_FAILED: { type: 'PROBE_FAILED', cause: 'server' },
  NOTICE: { type: 'NOTICE', retryAfterMs: 20_000 },
  WAKE: { type: 'WAKE' },
  NAV_ONLINE: { type: 'NAV_ONLINE' },
  NAV_OFFLINE: { type: 'NAV_OFFLINE' },
  RETRY_NOW: { type: 'RETRY_NOW' },
  TIMER: { type: 'TIMER' },
}

/** The table of docs/spec/architecture.md: what the link is afterwards, and `probe` where one goes out. */
const TABLE: Record<LinkName, Record<keyof typeof EVENTS, string>> = {
  idle: row('idle idle idle idle idle idle idle idle idle idle'),
  connecting: row(
    'connecting online online waiting waiting connecting+probe connecting+probe connecting connecting+probe waiting',
  ),
  online: row(
    'suspect+probe online online online waiting suspect+probe suspect+probe suspect+probe suspect+probe online',
  ),
  suspect: row('suspect online online waiting waiting suspect+probe suspect+probe suspect suspect waiting'),
  waiting: row(
    'waiting online online waiting waiting trying+probe trying+probe trying+probe trying+probe trying+probe',
  ),
  trying: row('trying online online waiting waiting trying+probe trying+probe trying trying waiting'),
  stopped: row(
    'stopped online online stopped waiting trying+probe trying+probe stopped trying+probe stopped',
  ),
}

function row(cells: string): Record<string, string> {
  return Object.fromEntries(Object.keys(EVENTS).map((event, index) => [event, cells.split(' ')[index]!]))
}

describe.each(Object.keys(LINKS) as LinkName[])('R26, I19: %s', (name) => {
  it.each(Object.keys(EVENTS))('R26: answers %s as the table says', (event) => {
    const [after, effects] = transition(stateOf(LINKS[name]), EVENTS[event]!, policy, stamp)
    const probe = effects.some((effect) => effect.type === 'probe') ? '+probe' : ''
    expect(after.link.name + probe).toBe(TABLE[name][event])
  })

  it('goes to idle by STOP and by GO_OFFLINE, and leaves no timer and no probe', () => {
    for (const type of ['STOP', 'GO_OFFLINE'] as const) {
      const [after, effects] = transition(stateOf(LINKS[name]), { type }, policy, stamp)
      expect(after.link.name).toBe('idle')
      if (name !== 'idle') expect(effects.map((effect) => effect.type)).toEqual(['abort', 'no-timer'])
    }
  })
})

it('a failed suspicion is a loss dated back to its first evidence, a good one gives back the old since', () => {
  const walk = online()
  const upSince = 'since' in walk.state.link ? walk.state.link.since : 0
  walk.advance(10_000)
  walk.send({ type: 'SUSPICION', cause: 'server' })
  const suspectedAt = walk.now
  walk.advance(40)
  walk.send({ type: 'PROBE_OK' })
  expect(walk.state.link).toMatchObject({ name: 'online', since: upSince })
  walk.send({ type: 'SUSPICION', cause: 'timeout' })
  walk.advance(40)
  walk.send({ type: 'PROBE_FAILED', cause: 'timeout' })
  expect(walk.state.link).toMatchObject({
    name: 'waiting',
    since: suspectedAt + 40,
    attempt: 1,
    cause: 'timeout',
  })
})

it('a good answer to a request that began before the suspicion proves nothing', () => {
  const walk = online()
  walk.send({ type: 'SUSPICION', cause: 'server' })
  walk.send({ type: 'GOOD_ANSWER', startedAt: walk.now - 1 })
  expect(walk.state.link.name).toBe('suspect')
})

it('ux-53: a good answer ends a loss whatever navigator.onLine says', () => {
  const walk = online()
  walk.send({ type: 'NAV_OFFLINE' })
  walk.send({ type: 'PROBE_FAILED', cause: 'server' })
  expect(walk.state.link).toMatchObject({ name: 'waiting', cause: 'device' })
  walk.send({ type: 'GOOD_ANSWER', startedAt: walk.now })
  expect(walk.state.link.name).toBe('online')
})

it('a planned loss ends by the probe, or by an answer of another boot, not by an answer of the old one', () => {
  const walk = createWalk({ schedule: article })
  walk.send({ type: 'START' })
  walk.send({ type: 'PROBE_OK', boot: 'old' })
  walk.send({ type: 'SUSPICION', cause: 'server' })
  walk.send({ type: 'NOTICE', retryAfterMs: 20_000, boot: 'old' })
  walk.send({ type: 'GOOD_ANSWER', startedAt: walk.now, boot: 'old' })
  expect(walk.state.link).toMatchObject({ name: 'waiting', cause: 'planned' })
  walk.send({ type: 'GOOD_ANSWER', startedAt: walk.now, boot: 'new' })
  expect(walk.state.link.name).toBe('online')
})

it('ux-51: an estimate spreads the return over max(7 s, 20 %), and no attempt comes before it', () => {
  for (const [retryAfterMs, roll, at] of [
    [20_000, 0, 20_000],
    [20_000, 0.999, 26_993],
    [60_000, 0.999, 71_988],
  ] as const) {
    const walk = createWalk({}, () => roll)
    walk.send({ type: 'START' })
    walk.send({ type: 'PROBE_OK' })
    walk.send({ type: 'SUSPICION', cause: 'server' })
    walk.send({ type: 'NOTICE', retryAfterMs })
    expect(walk.timerAt! - walk.now).toBe(at)
  }
})

it('row 63: the newest notice counts, and how long it has been known since the first', () => {
  const walk = online()
  walk.send({ type: 'SUSPICION', cause: 'server' })
  walk.send({ type: 'NOTICE', retryAfterMs: 20_000 })
  const firstNoticeAt = walk.now
  walk.advance(walk.timerAt! - walk.now)
  walk.send({ type: 'NOTICE', retryAfterMs: 9_000 })
  expect(walk.state.link.memory.plan).toEqual({ firstNoticeAt, noticedAt: walk.now, estimateMs: 9_000 })
})

it('ux-56: a failure is put down to a portal if one was met, else to the plan, else to the device, else to what was seen', () => {
  const walk = online()
  const causes: unknown[] = []
  const fails = (cause: 'server' | 'timeout' | 'portal') => {
    walk.advance(walk.timerAt! - walk.now)
    walk.send({ type: 'PROBE_FAILED', cause })
    causes.push('cause' in walk.state.link && walk.state.link.cause)
  }
  walk.send({ type: 'SUSPICION', cause: 'server' })
  walk.send({ type: 'PROBE_FAILED', cause: 'portal' })
  expect(walk.state.link).toMatchObject({ name: 'waiting', cause: 'portal' })
  for (const cause of ['timeout', 'server', 'portal'] as const) fails(cause)
  walk.send({ type: 'NAV_OFFLINE' })
  for (const cause of ['server', 'portal'] as const) fails(cause)
  walk.send({ type: 'NOTICE' })
  for (const cause of ['server', 'portal'] as const) fails(cause)
  expect(causes).toEqual(['timeout', 'server', 'portal', 'device', 'portal', 'planned', 'portal'])
})

it('row 28: what is to be done after a recovery is done after a sign-in, too', () => {
  const signedOut = { ...stateOf(LINKS.online), auth: 'required' as const }
  const [after, effects] = transition(signedOut, { type: 'SIGNED_IN' }, policy, { ...stamp, steps: true })
  expect([after.auth, after.resync]).toEqual(['valid', 'running'])
  expect(effects).toEqual([{ type: 'recover' }])
})

it.each(['WAKE', 'VISIBLE', 'NAV_ONLINE', 'RETRY_NOW'] as const)(
  'row 22: %s revives what was given up, with the schedule anew',
  (type) => {
    const late = { ...LINKS.stopped, memory: { ...probed, step: 9 } }
    const [after] = transition(stateOf(late), { type }, createPolicy({}, article), stamp)
    expect(after.link).toMatchObject({ name: 'trying', attempt: 1, memory: { step: article.restartStep } })
  },
)

it('a socket that announces a restart makes the link suspect; only a failed probe makes it planned', () => {
  const walk = online()
  walk.send({ type: 'SUSPICION', cause: 'planned', hintMs: 9_000 })
  expect(walk.state.link).toMatchObject({ name: 'suspect', cause: 'planned', hint: 9_000 })
  walk.send({ type: 'PROBE_FAILED', cause: 'server' })
  expect(walk.state.link).toMatchObject({ name: 'waiting', cause: 'planned' })
  expect(walk.timerAt! - walk.now).toBe(9_000 + 3_500)
})

it('ux-11: the article’s attempts come 0.25, 0.80, 3.85, 6.90, 9.95, 15.00, 25.05, 45.10 and 75.15 s after the loss', () => {
  const walk = online({ schedule: article })
  const lostAt = walk.now
  walk.send({ type: 'SUSPICION', cause: 'server' })
  for (let count = 0; count < 10; count += 1) {
    walk.advance(50)
    walk.send({ type: 'PROBE_FAILED', cause: 'server' })
    walk.advance(walk.timerAt! - walk.now)
  }
  const seconds = walk.begun.slice(2, 11).map((at) => (at - (lostAt - T0)) / 1000)
  expect(seconds).toEqual([0.25, 0.8, 3.85, 6.9, 9.95, 15, 25.05, 45.1, 75.15])
})

it('a link lost again within 5 s goes on in the same incident, at flapStep', () => {
  const walk = online({ schedule: article })
  walk.send({ type: 'SUSPICION', cause: 'server' })
  walk.send({ type: 'PROBE_FAILED', cause: 'server' })
  walk.send({ type: 'PROBE_OK' })
  walk.advance(4_000)
  walk.send({ type: 'SUSPICION', cause: 'server' })
  walk.send({ type: 'PROBE_FAILED', cause: 'server' })
  expect(walk.timerAt! - walk.now).toBe(3_000)
})

it('I31: a page that is hidden and waits for nothing makes no attempt, and one at once on its return', () => {
  const walk = online()
  walk.send({ type: 'SUSPICION', cause: 'server' })
  walk.send({ type: 'PROBE_FAILED', cause: 'server' })
  walk.wanted = false
  walk.send({ type: 'HIDDEN' })
  const before = walk.begun.length
  walk.advance(8 * 3_600_000)
  // The device is awake, or has a network again: that is nothing to a page that nobody sees.
  for (const type of ['WAKE', 'NAV_ONLINE'] as const) walk.send({ type })
  walk.advance(3_600_000)
  expect(walk.begun.length).toBe(before)
  walk.send({ type: 'VISIBLE' })
  walk.advance(250)
  expect(walk.begun.length).toBe(before + 1)
})

it('I19: a return too soon after another one still ends the rest of the hidden page', () => {
  const walk = online()
  walk.send({ type: 'SUSPICION', cause: 'server' })
  walk.send({ type: 'PROBE_FAILED', cause: 'server' })
  walk.wanted = false
  walk.send({ type: 'VISIBLE' })
  walk.send({ type: 'PROBE_FAILED', cause: 'server' })
  walk.send({ type: 'HIDDEN' })
  expect(walk.timerAt).toBeNull()
  walk.advance(500)
  walk.send({ type: 'VISIBLE' })
  expect(walk.timerAt).not.toBeNull()
})

it('online, offline and online again within 2 s does not wait the 30 s of a device without network', () => {
  const walk = online()
  walk.send({ type: 'NAV_ONLINE' })
  walk.send({ type: 'PROBE_OK' })
  walk.send({ type: 'NAV_OFFLINE' })
  walk.send({ type: 'PROBE_FAILED', cause: 'server' })
  expect(walk.timerAt! - walk.now).toBe(30_000)
  walk.send({ type: 'NAV_ONLINE' })
  expect(walk.timerAt! - walk.now).toBeLessThan(1_000)
})

it('a hidden page in which something waits tries at least 15 s apart', () => {
  const walk = online()
  walk.send({ type: 'HIDDEN' })
  walk.send({ type: 'SUSPICION', cause: 'server' })
  const from = walk.begun.length - 1
  for (let count = 0; count < 8; count += 1) {
    walk.send({ type: 'PROBE_FAILED', cause: 'server' })
    walk.advance(walk.timerAt! - walk.now)
  }
  const gaps = walk.begun.slice(from + 1).map((at, index) => at - walk.begun[from + index]!)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(15_000)
})

it('R29: gives up after the visible downtime that was allowed, and a person or a waking revives it', () => {
  const walk = online({ schedule: article, giveUpAfterMs: 600_000 })
  const lostAt = walk.now
  walk.send({ type: 'SUSPICION', cause: 'server' })
  walk.send({ type: 'PROBE_FAILED', cause: 'server' })
  while (walk.state.link.name !== 'stopped') {
    walk.advance(walk.timerAt! - walk.now)
    if (walk.probes > 0) walk.send({ type: 'PROBE_FAILED', cause: 'server' })
  }
  expect(walk.now - lostAt).toBe(600_000)
  expect(walk.timerAt).toBeNull()
  walk.send({ type: 'WAKE' })
  expect(walk.state.link.name).toBe('trying')
})

it('I38: ten clicks in nine tenths of a second make one attempt', () => {
  const walk = online({ schedule: article })
  walk.send({ type: 'SUSPICION', cause: 'server' })
  walk.send({ type: 'PROBE_FAILED', cause: 'server' })
  walk.advance(200)
  const before = walk.begun.length
  for (let click = 0; click < 10; click += 1) {
    walk.send({ type: 'RETRY_NOW' })
    if (walk.probes > 0 && click === 0) walk.send({ type: 'PROBE_FAILED', cause: 'server' })
    walk.advance(90)
  }
  expect(walk.begun.length).toBe(before + 1)
  expect(walk.timerAt! - walk.now).toBe(3_000 - 900)
})

function online(options: Parameters<typeof createWalk>[0] = {}) {
  const walk = createWalk(options)
  walk.send({ type: 'START' })
  walk.send({ type: 'PROBE_OK', boot: 'a' })
  walk.advance(60_000)
  return walk
}

const evidence: fc.Arbitrary<ConnectionEvent> = fc.oneof(
  fc.constantFrom<ConnectionEvent>(
    { type: 'START' },
    { type: 'STOP' },
    { type: 'GO_OFFLINE' },
    { type: 'GO_ONLINE' },
    { type: 'WAKE' },
    { type: 'VISIBLE' },
    { type: 'HIDDEN' },
    { type: 'NAV_ONLINE' },
    { type: 'NAV_OFFLINE' },
    { type: 'RETRY_NOW' },
    { type: 'UNAUTHORIZED' },
    { type: 'REFRESHED' },
    { type: 'REFRESH_REFUSED' },
    { type: 'REFRESH_LOST' },
    { type: 'SIGNED_IN' },
    { type: 'SIGNED_OUT' },
    { type: 'RESYNC', resync: 'running' },
    { type: 'RESYNC', resync: 'failed' },
    { type: 'RESYNC', resync: 'none' },
    { type: 'TIMER' },
  ),
  fc.constantFrom<ConnectionEvent>(
    { type: 'SUSPICION', cause: 'server' },
    { type: 'SUSPICION', cause: 'timeout' },
    { type: 'SUSPICION', cause: 'planned', hintMs: 4_000 },
  ),
)
const answer: fc.Arbitrary<ConnectionEvent> = fc.constantFrom<ConnectionEvent>(
  { type: 'PROBE_OK', boot: 'a' },
  { type: 'PROBE_FAILED', cause: 'server' },
  { type: 'PROBE_FAILED', cause: 'portal' },
  { type: 'NOTICE' },
  { type: 'NOTICE', retryAfterMs: 20_000 },
)
const step = fc.oneof(
  evidence.map((event) => ({ do: 'send' as const, event })),
  answer.map((event) => ({ do: 'answer' as const, event })),
  fc
    .oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 40_000 }))
    .map((ms) => ({ do: 'advance' as const, ms })),
  fc.boolean().map((wanted) => ({ do: 'want' as const, wanted })),
  fc.integer({ min: 0, max: 60_000 }).map((agoMs) => ({ do: 'hear' as const, agoMs })),
)

it('I19, I20: 10,000 random walks meet no two probes, no dead end, and no attempt but by one schedule', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40, size: 'max' }),
      fc.constantFrom(steady, article),
      fc.constantFrom(Infinity, 30_000),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (steps, schedule, giveUpAfterMs, roll) => {
        const walk = createWalk({ schedule, giveUpAfterMs }, () => roll)
        walk.send({ type: 'START' })
        for (const move of steps) {
          if (move.do === 'advance') walk.advance(move.ms)
          else if (move.do === 'want') {
            walk.wanted = move.wanted
            if (move.wanted) walk.send({ type: 'WANTED' })
          } else if (move.do === 'hear') {
            walk.send({ type: 'GOOD_ANSWER', startedAt: walk.now - move.agoMs })
          } else if (move.do === 'send') walk.send(move.event)
          else if (walk.probes > 0) walk.send(move.event)
          checkExit(walk)
        }
        // Liveness: seen and with a server that answers, every walk that is wanted ends online.
        walk.wanted = true
        walk.send({ type: 'WANTED' })
        walk.send({ type: 'VISIBLE' })
        walk.send({ type: 'NAV_ONLINE' })
        walk.send({ type: 'GO_ONLINE' })
        walk.send({ type: 'START' })
        walk.advance(2_000)
        for (let tries = 0; walk.state.link.name !== 'online' && tries < 4; tries += 1) {
          if (walk.state.link.name === 'stopped') walk.send({ type: 'RETRY_NOW' })
          if (walk.probes === 0 && walk.timerAt !== null) walk.advance(walk.timerAt - walk.now)
          if (walk.probes > 0) walk.send({ type: 'PROBE_OK' })
        }
        must(walk.state.link.name === 'online', `ended ${walk.state.link.name}`)
      },
    ),
    { numRuns: Number(process.env['HOLDFAST_WALKS'] ?? 10_000) },
  )
}, 60_000)

/** Every state has an exit that is sure to come. Plain conditions: `expect` is slow in 400,000 calls. */
function checkExit(walk: ReturnType<typeof createWalk>): void {
  const { link } = walk.state
  const isProbing = link.name === 'connecting' || link.name === 'suspect' || link.name === 'trying'
  const isSeen = link.memory.hiddenAt === null || walk.wanted
  must(walk.probes === (isProbing ? 1 : 0), `${link.name} with ${walk.probes} probes`)
  if (isProbing) must(walk.timerAt !== null, `${link.name} without a deadline`)
  if (link.name === 'waiting' && isSeen) {
    must(walk.timerAt !== null && link.nextAttemptAt !== null, 'waiting for nothing')
  }
  if (link.name === 'online' || link.name === 'idle' || link.name === 'stopped') {
    must(walk.timerAt === null, `${link.name} with a timer`)
  }
  if (!isDown(link)) must(link.memory.downSeenAt === null, 'downtime is counted while up')
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}
