/**
 * Whether one feature of a service is still asked: a circuit breaker, pure. It counts the calls of a window; once too
 * many of them are bad, nobody asks for a while, and then one does, to see.
 */
import type { Schedule } from '../core/schedule.js'

/** What was counted. A call is bad once: when it becomes slow, or else when it fails. */
export interface CallTally {
  readonly calls: number
  readonly bad: number
}

/** The calls of a part of the window. */
interface Cell extends CallTally {
  /** Which part: its start, in parts. */
  readonly part: number
}

/** All is well: everybody asks. */
export interface Closed {
  readonly name: 'closed'
  /** Counts up with each change of the name: a call that began before is no evidence after. */
  readonly turn: number
  readonly cells: readonly Cell[]
}

/** What is true as long as it is not all well. */
interface Incident {
  readonly turn: number
  /** When it began (epoch ms). */
  readonly since: number
  /** What it began with. */
  readonly tally: CallTally
  /** How often it was tried in vain. */
  readonly step: number
}

/** Nobody asks. */
export interface Open extends Incident {
  readonly name: 'open'
  /** From then on whoever asks is the one that tries (epoch ms). */
  readonly until: number
}

/** One asks, to see; the others do not. */
export interface HalfOpen extends Incident {
  readonly name: 'half-open'
}

/** The states of a breaker, by the names that the field gives them. */
export type BreakerState = Closed | Open | HalfOpen

/**
 * How a call ended, as far as the feature is concerned. `unknown`: it says nothing of it, such as one that was given up,
 * or met an outage of the whole service.
 */
export type CallEnd = 'good' | 'bad' | 'unknown'

/** What happens to a breaker. */
export type BreakerEvent =
  | { readonly type: 'ASKED' }
  /** `retryAfterMs`: what the server asked for; a floor of the rest. */
  | {
      readonly type: 'ENDED'
      readonly turn: number
      readonly end: CallEnd
      readonly retryAfterMs?: number | undefined
    }

/** The numbers of it: see `GuardOptions`. */
export interface BreakerPolicy {
  readonly badShare: number
  readonly minCalls: number
  readonly windowMs: number
  readonly rest: Schedule
}

/** The moment, and a chance in [0, 1). */
export interface BreakerStamp {
  readonly now: number
  readonly roll: number
}

/** The window moves by a tenth of itself. */
const PARTS = 10

/** How it begins. */
export const CLOSED: Closed = { name: 'closed', turn: 0, cells: [] }

/** What it is after this. The same object: nothing has changed. */
export function breakerAfter(
  state: BreakerState,
  event: BreakerEvent,
  policy: BreakerPolicy,
  stamp: BreakerStamp,
): BreakerState {
  if (event.type === 'ASKED') return asked(state, stamp.now)
  // Who asked in a turn that is over knows nothing of this one.
  if (event.turn !== state.turn || state.name === 'open') return state
  if (state.name === 'half-open') return tried(state, event, policy, stamp)
  if (event.end === 'unknown') return state
  const cells = counted(state.cells, event.end, Math.floor((stamp.now * PARTS) / policy.windowMs))
  const tally = tallyOf(cells)
  const isTooMuch = tally.calls >= policy.minCalls && tally.bad > policy.badShare * tally.calls
  // One that went well is no reason to stop asking, whatever it completes.
  if (event.end === 'good' || !isTooMuch) return { ...state, cells }
  return opened({ turn: state.turn, since: stamp.now, tally, step: 0 }, event.retryAfterMs, policy, stamp)
}

/** Whether the one whose `ASKED` led from one to the other may ask. */
export const mayAsk = (before: BreakerState, after: BreakerState): boolean =>
  after.name === 'closed' || before !== after

function asked(state: BreakerState, now: number): BreakerState {
  if (state.name !== 'open' || now < state.until) return state
  const { since, tally, step, turn } = state
  return { name: 'half-open', turn: turn + 1, since, tally, step }
}

function tried(
  state: HalfOpen,
  { end, retryAfterMs }: BreakerEvent & { type: 'ENDED' },
  policy: BreakerPolicy,
  stamp: BreakerStamp,
): BreakerState {
  if (end === 'good') return { ...CLOSED, turn: state.turn + 1 }
  // Whoever gave up has not found out: the next one may.
  if (end === 'unknown') return { ...state, name: 'open', turn: state.turn + 1, until: stamp.now }
  return opened({ ...state, step: state.step + 1 }, retryAfterMs, policy, stamp)
}

function opened(
  { turn, since, tally, step }: Incident,
  retryAfterMs = 0,
  { rest }: BreakerPolicy,
  { now, roll }: BreakerStamp,
): Open {
  const restMs = Math.max(rest.delay(step, roll, now - since), retryAfterMs)
  return { name: 'open', turn: turn + 1, since, tally, step, until: now + restMs }
}

function counted(cells: readonly Cell[], end: CallEnd, part: number): readonly Cell[] {
  const kept = cells.filter((cell) => cell.part > part - PARTS && cell.part < part)
  const { calls, bad } = cells.find((cell) => cell.part === part) ?? { calls: 0, bad: 0 }
  return [...kept, { part, calls: calls + 1, bad: bad + Number(end === 'bad') }]
}

const tallyOf = (cells: readonly Cell[]): CallTally => ({
  calls: cells.reduce((sum, { calls }) => sum + calls, 0),
  bad: cells.reduce((sum, { bad }) => sum + bad, 0),
})
