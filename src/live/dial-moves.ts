/** The moves of the dialling machine: what the entries of its table are made of. Pure. */
import type {
  DialEffect,
  DialEvent,
  DialPolicy,
  DialStamp,
  Keeping,
  LinkView,
  Memory,
} from './dialling-state.js'
import { broken } from './ends.js'
import type { KeeperState } from './keeper-state.js'
import { scheduled, untilToken } from './waits.js'

/** What is next, and what has to be done. The same machine (by identity) means that nothing changed. */
export type DialStep = readonly [Keeping, readonly DialEffect[]]

/** One entry of the table. */
export type Decide<E extends DialEvent = DialEvent> = (
  keeping: Keeping,
  event: E,
  policy: DialPolicy,
  stamp: DialStamp,
) => DialStep

/** One row: what a state does with events. */
export type Row = { readonly [T in DialEvent['type']]?: Decide<Extract<DialEvent, { type: T }>> }

/** In use for so long, and the schedule starts anew (I23); as `stableMs` of the connection. */
const STABLE_MS = 5_000

/** The same for a line that was proven with a fresh token: that, and no trouble, is what the one before had lacked. */
const STABLE_BY_TOKEN_MS = 1_000

/** Between the beginnings of two attempts at least. */
const LEAST_GAP_MS = 250

type Tickets = Pick<Memory, 'isElsewhere' | 'ticketAt' | 'otherTicketAt'>

/** Nothing remembered. */
export const BLANK: Memory = Object.freeze({
  attempt: 0,
  step: 0,
  isFast: true,
  dialledAt: -Infinity,
  dueAt: 0,
  ticketAt: 0,
  otherTicketAt: 0,
  floorMs: 0,
  stableMs: STABLE_MS,
  token: 'usable',
  renewedAt: -Infinity,
  turns: 0,
  isElsewhere: false,
  link: 'up',
})

/** Closed. */
export const CLOSED: Keeping = { state: { name: 'closed' }, memory: BLANK }

/** When this state ends by itself; Infinity: it does not. */
export function endsAt(state: KeeperState, { dialTimeoutMs }: DialPolicy): number {
  return state.name === 'dialling' || state.name === 'greeting'
    ? state.since + dialTimeoutMs
    : (nextAttemptOf(state) ?? Infinity)
}

const nextAttemptOf = (state: KeeperState): number | null =>
  state.name === 'backoff' ? state.nextAttemptAt : null

const isUp = (link: LinkView): boolean => link === 'up' || link === 'unsure'

/** The link was not up when it was looked at last, and is. */
export const isBack = (memory: Memory, { link }: Pick<DialStamp, 'link'>): boolean =>
  isUp(link) && !isUp(memory.link)

/** A server has to wait for the verdict: that it is down is about this one, or about all. */
export const isBarred = (link: LinkView, isElsewhere: boolean): boolean =>
  !isUp(link) && !(link === 'down' && isElsewhere)

/** Without a line: waits for what has to be waited for, or dials. */
export function next(keeping: Keeping, before: Memory, policy: DialPolicy, stamp: DialStamp): DialStep {
  const { now, link, isElsewhere, isWanted, transport, turns } = stamp
  const tickets = ticketsOf(before, isElsewhere)
  const memory = { ...sinceLink(keeping, untilToken(before, policy, stamp), policy, stamp), link }
  const attempt = memory.attempt + 1
  if (isBarred(link, isElsewhere)) return resting(keeping, { name: 'waiting-link' }, memory)
  if (memory.token !== 'usable' && memory.token !== 'renewed')
    return resting(keeping, { name: 'auth' }, memory)
  const at = Math.max(memory.dueAt, tickets.ticketAt, memory.dialledAt + LEAST_GAP_MS)
  if (!isWanted || now < at) {
    return resting(keeping, { name: 'backoff', nextAttemptAt: isWanted ? at : null, attempt }, memory)
  }
  return [
    {
      state: { name: 'dialling', since: now, attempt, transport },
      memory: { ...memory, attempt, dialledAt: now, turns, ...tickets },
    },
    [{ type: 'dial' }],
  ]
}

/** A ticket is that of its own server: which stand for this one, and which for the others. */
export function ticketsOf(memory: Memory, isElsewhere: boolean): Tickets {
  const { ticketAt, otherTicketAt } = memory
  return isElsewhere === memory.isElsewhere
    ? { isElsewhere, ticketAt, otherTicketAt }
    : { isElsewhere, ticketAt: otherTicketAt, otherTicketAt: ticketAt }
}

/** What has become of the waits since the link was looked at last. */
function sinceLink({ state }: Keeping, memory: Memory, policy: DialPolicy, stamp: DialStamp): Memory {
  // Whatever failed before, failed during the outage: what comes after it begins at once.
  if (isBack(memory, stamp)) return { ...memory, dueAt: 0, step: stamp.isFlapping ? memory.step : 0 }
  // The network has just come back: perhaps the verdict has, too, in a moment.
  return state.name === 'waiting-link' && !isBarred(stamp.link, stamp.isElsewhere)
    ? scheduled(memory, policy, stamp)
    : memory
}

/** Nothing is told of a look that found nothing new. */
function resting(keeping: Keeping, state: KeeperState, memory: Memory): DialStep {
  const old = keeping.state
  const isSame = old.name === state.name && nextAttemptOf(old) === nextAttemptOf(state)
  return [{ state: isSame ? old : state, memory }, []]
}

/** What is remembered of a line that ends now. */
export function healthy({ state, memory }: Keeping, { now }: DialStamp): Memory {
  const isStable = state.name === 'open' && now - state.since >= memory.stableMs
  return isStable ? { ...memory, step: 0, isFast: true } : memory
}

/** What is remembered of a line that is in use from now on. */
export const inUse = (memory: Memory, link: LinkView): Memory => ({
  ...memory,
  attempt: 0,
  ticketAt: 0,
  token: 'usable',
  link,
  stableMs: memory.token === 'renewed' ? STABLE_BY_TOKEN_MS : STABLE_MS,
})

/** Lets go of the line, and dials as soon as may be; `told`: the owner did not ask for it. */
export function redial(
  keeping: Keeping,
  reason: string,
  isTold: boolean,
  policy: DialPolicy,
  stamp: DialStamp,
): DialStep {
  const [after, effects] = next(keeping, { ...healthy(keeping, stamp), dueAt: 0 }, policy, stamp)
  const told: DialEffect[] = isTold ? [{ type: 'ended', end: broken(reason) }] : []
  return [after, [{ type: 'drop', code: 1000, reason }, ...told, ...effects]]
}
