/** Both machines, pure and together: the connection's decides, the status follows; a clock of its own. */
import fc from 'fast-check'
import type { ConnectionEvent, Facts, QueueFacts } from '../../src/core/state.js'
import { EMPTY_QUEUE, NO_FACTS } from '../../src/status/facts.js'
import { createStatusPolicy, type StatusThresholds } from '../../src/status/options.js'
import { initialStatus, reduce, type StatusState } from '../../src/status/reduce.js'
import type { Announcement, PageEvent } from '../../src/status/view.js'
import { createWalk } from '../core/walk.js'

/** What may happen next. */
export type Command =
  | { readonly do: 'link'; readonly event: ConnectionEvent }
  | { readonly do: 'page'; readonly event: PageEvent }
  | { readonly do: 'facts'; readonly change: (facts: Facts, now: number) => Facts }
  | { readonly do: 'wait'; readonly ms: number }
  /** The device sleeps: time passes, and no timer fires. */
  | { readonly do: 'sleep'; readonly ms: number }

/** A step that was taken, for whoever checks it. */
export interface Step {
  readonly before: StatusState
  readonly after: StatusState
  readonly now: number
  readonly command: Command | null
}

export type Check = (step: Step) => void

export function createWorld(check: Check, thresholds: StatusThresholds = {}) {
  const policy = createStatusPolicy(thresholds)
  const core = createWalk({ giveUpAfterMs: 120_000 })
  let facts: Facts = NO_FACTS
  let state = initialStatus(core.state, null, policy, core.now)
  const spoken: (Announcement & { at: number })[] = []

  function take(event: Parameters<typeof reduce>[1], command: Command | null): void {
    const before = state
    state = reduce(state, event, policy, core.now)
    spoken.push(...state.spoken.map((text) => ({ ...text, at: core.now })))
    check({ before, after: state, now: core.now, command })
  }

  function tellLink(command: Command | null, woken: boolean): void {
    if (core.state !== state.facts.connection) {
      take({ type: 'CONNECTION', state: core.state, service: null, woken }, command)
    }
  }

  /** One instant after the other: the connection's timer first, then the status'. */
  function wait(ms: number): void {
    const endAt = core.now + ms
    while (true) {
      const at = Math.min(core.timerAt ?? Infinity, state.nextAt ?? Infinity, endAt)
      core.advance(Math.max(0, at - core.now))
      tellLink(null, false)
      if (state.nextAt !== null && state.nextAt <= core.now) take({ type: 'TICK' }, null)
      if (core.now >= endAt && (state.nextAt ?? Infinity) > endAt) return
    }
  }

  return {
    policy,
    core,
    spoken,
    get state() {
      return state
    },
    run(command: Command): void {
      if (command.do === 'wait') return wait(command.ms)
      if (command.do === 'sleep') {
        core.advance(command.ms)
        tellLink(command, false)
        return take({ type: 'TICK' }, command)
      }
      if (command.do === 'page') return take(command.event, command)
      if (command.do === 'facts') {
        facts = command.change(facts, core.now)
        return take({ type: 'FACTS', facts }, command)
      }
      core.send(command.event)
      tellLink(command, command.event.type === 'WAKE')
    },
  }
}

const link = (event: ConnectionEvent): Command => ({ do: 'link', event })
const page = (event: PageEvent): Command => ({ do: 'page', event })
const queue = (change: (queue: QueueFacts, now: number) => Partial<QueueFacts>): Command => ({
  do: 'facts',
  change: (facts, now) => ({ ...facts, queue: { ...facts.queue, ...change(facts.queue, now) } }),
})
const facts = (change: (now: number) => Partial<Facts>): Command => ({
  do: 'facts',
  change: (old, now) => ({ ...old, ...change(now) }),
})

const write = queue((old, now) => ({
  waiting: old.waiting + 1,
  total: old.total + 1,
  oldestAt: old.oldestAt ?? now,
  lastWriteAt: now,
}))
const sendOne = queue((old) =>
  old.waiting === 0
    ? {}
    : { waiting: old.waiting - 1, sending: old.sending + 1, oldestAt: old.waiting > 1 ? old.oldestAt : null },
)
const ends = (key: 'sent' | 'failed' | 'conflict' | 'unconfirmed') =>
  queue((old) => (old.sending === 0 ? {} : { sending: old.sending - 1, [key]: old[key] + 1 }))

