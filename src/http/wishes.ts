/** What a request asks for itself, over what its instance is told. Read from its mark at every use; copied never. */
import { badOption, checkKeys, checkNumber } from '../core/errors.js'
import type { Schedule } from '../core/schedule.js'
import { markOf, type Config, type HoldfastMark } from './config.js'
import type { Flight } from './flight.js'
import { checkRetries, checkSchedule, checkSpan, ONE_DAY_MS, type Settings } from './options.js'

const KEYS: Readonly<Record<keyof HoldfastMark, true>> = {
  key: true,
  signal: true,
  stalledMs: true,
  retries: true,
  schedule: true,
  attemptTimeoutMs: true,
  deadlineMs: true,
  holdMs: true,
  priority: true,
}
const ALL_KEYS = Object.keys(KEYS)

/** A key is one line of visible characters, short enough for any server (reliability.md, 3). */
const KEY = /^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/

/** Refuses a mark that cannot be meant. @throws `bad-option` */
export function checkMark(mark: HoldfastMark): void {
  checkKeys('holdfast', mark, ALL_KEYS)
  const { key, signal, priority, schedule, retries, stalledMs, attemptTimeoutMs, deadlineMs, holdMs } = mark
  if (key !== undefined && !(typeof key === 'string' && KEY.test(key))) {
    throw badOption('holdfast.key', key, '1 to 255 visible ASCII characters without quotes and backslashes')
  }
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw badOption('holdfast.signal', signal, 'an AbortSignal')
  }
  if (priority !== undefined && priority !== 'normal' && priority !== 'prefetch') {
    throw badOption('holdfast.priority', priority, '"normal" or "prefetch"')
  }
  if (schedule !== undefined) checkSchedule('holdfast.schedule', schedule)
  if (retries !== undefined) checkRetries('holdfast.retries', retries)
  if (holdMs !== undefined) checkNumber('holdfast.holdMs', holdMs, 0, ONE_DAY_MS)
  if (stalledMs !== undefined) checkSpan('holdfast.stalledMs', stalledMs, 1)
  if (attemptTimeoutMs !== undefined) checkSpan('holdfast.attemptTimeoutMs', attemptTimeoutMs, 1)
  if (deadlineMs !== undefined) checkSpan('holdfast.deadlineMs', deadlineMs, 1)
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
