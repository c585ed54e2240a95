/** What has to be waited for before the next attempt: the own schedule, the server's ticket, a token. Pure. */
import { LONGEST_HINT_MS } from '../core/retry-after.js'
import type { AuthState } from '../core/state.js'
import type { DialEvent, DialPolicy, DialStamp, Memory } from './dialling-state.js'

/**
 * Clients come back from a planned restart spread over so long behind what they were told: so many in a second that
 * no server sees a fifth of them at once (I22); as `plannedSpreadMs` of the connection.
 */
const SPREAD_MS = 7_000

/** Who is busy tells each a turn by the place in the row: no more than a second's clients share it (P6). */
const TURN_SPREAD_MS = 1_000

/** Of a floor that a stream was told (`retry:`): jitter only above it. */
const FLOOR_SPREAD = 0.25

/** A token is fresh for so long after its renewal: an attempt of then that is refused is not refused for its age. */
const FRESH_MS = 1_000

/** When the server lets us come: what it says now, else what it said before. */
export function ticketAfter(
  hintMs: number | undefined,
  { ticketAt }: Memory,
  { now, roll }: DialStamp,
  spreadMs = SPREAD_MS,
): number {
  return hintMs === undefined
    ? ticketAt
    : Math.ceil(now + Math.min(LONGEST_HINT_MS, hintMs) + spreadMs * roll)
}

/** When to dial after a line has ended. One that was in use is dialled anew at once, if no ticket stands. */
export function dueAfter(
  memory: Memory,
  { end, hasOther }: Extract<DialEvent, { type: 'ENDED' }>,
  isPlanned: boolean,
  wasOpen: boolean,
  policy: DialPolicy,
  stamp: DialStamp,
): Memory {
  const { now, roll } = stamp
  const spreadMs = isPlanned || hasOther || end.retryAfterMs === undefined ? SPREAD_MS : TURN_SPREAD_MS
  const spreadAt = Math.ceil(now + spreadMs * roll)
  const ticketAt = ticketAfter(end.retryAfterMs, memory, stamp, spreadMs)
  // The ticket is that of the server that has ended, not of the other one; a crowd comes to that one spread, too.
  if (hasOther) {
    const isOfBoth = stamp.isElsewhere === memory.isElsewhere
    return { ...memory, ticketAt: isOfBoth ? memory.ticketAt : ticketAt, dueAt: wasOpen ? spreadAt : now }
  }
  if (wasOpen && memory.isFast && end.verdict === 'again' && ticketAt <= now) {
    return { ...memory, isFast: false, dueAt: now }
  }
  const waits = { ...scheduled(memory, policy, stamp), ticketAt }
  // Whoever was told of a restart comes spread, also to a server that gave no ticket.
  return end.verdict === 'later' || ticketAt > now
    ? { ...waits, dueAt: Math.max(waits.dueAt, spreadAt) }
    : waits
}

/** The next wait of the schedule; what a stream was told is its floor (I24). */
export function scheduled(memory: Memory, { schedule }: DialPolicy, { now, roll }: DialStamp): Memory {
  const { step, floorMs } = memory
  const leastMs = Math.min(LONGEST_HINT_MS, floorMs) * (1 + FLOOR_SPREAD * roll)
  return {
    ...memory,
    step: step + 1,
    dueAt: Math.ceil(now + Math.max(leastMs, schedule.delay(step, roll, 0))),
  }
}

/**
 * The token was refused; true: the connection has to be told. A second refusal of one that is fresh is the last (no
 * loop); an attempt from before a renewal, or with a token that has grown old while something else was waited for, is
 * simply made again. A token that is short-lived would be over at the end of a wait: the next attempt follows its
 * renewal at once, but for a line that was in use no longer than a moment.
 */
export function askedForToken(
  memory: Memory,
  wasOpen: boolean,
  policy: DialPolicy,
  stamp: DialStamp,
): [Memory, boolean] {
  const { token, turns, isFast, dialledAt, renewedAt } = memory
  const waits: Memory =
    wasOpen && !isFast
      ? scheduled(memory, policy, stamp)
      : { ...memory, isFast: isFast && !wasOpen, dueAt: stamp.now }
  const isFresh = token === 'renewed' && dialledAt - renewedAt < FRESH_MS
  if (stamp.auth === null || isFresh) return [{ ...waits, token: 'refused' }, false]
  if (stamp.turns > turns && stamp.auth === 'valid') return [waits, false]
  return [{ ...waits, token: 'asked' }, true]
}

/** It is being renewed, or a sign-in is waited for. */
export const isTurning = (auth: AuthState | null): boolean => auth === 'refreshing' || auth === 'required'

/** What has become of the token by now. */
export function untilToken(memory: Memory, policy: DialPolicy, stamp: DialStamp): Memory {
  const { auth, turns } = stamp
  const { token } = memory
  if (isTurning(auth)) return token === 'renewing' ? memory : { ...memory, token: 'renewing' }
  if (token === 'usable' || token === 'renewed' || turns === memory.turns) return memory
  // A renewal that was lost says nothing about the token: it is tried again, as the schedule says.
  return auth === 'valid'
    ? { ...memory, token: 'renewed', renewedAt: stamp.now }
    : scheduled({ ...memory, token: 'usable' }, policy, stamp)
}
