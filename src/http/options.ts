/** The options of `attachHttp`: the manual of http. */
import { badOption, checkKeys, checkNumber } from '../core/errors.js'
import { exponential, type Schedule } from '../core/schedule.js'
import type { Connection } from '../core/state.js'
import type { DurablePort } from './durable-port.js'
import type { Idempotency } from './idempotency.js'

/** Options of `attachHttp`. Impossible values and unknown keys are refused with `bad-option`. */
export interface HttpOptions {
  /** The verdict that requests wait for, and that they give evidence to. Its clock and chance are used. */
  connection: Connection
  /** Where requests marked `durable` go. Default: none; a marked request is then refused. */
  queue?: DurablePort
  /**
   * The origins of the service, such as `https://api.example.com`; the connection's are added. Requests to
   * others pass through untouched. Default: the page's and that of the instance's baseURL.
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
}

/** The options, complete and checked. */
export interface Settings {
  readonly idempotency: Idempotency | undefined
  readonly schedule: Schedule
  readonly retries: number
  readonly holdMs: number
  readonly maxHeld: number
  readonly stalledMs: number
  readonly watchdogMs: number
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
]

const ONE_DAY_MS = 86_400_000

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
  if (typeof schedule.delay !== 'function') throw badOption('http.schedule', schedule, 'a schedule')
  const { retries = 5, holdMs = 120_000, maxHeld = 200, stalledMs = 60_000, watchdogMs = 3_000 } = options
  return {
    idempotency,
    schedule,
    retries: checkNumber('http.retries', retries, 0, 5),
    holdMs: checkNumber('http.holdMs', holdMs, 0, ONE_DAY_MS),
    maxHeld: checkNumber('http.maxHeld', maxHeld, 0, 10_000),
    stalledMs:
      stalledMs === Infinity ? stalledMs : checkNumber('http.stalledMs', stalledMs, 1_000, ONE_DAY_MS),
    watchdogMs: checkNumber('http.watchdogMs', watchdogMs, 100, ONE_DAY_MS),
  }
}
