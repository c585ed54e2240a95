/** The options of `attachHttp` and `attachFetch`: the manual of http. */
import { badOption, checkKeys, checkNumber } from '../core/errors.js'
import { exponential, type Schedule } from '../core/schedule.js'
import type { Connection } from '../core/state.js'
import type { DurablePort } from './durable-port.js'
import type { Idempotency } from './idempotency.js'
import { createJournal, type Journal, type Log } from './log.js'
import { pageWindow, type LeaveWindow } from './leave.js'

/** Options of `attachHttp` and `attachFetch`. Impossible values and unknown keys are refused with `bad-option`. */
export interface HttpOptions {
  /** The verdict that requests wait for, and that they give evidence to. Its clock and chance are used. */
  connection: Connection
  /** Where requests marked `durable` go. Default: none; a marked request is then refused. */
  queue?: DurablePort
  /**
   * The origins of the service, such as `https://api.example.com`; the connection's are added. Requests to
   * others pass through untouched. Default: the page's and, with axios, that of the instance's baseURL.
   */
  origins?: readonly string[]
  /**
   * Where the server honours Idempotency-Key: `'honoured'` everywhere, or a function of url and method.
   * Default: nowhere; an unsafe request whose outcome is unknown is then given back, never sent again. The key
   * is put on all the same (a browser resends by itself, and then the key helps), so that a server of another
   * origin has to allow the header; `'off'` leaves it away, for one that does not.
   */
  idempotency?: Idempotency
  /** The pauses between the attempts of one request. Default: 1, 2, 4, 8, 16 s with full jitter (R04). */
  schedule?: Schedule
  /** Repetitions of one request while the link is up. Default 5, which is also the most (R04, I25). */
  retries?: number
  /** How long a request is held at most, over all its waits, in ms. Default 120,000. */
  holdMs?: number
  /** How many requests are held at most. Default 200. */
  maxHeld?: number
  /** How long a request may be silent while the link is up, in ms; Infinity: for ever. Default 60,000. */
  stalledMs?: number
  /** Nothing moved for so long while something is pending: a suspicion. In ms. Default 3,000 (ux.md, slow). */
  watchdogMs?: number
  /**
   * How long one attempt may take, in ms, its whole answer included; then it is aborted, which is a suspicion, and
   * repeated where it may be. Default Infinity: slow downloads are not cut, silence is watched instead.
   */
  attemptTimeoutMs?: number
  /**
   * How long a request may take over all attempts, pauses and holding, in ms; then it is aborted and given back.
   * Default Infinity.
   */
  deadlineMs?: number
  /**
   * Headers that are sent besides the key; each makes a page ask first (a preflight), and a server of another
   * origin has to allow it. `X-Request-ID`: the same over all attempts. `X-Request-Deadline-Ms`: what is left, for
   * a request with a limit. `traceparent`: one trace a request, a new parent an attempt (W3C Trace Context). What
   * the caller has set himself is kept. Default: none.
   */
  sendHeaders?: readonly SentHeader[]
  /** Hears of every decision about a request that was not simply answered (R22). Default: nobody does. */
  log?: Log
  /**
   * Where people are warned before they leave a page in which an unmarked write still waits; it listens only while
   * one does. Default: the global window; null: no warning.
   */
  window?: LeaveWindow | null
}

/** A header that is sent only if it is asked for. */
export type SentHeader = (typeof SENT_HEADERS)[number]

const SENT_HEADERS = ['X-Request-ID', 'X-Request-Deadline-Ms', 'traceparent'] as const

/** The options, complete and checked. */
export interface Settings {
  readonly idempotency: Idempotency | undefined
  readonly schedule: Schedule
  readonly retries: number
  readonly holdMs: number
  readonly maxHeld: number
  readonly stalledMs: number
  readonly watchdogMs: number
  readonly attemptTimeoutMs: number
  readonly deadlineMs: number
  readonly sendHeaders: readonly SentHeader[]
  readonly journal: Journal
  readonly window: LeaveWindow | null
}

