/** What a ReconnectingWebSocket may be told. Names and units are the field's where the field has them. */
import type { Clock, Random } from '../core/clock.js'
import { badOption, checkNumber } from '../core/errors.js'
import { exponential, type Schedule } from '../core/schedule.js'
import type { Connection, Signal } from '../core/state.js'
import { MOST_BYTES } from './bounds.js'
import type { Judge } from './ends.js'
import type { Heartbeat } from './heartbeat.js'
import { checkOptions, givenOf, CONNECTION, HEARTBEAT, JUDGE, SCHEDULE, type Rules } from './rules.js'
import type { SocketClass } from './websocket.js'

/** Options of `ReconnectingWebSocket`. */
export interface ReconnectingWebSocketOptions {
  /**
   * Whose verdict is waited for while the service is down; it is started and stopped by whoever made it. Default: one
   * of its own, whose health check is the dial itself.
   */
  connection?: Connection
  /** The class of the sockets. Default: `globalThis.WebSocket`, looked up at each dial. */
  WebSocket?: SocketClass
  /**
   * How a half-open line is noticed: `adaptive()`, `fixedHeartbeat(ms, { ping, isPong })`. Default: null, none: a
   * server of somebody else does not know PING, and what it does not answer would be taken for dead. Without one a
   * dead line is noticed when the platform notices it, minutes later, and after a standstill: `maxStandstillMs`.
   */
  heartbeat?: Heartbeat | null
  /**
   * Without a heartbeat: a line over which the page stood still for longer (the device slept, the browser had frozen
   * the page or kept it aside), in ms, is replaced when the page runs again, since nobody can ask whether it lives: its
   * `close` has code 1006, and what is sent before that waits for the next line. If something comes over it first, it
   * stays. A clock that is set forward looks the same. Default 120,000: nginx (`proxy_read_timeout`) and AWS's load
   * balancer (idle timeout) let a silent line live for 60 s, and the timers of a hidden page, by which it is noticed,
   * may be 60 s late. Infinity: every line is trusted.
   */
  maxStandstillMs?: number
  /**
   * When to dial again. Default: `steady` while the service is down, the preset `live` while it is up and only the dial
   * fails. The first dial after a loss is made at once, whatever the schedule.
   */
  schedule?: Schedule
  /**
   * The first wait of an exponential schedule, in ms, ± 50 %. Default, if one of these three is given: 1,000, or
   * `maxReconnectionDelay` if that is less.
   */
  minReconnectionDelay?: number
  /** The longest wait of it, in ms. Default: 10,000, or `minReconnectionDelay` if that is more. */
  maxReconnectionDelay?: number
  /** Each wait is that many times the one before. Default: 1.3. */
  reconnectionDelayGrowFactor?: number
  /** Open for so long (ms), and `maxRetries` and the schedule of its own connection start anew. Default: 5,000. */
  minUptime?: number
  /**
   * For a dial to open, the asking for its URL included, in ms. Default 5,000: see `probeTimeoutMs` of
   * `createConnection`. (reconnecting-websocket: 4,000.)
   */
  connectionTimeout?: number
  /**
   * After more failures in a row (losses and failed dials) it is closed for good, until `reconnect()`. Default:
   * Infinity. 0: one line for each object, for libraries that make a new socket by themselves.
   */
  maxRetries?: number
  /** Sends kept while there is no line; one more throws `InvalidStateError`. Default 1,000; 0: as a WebSocket. */
  maxEnqueuedMessages?: number
  /** And so many bytes of them (texts as UTF-8). Default 1 MiB (1,048,576): as much as the least of them may hold. */
  maxEnqueuedBytes?: number
  /** Begins closed: `reconnect()` opens it. Sends are kept meanwhile. Default: false. */
  startClosed?: boolean
  /** The largest message taken, in bytes; a larger one ends it for good, code 1009. Default: 1 GiB. */
  maxMessageBytes?: number
  /**
   * Decides what follows the end of a line, in place of the table of close codes; `'fatal'`: closed for good.
   * Default: the table; without an auth port a code that asks for one is dialled again, for a URL asked anew.
   */
  judge?: Judge
  /** Of a connection of its own. Default: `[browserSignals()]`. */
  signals?: readonly Signal[]
  /** Of a connection of its own. Default: the system's. */
  clock?: Clock
  /** Of a connection of its own. Default: the system's. */
  random?: Random
}

