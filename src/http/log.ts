/** Every decision about a request, for whoever wants to read along (R22). Quiet unless it is asked for. */
import type { Clock } from '../core/clock.js'
import { known } from '../core/known.js'
import { heard } from '../core/listeners.js'
import type { Call } from './call.js'
import type { Config } from './config.js'
import { addressOf } from './origins.js'

/**
 * What was decided: it waits for the link (`hold`), for its turn after an outage (`turn`), for the answer to an
 * identical request (`share`), for a new token (`refresh`), for a place in the retry budget (`budget`), or
 * `delayMs` (`retry`); it goes out after it waited (`send`); its caller gets what there is (`give-back`).
 */
export type Decision = 'hold' | 'turn' | 'share' | 'refresh' | 'budget' | 'retry' | 'send' | 'give-back'

/**
 * Why: the link is down, up again, or its verdict is open; the attempt was ended with the lost link, for its
 * silence, its `attemptTimeoutMs` or its `deadlineMs`; the failure is worth a repetition (`failed`) or final; an
 * unsafe request whose outcome is unknown; a body that can be read once only; a caller who repeats by himself
 * (`single`); all repetitions used; the server asks for more patience than `holdMs`; no token in the budget; 401,
 * and no new token; held for too long; too many held; stopped; offline by choice.
 */
export type Why =
  | 'link-down'
  | 'link-up'
  | 'verdict-open'
  | 'lost'
  | 'stalled'
  | 'attempt-timeout'
  | 'deadline'
  | 'failed'
  | 'final'
  | 'unsafe'
  | 'read-once'
  | 'single'
  | 'retries-used'
  | 'hint-too-long'
  | 'budget-empty'
  | 'identical'
  | 'unauthorized'
  | 'not-refreshed'
  | 'held-too-long'
  | 'hold-full'
  | 'stopped'
  | 'paused'
  | 'signed-out'

/** One decision. It carries no header, no body and no query: whatever may be a secret stays out (I16). */
export interface LogLine {
  /** Epoch ms. */
  readonly at: number
  /** The number of the request, from 1: the lines of one request share it. */
  readonly id: number
  /** Method and address without query, fragment and userinfo, such as `GET https://api.example.com/orders`. */
  readonly request: string
  readonly decision: Decision
  readonly why: Why
  /** How often it has been handed to the network so far. */
  readonly attempt: number
  /** How long it waits before it goes again, in ms. */
  readonly delayMs?: number
  /** The status of the last answer. */
  readonly status?: number
}

/** Where lines go. */
export type Log = (line: LogLine) => void

/** Writes a line about a call. */
export type Journal = (call: Call, decision: Decision, why: Why, delayMs?: number) => void

/** The address as it may be shown. */
export function shownAddressOf(config: Config): string {
  const address = addressOf(config).replace(/[?#].*$/s, '')
  return address.replace(/^((?:[a-z][a-z\d+.-]*:)?\/\/)[^/]*@/i, '$1')
}

/** Makes the journal of one client. A listener that throws disturbs nobody; its error is still heard. */
export function createJournal(clock: Clock, log: Log | undefined): Journal {
  if (!log) return () => {}
  const ids = new WeakMap<Call, number>()
  let lastId = 0
  return (call, decision, why, delayMs) => {
    const id = ids.get(call) ?? ++lastId
    ids.set(call, id)
    const { config, attempts, last } = call
    const status = last?.outcome.status
    const line: LogLine = known({
      at: clock.now(),
      id,
      request: `${(config.method ?? 'get').toUpperCase()} ${shownAddressOf(config)}`,
      decision,
      why,
      attempt: attempts,
      delayMs,
      status,
    })
    heard(() => log(line))
  }
}
