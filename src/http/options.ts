/** The options of `attachHttp` and `attachFetch`: the manual of http. */
import { func, having, listOf, number, oneOf, optional, orNull, readOptions } from '../core/options.js'
import { thatIs, whole, type Read, type Reader } from '../core/options.js'
import { scheduleOr } from '../core/policy.js'
import { exponential, type Schedule } from '../core/schedule.js'
import type { Connection } from '../core/state.js'
import type { DurablePort } from './durable-port.js'
import type { Idempotency } from './idempotency.js'
import { createJournal, type Journal, type Log } from './log.js'
import { pageWindow, type LeaveWindow } from './leave.js'
import { origin } from './origins.js'

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

/** No span of a request is longer. */
const ONE_DAY_MS = 86_400_000

/** I25: no request is repeated more often. */
const MOST_RETRIES = 5

/** A number of repetitions. */
export const retries = (byDefault?: number): Reader<number> => whole(0, MOST_RETRIES, byDefault)

/** A span that has an end, in ms. */
export const span = (minMs: number, byDefault?: number): Reader<number> =>
  number(minMs, ONE_DAY_MS, byDefault)

/** A span that may be without one. */
export const endless =
  (minMs: number, byDefault?: number): Reader<number> =>
  (option, given = byDefault) =>
    given === Infinity ? given : span(minMs)(option, given)

const OPTIONS = {
  connection: having<Connection>('subscribe', 'a connection, made by createConnection'),
  queue: optional(having<DurablePort>('enqueueRequest', 'a queue, made by createQueue')),
  origins: optional(listOf(origin)),
  idempotency: optional(
    thatIs<Idempotency>(
      '"honoured", "off" or a function',
      (given) => given === 'honoured' || given === 'off' || typeof given === 'function',
    ),
  ),
  schedule: scheduleOr(/* @__PURE__ */ exponential({ baseMs: 1_000, capMs: 16_000, jitter: 'full' })),
  retries: retries(5),
  holdMs: span(0, 120_000),
  maxHeld: number(0, 10_000, 200),
  stalledMs: endless(1_000, 60_000),
  watchdogMs: span(100, 3_000),
  attemptTimeoutMs: endless(1, Infinity),
  deadlineMs: endless(1, Infinity),
  sendHeaders: listOf(oneOf(SENT_HEADERS), []),
  log: optional(func<Log>()),
  window: orNull(having<LeaveWindow>('addEventListener', 'a window, or null'), pageWindow),
} satisfies Record<keyof HttpOptions, Reader<unknown>>

/** The options, complete and checked. */
export interface Settings extends Read<typeof OPTIONS> {
  readonly journal: Journal
}

/** Checks what was given to this function, and fills in the rest. @throws `bad-option` */
export function createSettings(where: 'attachHttp' | 'attachFetch', options: HttpOptions): Settings {
  const read = readOptions(where, options, OPTIONS)
  return { ...read, journal: createJournal(read.connection.clock, read.log) }
}
