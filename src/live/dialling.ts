/**
 * When to dial: one pure function decides. One row of `TABLE` is one state, one entry what an event does to it; a
 * missing entry is nothing. While the link is down its verdict is waited for, but by a server that it is not about; the
 * waits here are for an attempt of one's own that failed.
 */
import {
  BLANK,
  CLOSED,
  healthy,
  inUse,
  isBarred,
  next,
  redial,
  ticketsOf,
  type Decide,
  type DialStep,
  type Row,
} from './dial-moves.js'
import type { DialEffect, DialEvent, DialPolicy, DialStamp, Keeping } from './dialling-state.js'
import type { KeeperState } from './keeper-state.js'
import { askedForToken, dueAfter, ticketAfter } from './waits.js'

/** One kind of event. */
type Event<T extends DialEvent['type']> = Extract<DialEvent, { type: T }>

/** A wait that is cut short by waking or by hand still ends so long after the last attempt began. */
const CUT_GAP_MS = 1_000

/** A person who asks again and again does not keep a slow handshake from ending (I38). */
const PATIENCE_MS = 3_000

const begin: Decide = (keeping, _event, policy, stamp) =>
  next(keeping, { ...BLANK, turns: stamp.turns }, policy, stamp)

const look: Decide = (keeping, _event, policy, stamp) => next(keeping, keeping.memory, policy, stamp)

const stop: Decide<Event<'STOP'>> = (_keeping, { code, reason }) => [CLOSED, [{ type: 'drop', code, reason }]]

const reopen: Decide<Event<'REOPEN'>> = (keeping, { reason }, policy, stamp) =>
  redial(keeping, reason, false, policy, stamp)

/** Waking cuts a wait short, but no ticket. */
const wakeEarly: Decide = (keeping, _event, policy, stamp) => {
  const { memory } = keeping
  const dueAt = Math.min(memory.dueAt, memory.dialledAt + CUT_GAP_MS)
  return next(keeping, { ...memory, dueAt }, policy, stamp)
}

/** A person's wish counts more than a ticket. */
const byHand: Decide = (keeping, _event, policy, stamp) => {
  const { memory } = keeping
  const dueAt = memory.dialledAt + CUT_GAP_MS
  return next(keeping, { ...memory, dueAt, ticketAt: 0, otherTicketAt: 0, token: 'usable' }, policy, stamp)
}

/** What was final for the machine is not for a person. */
const revive: Decide = (keeping, event, policy, stamp) =>
  byHand({ ...keeping, memory: { ...BLANK, dialledAt: keeping.memory.dialledAt } }, event, policy, stamp)

/** An attempt that is older than that is given up for another one. */
const anewAfter =
  (ageMs: number): Decide =>
  (keeping, _event, policy, stamp) =>
    stamp.now - keeping.memory.dialledAt < ageMs
      ? [keeping, []]
      : redial(keeping, 'dialled anew', true, policy, stamp)

const prove: Decide = (keeping) => [keeping, [{ type: 'prove' }]]

/** An attempt does not outlast the verdict that its server cannot be reached. */
const lookWhileDialling: Decide = (keeping, _event, policy, stamp) =>
  isBarred(stamp.link, keeping.memory.isElsewhere)
    ? redial(keeping, 'the service cannot be reached', true, policy, stamp)
    : [keeping, []]

/**
 * Working offline ends the line. A doubt about the link makes it prove itself, once. A stream or a poll cannot be asked:
 * what has said nothing since the loss is opened anew where it stands when the link is back, instead of waiting until a
 * kernel sends again, or for ever. It serves until a ticket.
 */
const lookWhileOpen: Decide = (keeping, _event, policy, stamp) => {
  const { link } = stamp
  if (link === 'off') return redial(keeping, 'the connection was stopped', true, policy, stamp)
  const { memory } = keeping
  if (link === memory.link) return [keeping, []]
  if (stamp.isSilent && link === 'up' && memory.ticketAt <= stamp.now)
    return redial(keeping, 'silent since the link was lost', true, policy, stamp)
  return [{ ...keeping, memory: { ...memory, link } }, memory.link === 'up' ? [{ type: 'prove' }] : []]
}

const opened: Decide = (keeping, _event, _policy, { now }) =>
  keeping.state.name === 'dialling'
    ? [
        {
          state: { ...keeping.state, name: 'greeting', since: now },
          memory: { ...keeping.memory, floorMs: 0 },
        },
        [],
      ]
    : [keeping, []]

