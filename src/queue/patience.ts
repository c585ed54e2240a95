/** What an answer means for its lane: whether the action goes on by itself, and when the next try is due. */
import type { Outcome } from '../core/outcome.js'
import type { Schedule } from '../core/schedule.js'
import { isDown, type Connection, type ConnectionState } from '../core/state.js'
import type { Action } from './action.js'
import type { Handler } from './handler.js'

/** What patience needs. */
export interface PatiencePorts {
  readonly connection: Connection
  readonly retry: Pick<Schedule, 'delay'>
  readonly maxRetries: number
  handler(name: string): Handler | undefined
  /** The server asked for the whole queue to wait until then (epoch ms). */
  pause(until: number): void
}

/** The action is sent again by itself, waits for a person, or counts as refused. */
export type Next = 'again' | 'person' | 'refused'

/** How long each lane waits. */
export interface Patience {
  /** When the next try of this lane is due (epoch ms); in the past: now. */
  dueAt(lane: string): number
  /** The same, those last that fail again and again: what the server puts off for ever keeps nobody waiting. */
  inTurn(heads: readonly Action[]): readonly Action[]
  /** Grows when the person is signed in anew, or the tokens are. */
  readonly credentials: number
  /** How this action, sent with these credentials, goes on, and with it its lane or the whole queue. */
  plan(action: Action, outcome: Outcome, credentials: number): Next
  /** The lane waits its own delay, and what the server asked for at least; gives when it goes on (epoch ms). */
  backOff(lane: string, hintMs?: number): number
  /** The credentials are new: a 401 to what was sent with the old ones says nothing. */
  renewed(): void
  /** All lanes start anew: the link was lost, and that was nobody's fault. */
  forget(): void
}

/** Nothing new is sent while the link is suspect, recovery runs, sign-in is needed or the person says no. */
export function maySend({ link, auth, intent, resync }: ConnectionState): boolean {
  return (
    link.name === 'online' &&
    intent === 'online' &&
    (auth === 'valid' || auth === 'unknown') &&
    resync !== 'running'
  )
}

/** Starts with every lane due. */
export function createPatience(ports: PatiencePorts): Patience {
  const { connection, retry, maxRetries } = ports
  const { clock, random } = connection
  /** Lanes whose last answer was none: how often in a row, and when the next try is due. */
  const tries = new Map<string, { readonly failures: number; readonly dueAt: number }>()
  /** How many of them count against the action: neither what the server postponed nor a lost refresh does. */
  const strikes = new Map<string, number>()
  /** The credentials of the last 401 of a lane. */
  const refusedWith = new Map<string, number>()
  let credentials = 0

  function backOff(lane: string, hintMs = 0): number {
    const failures = (tries.get(lane)?.failures ?? 0) + 1
    const roll = random.next()
    // What the server asked for is a floor, with a tenth of jitter above it.
    const dueAt = clock.now() + Math.max(hintMs * (1 + roll / 10), retry.delay(failures - 1, roll, 0))
    tries.set(lane, { failures, dueAt })
    return dueAt
  }

  /** One in a row is no sign. */
  const failuresOf = ({ lane }: Action) => Math.max(1, tries.get(lane)?.failures ?? 0)

  function begin(lane: string): void {
    tries.delete(lane)
    strikes.delete(lane)
    refusedWith.delete(lane)
  }

  /** One more that counts; true: it was one too many. */
  function isSpent(lane: string): boolean {
    const count = (strikes.get(lane) ?? 0) + 1
    strikes.set(lane, count)
    if (count > maxRetries) begin(lane)
    return count > maxRetries
  }

  function unauthorized(lane: string, sentWith: number): Next {
    const { auth } = connection.state
    // Only what fresh credentials could not change is a refusal; a refresh that was lost says nothing (I17). Who
    // asked for the refresh does not matter: http has often done so before the answer is here.
    const isRefusal = sentWith > (refusedWith.get(lane) ?? sentWith)
    refusedWith.set(lane, sentWith)
    const isRenewed = sentWith !== credentials
    if (isRenewed && !isRefusal) return 'again'
    if (!isRenewed && (auth === 'valid' || auth === 'unknown')) connection.send({ type: 'UNAUTHORIZED' })
    // The first one waits for the refresh alone, later ones for their delay as well.
    if (tries.has(lane)) backOff(lane)
    else tries.set(lane, { failures: 1, dueAt: 0 })
    return isRefusal && isSpent(lane) ? 'refused' : 'again'
  }

  return {
    dueAt: (lane) => tries.get(lane)?.dueAt ?? 0,
    inTurn: (heads) => (tries.size === 0 ? heads : [...heads].sort((a, b) => failuresOf(a) - failuresOf(b))),
    backOff,
    get credentials() {
      return credentials
    },
    renewed: () => void (credentials += 1),
    forget() {
      tries.clear()
      strikes.clear()
      refusedWith.clear()
    },
    plan({ lane, handler }, outcome, sentWith) {
      const up = !isDown(connection.state.link)
      switch (outcome.class) {
        case 'ok':
        case 'rejected':
        case 'conflict':
          begin(lane)
          return 'again'
        case 'overloaded': {
          const dueAt = backOff(lane, outcome.retryAfterMs)
          if (outcome.status !== 409) ports.pause(dueAt)
          return 'again'
        }
        case 'unauthorized':
          return unauthorized(lane, sentWith)
        case 'not-sent':
          if (maySend(connection.state)) backOff(lane)
          return 'again'
        default:
          if (!ports.handler(handler)?.honoursKeys) return 'person'
          // Retries are counted only while the link is up: a loss is nobody's fault.
          if (up) backOff(lane)
          return up && isSpent(lane) ? 'person' : 'again'
      }
    },
  }
}