/** Options with their defaults. */
export type Settings = ReconnectingWebSocketOptions &
  Required<
    Pick<
      ReconnectingWebSocketOptions,
      | 'heartbeat'
      | 'maxStandstillMs'
      | 'minUptime'
      | 'connectionTimeout'
      | 'maxRetries'
      | 'maxEnqueuedMessages'
      | 'maxEnqueuedBytes'
      | 'maxMessageBytes'
    >
  >

const WHERE = 'ReconnectingWebSocket'

const DEFAULTS = {
  heartbeat: null,
  maxStandstillMs: 120_000,
  minUptime: 5_000,
  connectionTimeout: 5_000,
  maxRetries: Infinity,
  maxEnqueuedMessages: 1_000,
  maxEnqueuedBytes: 2 ** 20,
  maxMessageBytes: MOST_BYTES,
}

const DELAYS = { minReconnectionDelay: 1_000, maxReconnectionDelay: 10_000, reconnectionDelayGrowFactor: 1.3 }
const OF_OWN_CONNECTION = ['signals', 'clock', 'random'] as const
const DAY_MS = 86_400_000

const RULES: Rules<ReconnectingWebSocketOptions> = {
  connection: [...CONNECTION, undefined, null],
  WebSocket: ['call', 'a class of sockets; this platform has none of its own'],
  heartbeat: HEARTBEAT,
  maxStandstillMs: [90_000, Infinity],
  schedule: SCHEDULE,
  minReconnectionDelay: [0, DAY_MS],
  maxReconnectionDelay: [0, DAY_MS],
  reconnectionDelayGrowFactor: [1, 10],
  minUptime: [0, DAY_MS],
  connectionTimeout: [100, 120_000],
  maxRetries: [0, Infinity],
  maxEnqueuedMessages: [0, Infinity],
  maxEnqueuedBytes: [0, Infinity],
  maxMessageBytes: [1, MOST_BYTES],
  judge: JUDGE,
  ...{ startClosed: null, signals: null, clock: null, random: null },
}

/** Checks what was given and fills in the rest. @throws `bad-option` */
export function readOptions(asked: ReconnectingWebSocketOptions): Settings {
  if (typeof asked !== 'object' || asked === null) throw badOption(`${WHERE}.options`, asked, 'an object')
  const given = givenOf(asked)
  checkOptions(WHERE, { ...given, WebSocket: given.WebSocket ?? globalThis.WebSocket }, RULES)
  const { connection, startClosed = false } = given
  if (typeof startClosed !== 'boolean') throw badOption(`${WHERE}.startClosed`, startClosed, 'true or false')
  for (const key of OF_OWN_CONNECTION) {
    if (connection && key in given)
      throw badOption(`${WHERE}.${key}`, given[key], 'nothing, beside a connection')
  }
  return { ...DEFAULTS, ...given, ...scheduleOf(given) }
}

/** As it was given, or of the three that make one. */
function scheduleOf(given: ReconnectingWebSocketOptions): Pick<ReconnectingWebSocketOptions, 'schedule'> {
  const named = Object.keys(DELAYS).filter((key) => key in given)
  if (named.length === 0) return {}
  if (given.schedule) throw badOption(`${WHERE}.${named[0]}`, 'given', 'nothing, beside a schedule')
  // Who names one of the two, as code for the others often does, has not said that it is beyond the other.
  const { minReconnectionDelay: least, maxReconnectionDelay: most } = given
  const baseMs = least ?? Math.min(DELAYS.minReconnectionDelay, most ?? Infinity)
  const capMs = most ?? Math.max(DELAYS.maxReconnectionDelay, baseMs)
  checkNumber(`${WHERE}.maxReconnectionDelay`, capMs, baseMs, DAY_MS)
  const factor = given.reconnectionDelayGrowFactor ?? DELAYS.reconnectionDelayGrowFactor
  return { schedule: exponential({ baseMs, capMs, factor, jitter: 0.5 }) }
}