const proven: Decide<Event<'PROVEN'>> = ({ state, memory }, { boot }, _p, stamp) => [
  {
    state: {
      name: 'open',
      since: stamp.now,
      transport: 'transport' in state ? state.transport : stamp.transport,
    },
    memory: inUse(memory, stamp.link),
  },
  // Who serves elsewhere says nothing about the one that the verdict is about.
  memory.isElsewhere ? [] : [{ type: 'GOOD_ANSWER', startedAt: memory.dialledAt, boot }],
]

const handedOver: Decide<Event<'HANDED_OVER'>> = (
  keeping,
  { transport, floorMs, isElsewhere },
  _p,
  stamp,
) => [
  {
    state: { name: 'open', since: stamp.now, transport },
    memory: { ...keeping.memory, floorMs, ...ticketsOf(keeping.memory, isElsewhere), ticketAt: 0 },
  },
  [],
]

const noticed: Decide<Event<'NOTICED'>> = (keeping, { retryAfterMs }, _p, stamp) => [
  {
    ...keeping,
    memory: { ...keeping.memory, ticketAt: ticketAfter(retryAfterMs, keeping.memory, stamp) },
  },
  // Who goes elsewhere says nothing about the one that the verdict is about.
  keeping.memory.isElsewhere ? [] : [{ type: 'SUSPICION', cause: 'planned', hintMs: retryAfterMs }],
]

const floor: Decide<Event<'FLOOR'>> = (keeping, { retryMs }) => [
  { ...keeping, memory: { ...keeping.memory, floorMs: retryMs } },
  [],
]

/** A line is over, or an attempt has failed. */
const ended: Decide<Event<'ENDED'>> = (keeping, event, policy, stamp) => {
  const { state } = keeping
  const { end, isSilent, isUnsent } = event
  const effects: DialEffect[] = [{ type: 'ended', end }]
  if (isSilent) effects.unshift({ type: 'drop', code: 4408, reason: end.reason })
  if (end.verdict === 'fatal') return [{ ...keeping, state: { name: 'fatal', end } }, effects]
  const wasOpen = state.name === 'open'
  let memory = healthy(keeping, stamp)
  if (end.verdict === 'needs-auth' || end.verdict === 'session-lost') {
    const [asked, isAsked] = askedForToken(memory, wasOpen, policy, stamp)
    if (isAsked) effects.push({ type: 'UNAUTHORIZED' })
    memory = asked
  } else {
    // 1013 with a hint is a turn, as 503 with Retry-After is; who hands it out on a line is there.
    const isTurn = end.code === 1013 && end.retryAfterMs !== undefined
    const isPlanned = end.verdict === 'later' && !isTurn && end.status === undefined && end.code < 4000
    // Who goes elsewhere says nothing about the one that the verdict is about.
    const isTold = !isTurn && !(isPlanned && memory.isElsewhere)
    if (end.verdict !== 'unsuitable' && !isUnsent && isTold) {
      const cause = isPlanned ? 'planned' : isSilent ? 'timeout' : 'server'
      effects.push({ type: 'SUSPICION', cause, hintMs: isPlanned ? end.retryAfterMs : undefined })
    }
    memory = dueAfter(memory, event, isPlanned, wasOpen, policy, stamp)
  }
  const [after, more] = next(keeping, memory, policy, stamp)
  return [after, [...effects, ...more]]
}

const waiting: Row = {
  STOP: stop,
  LOOK: look,
  WAKE: wakeEarly,
  RETRY_NOW: byHand,
  NOTICED: noticed,
}

const attempting: Row = {
  STOP: stop,
  LOOK: lookWhileDialling,
  // One from before the sleep, or from before the network changed, may never be answered.
  WAKE: anewAfter(CUT_GAP_MS),
  RETRY_NOW: anewAfter(PATIENCE_MS),
  REOPEN: reopen,
  NOTICED: noticed,
  FLOOR: floor,
  ENDED: ended,
}

/** One row per state. */
export const TABLE: Readonly<Record<KeeperState['name'], Row>> = {
  closed: { START: begin },
  'waiting-link': waiting,
  dialling: { ...attempting, OPENED: opened },
  greeting: { ...attempting, PROVEN: proven },
  open: {
    ...attempting,
    LOOK: lookWhileOpen,
    WAKE: prove,
    RETRY_NOW: prove,
    PROVE: prove,
    HANDED_OVER: handedOver,
  },
  backoff: waiting,
  auth: waiting,
  fatal: { START: revive, STOP: stop, RETRY_NOW: revive },
}

/** Decides. Pure: everything it knows is in its arguments. */
export function dialling(keeping: Keeping, event: DialEvent, policy: DialPolicy, stamp: DialStamp): DialStep {
  const decide = TABLE[keeping.state.name][event.type] as Decide | undefined
  return decide ? decide(keeping, event, policy, stamp) : [keeping, []]
}