/** Everything well again: what nobody can wait for is put right by hand. */
export const WELL: readonly Command[] = [
  page({ type: 'HIDDEN', hidden: false }),
  page({ type: 'FOREIGN_DIALOG', open: false }),
  page({ type: 'COMPOSING', on: false }),
  page({ type: 'ENGAGED', engaged: false }),
  link({ type: 'VISIBLE' }),
  link({ type: 'NAV_ONLINE' }),
  link({ type: 'GO_ONLINE' }),
  link({ type: 'START' }),
  facts(() => ({ queue: EMPTY_QUEUE, pendingSince: null, held: 0, session: 'kept' })),
  link({ type: 'SIGNED_IN' }),
  link({ type: 'PROBE_OK', boot: 'new' }),
  link({ type: 'RESYNC', resync: 'none' }),
]

const oneOf = (...commands: readonly Command[]) => fc.constantFrom(...commands)

const evidence = oneOf(
  link({ type: 'SUSPICION', cause: 'server' }),
  link({ type: 'SUSPICION', cause: 'timeout' }),
  link({ type: 'PROBE_OK' }),
  link({ type: 'PROBE_FAILED', cause: 'server' }),
  link({ type: 'PROBE_FAILED', cause: 'portal' }),
  link({ type: 'NOTICE' }),
  link({ type: 'NOTICE', retryAfterMs: 20_000 }),
  link({ type: 'RETRY_NOW' }),
  link({ type: 'WAKE' }),
  link({ type: 'HIDDEN' }),
  link({ type: 'VISIBLE' }),
  link({ type: 'NAV_OFFLINE' }),
  link({ type: 'NAV_ONLINE' }),
)
const session = oneOf(
  link({ type: 'UNAUTHORIZED' }),
  link({ type: 'REFRESHED' }),
  link({ type: 'REFRESH_REFUSED' }),
  link({ type: 'REFRESH_LOST' }),
  link({ type: 'SIGNED_IN' }),
  link({ type: 'RESYNC', resync: 'running' }),
  link({ type: 'RESYNC', resync: 'failed' }),
  link({ type: 'RESYNC', resync: 'none' }),
  link({ type: 'GO_OFFLINE' }),
  link({ type: 'GO_ONLINE' }),
  link({ type: 'STOP' }),
  link({ type: 'START' }),
  facts(() => ({ session: 'lost' })),
  facts(() => ({ session: 'kept' })),
)
const person = oneOf(
  page({ type: 'TYPED' }),
  page({ type: 'COMPOSING', on: true }),
  page({ type: 'COMPOSING', on: false }),
  page({ type: 'HIDDEN', hidden: true }),
  page({ type: 'HIDDEN', hidden: false }),
  page({ type: 'FOREIGN_DIALOG', open: true }),
  page({ type: 'FOREIGN_DIALOG', open: false }),
  page({ type: 'ENGAGED', engaged: true }),
  page({ type: 'ENGAGED', engaged: false }),
  page({ type: 'DISMISS' }),
)
const work = oneOf(
  write,
  sendOne,
  ends('sent'),
  ends('failed'),
  ends('conflict'),
  ends('unconfirmed'),
  queue((_old, now) => ({ pausedUntil: now + 4_000 })),
  queue(() => ({ failed: 0, conflict: 0, unconfirmed: 0, sent: 0, total: 0 })),
  queue((old) => ({ blocked: old.blocked === 0 ? 1 : 0 })),
  queue((old, now) => ({ lostAt: old.lostAt === null ? now : null })),
  queue((old) => ({ standIn: old.standIn ? null : 'blocked', persisted: Boolean(old.standIn) })),
  facts((now) => ({ pendingSince: now })),
  facts(() => ({ pendingSince: null })),
)
const time = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 1_500 }) },
  { weight: 4, arbitrary: fc.constantFrom(50, 400, 600, 1_000, 2_000, 3_000, 5_000) },
  { weight: 3, arbitrary: fc.integer({ min: 1_000, max: 15_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 15_000, max: 130_000 }) },
)

/** A command, weighted so that outages last, heal and come again. */
export const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: time.map((ms): Command => ({ do: 'wait', ms })) },
  { weight: 6, arbitrary: evidence },
  { weight: 4, arbitrary: person },
  { weight: 4, arbitrary: work },
  { weight: 2, arbitrary: session },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 90_000 }).map((ms): Command => ({ do: 'sleep', ms })) },
)

/** A walk from a connection that is up, or from the very start. */
export const anyWalk = fc
  .tuple(
    fc.constantFrom<readonly Command[]>(
      [],
      [link({ type: 'START' })],
      [link({ type: 'START' }), link({ type: 'PROBE_OK', boot: 'old' })],
    ),
    fc.array(anyCommand, { minLength: 5, maxLength: 40, size: 'max' }),
  )
  .map(([first, rest]) => [...first, ...rest])
