/** One request of the caller, over all its attempts. Made when the first attempt is not the last. */
import { HoldfastError, type HoldfastErrorCode } from '../core/errors.js'
import { known } from '../core/known.js'
import { outcomeOfStatus } from '../core/outcome.js'
import type { Classified } from './classify.js'
import type { Answer, Config } from './config.js'
import { isSafe } from './idempotency.js'
import type { Why } from './log.js'
import type { Group } from './share.js'

/** What an attempt came to. Neither answer nor error: the kit itself ended it. */
export interface Landing {
  readonly outcome: Classified
  readonly response?: Answer
  readonly error?: unknown
}

/** A request that has to wait or to be repeated. */
export interface Call {
  readonly config: Config
  /** When the caller asked (epoch ms): who waited first goes first. */
  readonly arrivedAt: number
  /** Of those who asked in the same millisecond, who waited first; 0: it has not waited yet. */
  order: number
  /** How often it was handed to the adapter. */
  attempts: number
  /** Repetitions that were counted, because the link was up. */
  retries: number
  /** It had to wait for the link once. */
  wasHeld: boolean
  /** How long it has been held, over all its waits. */
  heldMs: number
  /** How often it was repeated with a new token: once at most. */
  refreshes: number
  /** How often it had left with a token that was no longer today's, and was repeated with that: once at most. */
  restamps: number
  /** How often a failure during an open verdict was forgiven: once at most, so that nothing loops. */
  pardons: number
  last: Landing | null
  /** Why it is given back; null: it is not yet. */
  why: Why | null
  /** The release after an outage in which it was let go; 0: none. */
  release: number
  /** Whose answer it waits for. */
  group: Group | null
}

/** The record of a request that has been sent so often. */
export function createCall(config: Config, arrivedAt: number, attempts: number): Call {
  return {
    config,
    arrivedAt,
    order: 0,
    attempts,
    retries: 0,
    wasHeld: false,
    heldMs: 0,
    refreshes: 0,
    restamps: 0,
    pardons: 0,
    last: null,
    why: null,
    release: 0,
    group: null,
  }
}

/**
 * The end of a call that is not repeated: the platform's own answer or error, unchanged but for the report. Where
 * it sees a success that is none, or the kit ended the attempt, the error is ours.
 */
export function finish(call: Call): Answer {
  const { outcome, response, error } = call.last ?? {}
  if (response && (outcome?.class === 'ok' || outcomeOfStatus(response.status, false) !== 'ok'))
    return response
  if (error !== undefined) throw reported(call, error)
  const code = !isSafe(call.config) ? 'maybe-committed' : response ? 'not-ours' : 'timeout'
  throw reported(call, new HoldfastError(code))
}

/**
 * The rejection of a call that waited in vain. It says "never sent" only if that is so: of a write that was
 * sent before, nobody knows.
 */
export function refusal(call: Call, code: HoldfastErrorCode): unknown {
  const { outcome, error } = call.last ?? {}
  const isUnknown = outcome?.class === 'maybe-committed' && !isSafe(call.config)
  return reported(call, new HoldfastError(isUnknown ? 'maybe-committed' : code, undefined, { cause: error }))
}

function reported(call: Call, error: unknown): unknown {
  const { attempts, last, why } = call
  const report = known({ outcome: last?.outcome.class ?? 'not-sent', attempts, why: why ?? undefined })
  return typeof error === 'object' && error !== null ? Object.assign(error, { holdfast: report }) : error
}
