/** What a guard may be told. */
import { systemClock, systemRandom, type Clock, type Random } from '../core/clock.js'
import { func, having, number, optional, orNull, readOptions, text, whole } from '../core/options.js'
import { exponential, type Schedule } from '../core/schedule.js'
import type { Connection } from '../core/state.js'
import type { CallTally } from './breaker.js'
import { judge, type Judgement } from './judge.js'

/** What is told once when a feature is no longer asked, and once when it is well again. */
export interface DegradeNews {
  readonly type: 'degraded' | 'restored'
  /** Of the guard. */
  readonly name: string
  /** When (epoch ms). */
  readonly at: number
  /** When it was degraded (epoch ms). */
  readonly since: number
  /** What it was degraded for. */
  readonly tally: CallTally
}

/** Options of `createGuard`. Impossible values and unknown keys are refused with `bad-option`. */
export interface GuardOptions {
  /** What is guarded, for news and errors: `stock`. */
  name: string
  /**
   * Whose feature it is. While its link is not up, what calls meet is the connection's matter and no evidence against
   * the feature; whoever signs out takes the kept answers with them. Default: none.
   */
  connection?: Connection
  /**
   * A call that has not ended by then is bad, in ms, from 1 to 10 minutes; whoever waits gets the kept answer, if there
   * is one, and the call goes on. Null: none is too slow. Default: null, because only the service's own promise says
   * what slow is (the article: 800 for stock, R32).
   */
  slowAfterMs?: number | null
  /**
   * The feature is no longer asked once more than this share of the calls of the window is bad, from 0 to 1. Default:
   * 0.4 (the article's "errors > 40 %", R33).
   */
  badShare?: number
  /** With fewer calls in the window nothing is decided, from 1 to 10,000. Default: 5. */
  minCalls?: number
  /** What is counted: the calls that have ended in the last ms, from 100 to 1 hour. Default: 10,000. */
  windowMs?: number
  /**
   * How long nobody asks, before one tries: step 0 is the first rest, the next follow trials that went badly. A
   * Retry-After is a floor. Default: 5, 10, 20, 40, 60 s ± 20 %.
   */
  rest?: Schedule
  /** A kept answer that is older is not handed out, in ms, from 0 to 30 days. Default: 3,600,000 (1 hour). */
  maxAgeMs?: number
  /** How many answers are kept, from 0 to 100,000; the one unused for longest goes first. Default: 100. */
  maxKept?: number
  /**
   * What an error says of the feature. Default: nothing came back, 408, 425, 429 and 5xx are bad (also of errors that
   * bear a `status`, or a `response` with one); any other answer is good, the caller's own abort says nothing.
   */
  judge?: (error: unknown) => Judgement
  /** Hears of it, once an incident: to tell those who operate it. Default: nobody does. */
  onDegrade?: (news: DegradeNews) => void
  /** Where time comes from. Default: the connection's, or else the system's. */
  clock?: Clock
  /** Where chance comes from. Default: the connection's, or else the system's. */
  random?: Random
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** Reads them. @throws `bad-option` */
export function readGuardOptions(options: GuardOptions) {
  const read = readOptions('createGuard', options, {
    name: text(),
    connection: optional(having<Connection>('subscribe', 'a connection')),
    slowAfterMs: orNull(number(1, 10 * MINUTE_MS), () => null),
    badShare: number(0, 1, 0.4),
    minCalls: whole(1, 10_000, 5),
    windowMs: number(100, HOUR_MS, 10_000),
    rest: having<Schedule>('delay', 'a schedule', exponential({ baseMs: 5_000, capMs: 60_000, jitter: 0.2 })),
    maxAgeMs: number(0, 30 * 24 * HOUR_MS, HOUR_MS),
    maxKept: whole(0, 100_000, 100),
    judge: func<(error: unknown) => Judgement>('a function', judge),
    onDegrade: func<(news: DegradeNews) => void>('a function', () => {}),
    clock: optional(having<Clock>('setTimeout', 'a clock')),
    random: optional(having<Random>('next', 'a source of chance')),
  })
  return {
    ...read,
    clock: read.clock ?? read.connection?.clock ?? systemClock,
    random: read.random ?? read.connection?.random ?? systemRandom,
  }
}
