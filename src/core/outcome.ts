/** Outcomes are classes, not exceptions. The table is in docs/spec/architecture.md. */
import { known } from './known.js'
import { parseRateLimit } from './rate-limit.js'
import { parseRetryAfter } from './retry-after.js'

/**
 * - `ok`: a success that is ours.
 * - `not-sent`: the service never saw it; anything may be sent again.
 * - `maybe-committed`: nobody can tell; only what is safe, or keyed where keys are honoured, goes again.
 * - `overloaded`: the server says later. - `unauthorized`: 401. - `conflict`: 409 without Retry-After, 412.
 * - `rejected`: any other 4xx, final. - `cancelled`: the caller's own abort, never evidence.
 */
export type OutcomeClass =
  | 'ok'
  | 'not-sent'
  | 'maybe-committed'
  | 'overloaded'
  | 'unauthorized'
  | 'conflict'
  | 'rejected'
  | 'cancelled'

/** An outcome, with what the server said about when to come back. */
export interface Outcome {
  readonly class: OutcomeClass
  /** The status, if there was an answer. */
  readonly status?: number
  /** From Retry-After, already checked; a floor. */
  readonly retryAfterMs?: number
  /** The cause to be suspected; absent: this outcome is no suspicion. */
  readonly suspicion?: 'server' | 'timeout' | 'portal'
}

/** The class of a status code, as far as the code alone tells. */
export function outcomeOfStatus(status: number, hasRetryAfter: boolean): OutcomeClass {
  if (status >= 200 && status < 400) return 'ok'
  if (status === 401) return 'unauthorized'
  if (status === 425 || status === 429 || status === 503) return 'overloaded'
  if (status === 409) return hasRetryAfter ? 'overloaded' : 'conflict'
  if (status === 412) return 'conflict'
  if (status === 408 || status >= 500) return 'maybe-committed'
  return 'rejected'
}

/** The outcome of an answer, and when it says to come back. `read`: the value of a header, named in lower case. */
export function outcomeOfAnswer(
  status: number,
  read: (name: string) => string | undefined,
): Omit<Outcome, 'suspicion'> {
  const askedMs = parseRetryAfter(read('retry-after'), read('date'))
  const outcome = outcomeOfStatus(status, askedMs !== undefined)
  // Retry-After goes before (the draft says so); only who is refused for the rate has to heed it.
  const retryAfterMs = askedMs ?? (outcome === 'overloaded' ? parseRateLimit(read) : undefined)
  return known({ class: outcome, status, retryAfterMs })
}

/** Statuses that suggest that the service behind them cannot be reached. */
export function isSuspiciousStatus(status: number): boolean {
  return status === 502 || status === 503 || status === 504
}
