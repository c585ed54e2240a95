/** What a request asks for itself, over what its instance is told. Read from its mark at every use; copied never. */
import { having, oneOf, optional, readOptions, thatIs, type Reader } from '../core/options.js'
import { scheduleOr } from '../core/policy.js'
import type { Schedule } from '../core/schedule.js'
import { markOf, type Config, type HoldfastMark } from './config.js'
import type { Flight } from './flight.js'
import { endless, retries, span, type Settings } from './options.js'

/** A key is one line of visible characters, short enough for any server (reliability.md, 3). */
const KEY = /^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/

const WISHES = {
  key: optional(
    thatIs<string>(
      '1 to 255 visible ASCII characters without quotes and backslashes',
      (given) => typeof given === 'string' && KEY.test(given),
    ),
  ),
  signal: optional(having<AbortSignal>('addEventListener', 'an AbortSignal')),
  stalledMs: optional(endless(1)),
  retries: optional(retries()),
  schedule: optional(scheduleOr()),
  attemptTimeoutMs: optional(endless(1)),
  deadlineMs: optional(endless(1)),
  holdMs: optional(span(0)),
  priority: optional(oneOf(['normal', 'prefetch'])),
} satisfies Record<keyof HoldfastMark, Reader<unknown>>

/** Refuses a mark that cannot be meant. @throws `bad-option` */
export function checkMark(mark: HoldfastMark): void {
  readOptions('holdfast', mark, WISHES)
}

/** The repetitions that it has. */
export const retriesOf = (config: Config, settings: Settings): number =>
  markOf(config)?.retries ?? settings.retries

/** The pauses between its attempts. */
export const scheduleOf = (config: Config, settings: Settings): Schedule =>
  markOf(config)?.schedule ?? settings.schedule

/** How long it may be held. */
export const holdMsOf = (config: Config, settings: Settings): number =>
  markOf(config)?.holdMs ?? settings.holdMs

/** A declared poll or stream is silent by nature: nothing waits for its answer. */
export const isPoll = (config: Config, settings: Settings): boolean =>
  (markOf(config)?.stalledMs ?? settings.stalledMs) === Infinity

/** When all of it has to be over; Infinity: whenever. */
export const deadlineOf = (config: Config, settings: Settings, arrivedAt: number): number =>
  arrivedAt + (markOf(config)?.deadlineMs ?? settings.deadlineMs)

/** Gives an attempt that begins its end. Nearly none has one, and what is not computed is not allocated (P8). */
export function limit(flight: Flight, settings: Settings): void {
  const { config, call } = flight
  const isFree = settings.attemptTimeoutMs === Infinity && settings.deadlineMs === Infinity
  if (!config || (isFree && !config.holdfast)) return
  const { startedAt } = flight
  const timeoutMs = markOf(config)?.attemptTimeoutMs ?? settings.attemptTimeoutMs
  flight.endsAt = Math.min(deadlineOf(config, settings, call?.arrivedAt ?? startedAt), startedAt + timeoutMs)
}
