/**
 * Whether an open line is alive. A half-open one tells nothing (reliability.md 1.4): only silence after a question
 * finds it. Judged by time stamps, so that a timer which comes late kills no healthy line. Pure.
 */
import { checkKeys, checkNumber } from '../core/errors.js'
import { checkOptions, givenOf, type Rules } from './rules.js'

/** When an open line is asked for a sign of life, and how. Made by `adaptive` or `fixedHeartbeat`. */
export interface Heartbeat {
  /** Silent for so long, and it is asked, while the page is used or something is unacknowledged (ms). */
  readonly activeMs: number
  /** The same while it is not (ms). */
  readonly idleMs: number
  /** Without use for so long a page is idle (ms). */
  readonly idleAfterMs: number
  /** The answer is waited for between so long … */
  readonly leastPongMs: number
  /** … and so long, as the measured round trips say (ms); a line whose trips take longer gets twice theirs. */
  readonly mostPongMs: number
  /** The question. */
  ping(): string | ArrayBufferLike | ArrayBufferView
  /** Whether this message is the answer; it is told to nobody. Anything else that comes counts as life, too. */
  isPong(data: unknown): boolean
}

/** How a server that speaks something else is asked. */
export interface HeartbeatCodec {
  /** Default: `{"type":"PING"}`. */
  ping?: () => string | ArrayBufferLike | ArrayBufferView
  /** Default: the text `{"type":"PONG"}`, or a JSON object of this type with more in it. */
  isPong?: (data: unknown) => boolean
}

/** Options of `adaptive`. */
export interface AdaptiveOptions extends HeartbeatCodec {
  /** In use. Default 5,000 ms (article 3.3). */
  activeMs?: number
  /** Idle or hidden. Default 25,000 ms: below the idle limits of proxies, the least of which is 30 s. */
  idleMs?: number
  /** Default 60,000 ms. */
  idleAfterMs?: number
  /** Default 1,000 ms. */
  leastPongMs?: number
  /** Default 2,500 ms. */
  mostPongMs?: number
}

/** What is known about the life of one line. */
export interface Pulse {
  /** When it last gave a sign of life. */
  readonly lifeAt: number
  /** When it was asked for one; null: it has answered. */
  readonly askedAt: number | null
  /** It was asked a second time, since the timer was late. */
  readonly isAskedAgain: boolean
  /** How long the handshake took: a bound of the trip until one was measured. */
  readonly openMs: number
  /** The smoothed round trip and its mean deviation, as TCP keeps them (RFC 6298); null: not measured yet. */
  readonly tripMs: number | null
  readonly deviationMs: number
  /** The server's own interval; Infinity: none is known. */
  readonly serverMs: number
}

/** What is true at the moment of looking. */
export interface Moment {
  readonly now: number
  /** The page is used, or something is unacknowledged. */
  readonly isQuick: boolean
  /** The page is visible, or somebody needs the line; otherwise it is left alone. */
  readonly isWanted: boolean
  /** It can be asked. A stream cannot: it is judged by the server's interval, if that is known. */
  readonly canAsk: boolean
}

/** What is to be done, and when to look again (Infinity: not before something happens). */
export type Judgement = readonly [pulse: Pulse, act: 'ask' | 'dead' | null, lookAt: number]

/** A timer that is so much too late proves nothing: the answer may lie unread behind it. */
const LATE_MS = 500

/** Silent for so many of the server's own intervals: gone (docs/spec/architecture.md, closing). */
const SILENT_BEATS = 2.5

/** No server makes us ask more often. */
const LEAST_SERVER_MS = 1_000

const ONE_DAY_MS = 86_400_000

const PONG = /^\s*\{\s*"type"\s*:\s*"PONG"\s*[,}]/

/** The pulse of a line that has opened; its handshake took so long. */
export function firstPulse(now: number, openMs: number): Pulse {
  return {
    lifeAt: now,
    askedAt: null,
    isAskedAgain: false,
    openMs,
    tripMs: null,
    deviationMs: 0,
    serverMs: Infinity,
  }
}

/**
 * A sign of life. Only an answer to the first question measures the trip (Karn's rule), and one that was read after
 * its deadline no more than that: it may have lain unread while the page slept.
 */
export function lived(pulse: Pulse, heartbeat: Heartbeat, now: number, isPong: boolean): Pulse {
  const { askedAt, isAskedAgain, tripMs, deviationMs } = pulse
  const alive = { ...pulse, lifeAt: now, askedAt: null, isAskedAgain: false }
  if (askedAt === null || !isPong || isAskedAgain) return alive
  const sampleMs = Math.min(now - askedAt, pongTimeoutMs(pulse, heartbeat))
  if (tripMs === null) return { ...alive, tripMs: sampleMs, deviationMs: sampleMs / 2 }
  return {
    ...alive,
    tripMs: tripMs + (sampleMs - tripMs) / 8,
    deviationMs: deviationMs + (Math.abs(sampleMs - tripMs) - deviationMs) / 4,
  }
}

