/** The moves of the dialling machine: what the entries of its table are made of. Pure. */
import type { DialEffect, DialEvent, DialPolicy, DialStamp, Keeping, Memory } from './dialling-state.js'
import { broken } from './ends.js'
import type { KeeperState } from './keeper-state.js'
import { untilToken } from './waits.js'

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

/** Nothing remembered. */
export const BLANK: Memory = Object.freeze({
  attempt: 0,
  step: 0,
  isFast: true,
  dialledAt: -Infinity,
  dueAt: 0,
  ticketAt: 0,
  floorMs: 0,
  stableMs: STABLE_MS,
  token: 'usable',
  renewedAt: -Infinity,
  turns: 0,
  isDoubted: false,
})

/** Closed. */
export const CLOSED: Keeping = { state: { name: 'closed' }, memory: BLANK }

/** When this state ends by itself; Infinity: it does not. */
export function endsAt(state: KeeperState, { dialTimeoutMs }: DialPolicy): number {
  if (state.name === 'dialling' || state.name === 'greeting') return state.since + dialTimeoutMs
  return (state.name === 'backoff' ? state.nextAttemptAt : null) ?? Infinity
}

/** Without a line: waits for what has to be waited for, or dials. */
export function next(keeping: Keeping, before: Memory, policy: DialPolicy, stamp: DialStamp): DialStep {
  const { now, link, isFlapping, isWanted, transport, turns } = stamp
  const memory = untilToken(before, policy, stamp)
  const attempt = memory.attempt + 1
  // Whatever failed before, failed during the outage: what comes after it begins at once.
  if (link === 'off' || link === 'down') {
    return resting(
      keeping,
      { name: 'waiting-link' },
      { ...memory, dueAt: 0, step: isFlapping ? memory.step : 0 },
    )
  }
  if (memory.token !== 'usable' && memory.token !== 'renewed')
    return resting(keeping, { name: 'auth' }, memory)
  const at = Math.max(memory.dueAt, memory.ticketAt, memory.dialledAt + LEAST_GAP_MS)
  if (!isWanted || now < at) {
    return resting(keeping, { name: 'backoff', nextAttemptAt: isWanted ? at : null, attempt }, memory)
  }
  return [
    {
      state: { name: 'dialling', since: now, attempt, transport },
      memory: { ...memory, attempt, dialledAt: now, turns },
    },
    [{ type: 'dial' }],
  ]
}

/** Nothing is told of a look that found nothing new. */
function resting(keeping: Keeping, state: KeeperState, memory: Memory): DialStep {
  const old = keeping.state
  const isSame =
    old.name === state.name &&
    (old.name !== 'backoff' || state.name !== 'backoff' || old.nextAttemptAt === state.nextAttemptAt)
  return [{ state: isSame ? old : state, memory }, []]
}

/** What is remembered of a line that ends now. */
export function healthy({ state, memory }: Keeping, { now }: DialStamp): Memory {
  const isStable = state.name === 'open' && now - state.since >= memory.stableMs
  return isStable ? { ...memory, step: 0, isFast: true } : memory
}

/** What is remembered of a line that is in use from now on. */
export const inUse = (memory: Memory, isDoubted: boolean): Memory => ({
  ...memory,
  attempt: 0,
  ticketAt: 0,
  token: 'usable',
  isDoubted,
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
