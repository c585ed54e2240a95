/** What an error says of the feature that was asked. */
import { isHoldfastError, type HoldfastErrorCode } from '../core/errors.js'
import { header } from '../core/headers.js'
import { known } from '../core/known.js'
import { outcomeOfAnswer } from '../core/outcome.js'
import type { CallEnd } from './breaker.js'

/** How a call ended, and when the server says to come back. */
export interface Judgement {
  readonly end: CallEnd
  /** A floor of the rest, in ms. */
  readonly retryAfterMs?: number
}

/** Errors of the kit after which the server was asked, and did not do its part. */
const BAD: readonly HoldfastErrorCode[] = ['timeout', 'maybe-committed', 'not-ours']

/** And those with which it has answered: a refusal is the work of a service that is well. */
const GOOD: readonly HoldfastErrorCode[] = ['rejected', 'conflict', 'unauthorized']

/** As axios has it, or whoever throws what `fetch` has answered. */
interface Answered {
  readonly status?: unknown
  readonly headers?: unknown
}

/**
 * The judgement by default. Bad: nothing came back, 408, 425, 429 and 5xx. Good: any other answer, such as 404, which the
 * caller still gets as an error. Unknown: given up by the caller, or never sent.
 */
export function judge(error: unknown): Judgement {
  const thrown = Object(error) as Answered & { readonly name?: unknown; readonly response?: Answered }
  if (isHoldfastError(error)) {
    return { end: BAD.includes(error.code) ? 'bad' : GOOD.includes(error.code) ? 'good' : 'unknown' }
  }
  if (thrown.name === 'AbortError' || thrown.name === 'CanceledError') return { end: 'unknown' }
  const { status, headers } = thrown.response ?? thrown
  if (typeof status !== 'number') return { end: 'bad' }
  const { class: outcome, retryAfterMs } = outcomeOfAnswer(status, (field) => header(headers, field))
  const isBad = outcome === 'maybe-committed' || outcome === 'overloaded'
  return known({ end: isBad ? ('bad' as const) : ('good' as const), retryAfterMs })
}