/** The server names its interval. */
export const toldBy = (pulse: Pulse, heartbeatMs: number | undefined): Pulse =>
  heartbeatMs !== undefined && heartbeatMs >= LEAST_SERVER_MS ? { ...pulse, serverMs: heartbeatMs } : pulse

/** How long an answer may take. */
export function pongTimeoutMs({ openMs, tripMs, deviationMs }: Pulse, heartbeat: Heartbeat): number {
  const mostMs = Math.max(heartbeat.mostPongMs, 2 * (tripMs ?? openMs))
  return tripMs === null
    ? mostMs
    : Math.min(mostMs, Math.max(heartbeat.leastPongMs, tripMs + 4 * deviationMs))
}

/** Looks at a line; `isDoubted`: it is asked though it is not yet silent for long. */
export function look(pulse: Pulse, heartbeat: Heartbeat, moment: Moment, isDoubted = false): Judgement {
  const { now, canAsk } = moment
  const { serverMs } = pulse
  const timeoutMs = pongTimeoutMs(pulse, heartbeat)
  if (!canAsk) {
    const goneAt = pulse.lifeAt + SILENT_BEATS * serverMs
    const doubtMs = (serverMs === Infinity ? heartbeat.idleMs : serverMs) + timeoutMs
    const isDead = now >= (isDoubted ? pulse.lifeAt + doubtMs : goneAt)
    return [pulse, isDead ? 'dead' : null, isDead ? Infinity : goneAt]
  }
  const ask = (isAskedAgain: boolean): Judgement => [
    { ...pulse, askedAt: now, isAskedAgain },
    'ask',
    now + timeoutMs,
  ]
  if (pulse.askedAt !== null) {
    const dueAt = pulse.askedAt + timeoutMs
    if (now < dueAt) return [pulse, null, dueAt]
    return now - dueAt > LATE_MS && !pulse.isAskedAgain ? ask(true) : [pulse, 'dead', Infinity]
  }
  const dueAt = pulse.lifeAt + Math.min(moment.isQuick ? heartbeat.activeMs : heartbeat.idleMs, serverMs)
  if (isDoubted || (moment.isWanted && now >= dueAt)) return ask(false)
  return [pulse, null, moment.isWanted ? dueAt : Infinity]
}

/**
 * The default: 5 s while the page is used or something is unacknowledged, 25 s while it is idle or hidden; the answer
 * is waited for between 1 and 2.5 s, as the round trips say (performance.md, P5).
 * @throws `bad-option`
 */
export function adaptive(options: AdaptiveOptions = {}): Heartbeat {
  return made('adaptive', { ...DEFAULTS, ...CODEC, ...givenOf(options) })
}

/** Always the same interval, in ms; an answer within 2.5 s. @throws `bad-option` */
export function fixedHeartbeat(intervalMs: number, codec: HeartbeatCodec = {}): Heartbeat {
  checkKeys('fixedHeartbeat', codec, Object.keys(CODEC))
  checkNumber('fixedHeartbeat.intervalMs', intervalMs, 500, ONE_DAY_MS)
  const span = { activeMs: intervalMs, idleMs: intervalMs, leastPongMs: DEFAULTS.mostPongMs }
  return made('fixedHeartbeat', { ...DEFAULTS, ...span, ...CODEC, ...givenOf(codec) })
}

function made(where: string, heartbeat: Heartbeat): Heartbeat {
  checkOptions(where, heartbeat, RULES)
  checkNumber(`${where}.mostPongMs`, heartbeat.mostPongMs, heartbeat.leastPongMs, ONE_DAY_MS)
  return Object.freeze(heartbeat)
}

const RULES: Rules<Heartbeat> = {
  activeMs: [500, ONE_DAY_MS],
  idleMs: [500, ONE_DAY_MS],
  idleAfterMs: [500, ONE_DAY_MS],
  leastPongMs: [100, ONE_DAY_MS],
  mostPongMs: [500, ONE_DAY_MS],
  ping: ['call', 'a function'],
  isPong: ['call', 'a function'],
}

const DEFAULTS = {
  activeMs: 5_000,
  idleMs: 25_000,
  idleAfterMs: 60_000,
  leastPongMs: 1_000,
  mostPongMs: 2_500,
}

const CODEC = {
  ping: (): string => '{"type":"PING"}',
  isPong: (data: unknown): boolean => typeof data === 'string' && PONG.test(data),
}

/** The article's heartbeat (3.3): every 5 s; an answer within 2.5 s. */
export const article: Heartbeat = /* @__PURE__ */ fixedHeartbeat(5_000)
