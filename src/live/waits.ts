/** What has to be waited for before the next attempt: the own schedule, the server's ticket, a token. Pure. */
import { LONGEST_HINT_MS } from '../core/retry-after.js'
import type { DialEvent, DialPolicy, DialStamp, Memory } from './dialling-state.js'

/**
 * Clients come back from a planned restart spread over so long behind what they were told: so many in a second that
 * no server sees a fifth of them at once (I22); as `plannedSpreadMs` of the connection.
 */
const SPREAD_MS = 7_000

/** Of a `retry:` that a stream was told: jitter only above it. */
const FLOOR_SPREAD = 0.25

/** When the server lets us come: what it says now, else what it said before. */
export function ticketAfter(
  hintMs: number | undefined,
  isPlanned: boolean,
  { ticketAt, floorMs }: Memory,
  { now, roll }: DialStamp,
): number {
  if (hintMs === undefined) return floorMs > 0 ? Math.max(ticketAt, floorAt(floorMs, now, roll)) : ticketAt
  const waitMs = Math.min(LONGEST_HINT_MS, Math.max(hintMs, floorMs))
  return Math.ceil(now + waitMs + roll * (isPlanned ? SPREAD_MS : Math.min(SPREAD_MS, waitMs)))
}

const floorAt = (floorMs: number, now: number, roll: number): number =>
  Math.ceil(now + Math.min(LONGEST_HINT_MS, floorMs) * (1 + FLOOR_SPREAD * roll))

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
  const spreadAt = Math.ceil(now + SPREAD_MS * roll)
  // The ticket is that of the way that has ended, not of the other one; a crowd comes to that one spread, too.
  if (hasOther) return { ...memory, dueAt: wasOpen ? spreadAt : now }
  const ticketAt = ticketAfter(end.retryAfterMs, isPlanned, memory, stamp)
  if (wasOpen && memory.isFast && end.verdict === 'again' && ticketAt <= now) {
    return { ...memory, isFast: false, dueAt: now }
  }
  const waits = { ...scheduled(memory, policy, stamp), ticketAt }
  return end.verdict === 'later' ? { ...waits, dueAt: Math.max(waits.dueAt, spreadAt) } : waits
}

function scheduled(memory: Memory, { schedule }: DialPolicy, { now, roll }: DialStamp): Memory {
  const dueAt = Math.ceil(now + schedule.delay(memory.step, roll, 0))
  return { ...memory, step: memory.step + 1, dueAt }
}

/**
 * The token was refused; true: the connection has to be told. A second refusal without a line proven between is the
 * last (no loop); an attempt from before a renewal is simply made again.
 */
export function askedForToken(memory: Memory, policy: DialPolicy, stamp: DialStamp): [Memory, boolean] {
  const { token, turns, isFast } = memory
  const waits: Memory = isFast
    ? { ...memory, isFast: false, dueAt: stamp.now }
    : scheduled(memory, policy, stamp)
  if (stamp.auth === null || token === 'renewed') return [{ ...waits, token: 'refused' }, false]
  if (stamp.turns > turns && stamp.auth === 'valid') return [waits, false]
  return [{ ...waits, token: 'asked' }, true]
}

/** What has become of the token by now. */
export function untilToken(memory: Memory, policy: DialPolicy, stamp: DialStamp): Memory {
  const { auth, turns } = stamp
  const { token } = memory
  if (auth === 'refreshing' || auth === 'required')
    return token === 'renewing' ? memory : { ...memory, token: 'renewing' }
  if (token === 'usable' || token === 'renewed' || turns === memory.turns) return memory
  // A renewal that was lost says nothing about the token: it is tried again, as the schedule says.
  return auth === 'valid'
    ? { ...memory, token: 'renewed' }
    : scheduled({ ...memory, token: 'usable' }, policy, stamp)
}