const KEYS = [
  'connection',
  'queue',
  'origins',
  'idempotency',
  'schedule',
  'retries',
  'holdMs',
  'maxHeld',
  'stalledMs',
  'watchdogMs',
  'attemptTimeoutMs',
  'deadlineMs',
  'sendHeaders',
  'log',
  'window',
]

/** No span of a request is longer. */
export const ONE_DAY_MS = 86_400_000

/** I25: no request is repeated more often. */
const MOST_RETRIES = 5

/** A schedule, or a `bad-option`. */
export function checkSchedule(option: string, given: unknown): void {
  if (typeof (given as Schedule | null)?.delay !== 'function') throw badOption(option, given, 'a schedule')
}

/** A number of repetitions, or a `bad-option`. */
export function checkRetries(option: string, given: unknown): number {
  if (!Number.isInteger(given)) throw badOption(option, given, `a whole number from 0 to ${MOST_RETRIES}`)
  return checkNumber(option, given, 0, MOST_RETRIES)
}

/** A span that may be without end, or a `bad-option`. */
export function checkSpan(option: string, given: unknown, minMs: number): number {
  return given === Infinity ? given : checkNumber(option, given, minMs, ONE_DAY_MS)
}

/** Checks what was given and fills in the rest. @throws `bad-option` */
export function createSettings(options: HttpOptions): Settings {
  checkKeys('http', options, KEYS)
  const {
    connection,
    queue,
    idempotency,
    schedule = exponential({ baseMs: 1_000, capMs: 16_000, jitter: 'full' }),
  } = options
  if (typeof connection?.subscribe !== 'function') {
    throw badOption('http.connection', connection, 'a connection, made by createConnection')
  }
  if (queue && typeof queue.enqueueRequest !== 'function') throw badOption('http.queue', queue, 'a queue')
  const isKnown = idempotency === undefined || idempotency === 'honoured' || idempotency === 'off'
  if (!isKnown && typeof idempotency !== 'function') {
    throw badOption('http.idempotency', idempotency, '"honoured", "off" or a function')
  }
  checkSchedule('http.schedule', schedule)
  const { retries = 5, holdMs = 120_000, maxHeld = 200, stalledMs = 60_000, watchdogMs = 3_000 } = options
  const { attemptTimeoutMs = Infinity, deadlineMs = Infinity } = options
  return {
    idempotency,
    schedule,
    retries: checkRetries('http.retries', retries),
    holdMs: checkNumber('http.holdMs', holdMs, 0, ONE_DAY_MS),
    maxHeld: checkNumber('http.maxHeld', maxHeld, 0, 10_000),
    stalledMs: checkSpan('http.stalledMs', stalledMs, 1_000),
    watchdogMs: checkNumber('http.watchdogMs', watchdogMs, 100, ONE_DAY_MS),
    attemptTimeoutMs: checkSpan('http.attemptTimeoutMs', attemptTimeoutMs, 1),
    deadlineMs: checkSpan('http.deadlineMs', deadlineMs, 1),
    ...portsOf(options),
  }
}

/** What is heard and what is sent, checked. */
function portsOf(options: HttpOptions): Pick<Settings, 'sendHeaders' | 'journal' | 'window'> {
  const { connection, log, sendHeaders = [], window = pageWindow() } = options
  if (log !== undefined && typeof log !== 'function') throw badOption('http.log', log, 'a function')
  if (!Array.isArray(sendHeaders)) throw badOption('http.sendHeaders', sendHeaders, 'a list of headers')
  sendHeaders.forEach((name, index) => {
    if (!SENT_HEADERS.includes(name)) {
      throw badOption(`http.sendHeaders[${index}]`, name, SENT_HEADERS.join(', '))
    }
  })
  if (window !== null && typeof window?.addEventListener !== 'function') {
    throw badOption('http.window', window, 'a window, or null')
  }
  return { sendHeaders, journal: createJournal(connection.clock, log), window }
}
