/** Delays as values: printable, JSON-able, random handed in. The cap is applied before the jitter. */
import { badOption, checkNumber } from './errors.js'
import { listOf, number, orNull, readOptions, thatIs, type Reader } from './options.js'

/** `none`; `full`: U(0, d); a number s in [0, 1]: d × U(1 − s, 1 + s). */
export type Jitter = 'none' | 'full' | number

/** A named way to wait. `JSON.stringify` prints everything but the function. */
export interface Schedule {
  readonly kind: 'fixed' | 'linear' | 'exponential' | 'sequence'
  /** Where to go on after an attempt by hand or by waking. Default 0. */
  readonly restartStep: number
  /** Where to go on when a link is lost again within 5 s; null: where it was. Default null. */
  readonly flapStep: number | null
  /**
   * Milliseconds to wait before the attempt at this place in the schedule.
   * @param step the place, from 0
   * @param roll chance in [0, 1), drawn once per attempt
   * @param ageMs how old the outage is
   */
  delay(step: number, roll: number, ageMs: number): number
}

/** What every schedule may be told. */
export interface ScheduleOptions {
  /** Default `none`. */
  jitter?: Jitter
  /** Default 0. */
  restartStep?: number
  /** Default null. */
  flapStep?: number | null
}

/** Seven days: no schedule waits longer. */
const LONGEST_MS = 7 * 24 * 3_600_000

const wait = (byDefault?: number) => number(0, LONGEST_MS, byDefault)

const COMMON = {
  jitter: thatIs<Jitter>(
    '"none", "full" or a number from 0 to 1',
    (given) =>
      given === 'none' || given === 'full' || (typeof given === 'number' && given >= 0 && given <= 1),
    'none',
  ),
  restartStep: number(0, 1_000, 0),
  flapStep: orNull(number(0, 1_000), () => null),
}

function spread(delayMs: number, jitter: Jitter, roll: number): number {
  if (jitter === 'none') return delayMs
  if (jitter === 'full') return delayMs * roll
  return delayMs * (1 + jitter * (2 * roll - 1))
}

/** Always the same wait. */
export function fixed(delayMs: number, options: ScheduleOptions = {}): Schedule {
  wait()('fixed.delayMs', delayMs)
  const common = readOptions('fixed', options, COMMON)
  return Object.freeze({
    kind: 'fixed',
    delayMs,
    ...common,
    delay: (_step: number, roll: number) => spread(delayMs, common.jitter, roll),
  } as const)
}

/** These waits one after the other; the last one for ever. */
export function sequence(delaysMs: readonly number[], options: ScheduleOptions = {}): Schedule {
  const waits = listOf(wait())('sequence.delaysMs', delaysMs)
  if (waits.length === 0) throw badOption('sequence.delaysMs', delaysMs, 'a list of at least one number')
  const common = readOptions('sequence', options, COMMON)
  return Object.freeze({
    kind: 'sequence',
    delaysMs: Object.freeze(waits),
    ...common,
    delay: (step: number, roll: number) =>
      spread(waits[Math.min(step, waits.length - 1)] ?? 0, common.jitter, roll),
  } as const)
}

/** Options of `exponential`. */
export interface ExponentialOptions extends ScheduleOptions {
  /** The first wait, in ms. */
  baseMs: number
  /** Each wait is that many times the one before. Default 2. */
  factor?: number
  /** No wait is longer before its jitter, in ms. Default: none. */
  capMs?: number
  /** U(0, addMs) more before the cap, which swallows it there: the article's formula, kept as printed. Default 0. */
  addMs?: number
}

/** base, base × factor, base × factor² … */
export function exponential(options: ExponentialOptions): Schedule {
  const read = readOptions('exponential', options, {
    ...COMMON,
    baseMs: wait(),
    factor: number(1, 10, 2),
    capMs: wait(LONGEST_MS),
    addMs: wait(0),
  })
  const { baseMs, factor, capMs, addMs, jitter } = read
  checkNumber('exponential.capMs', capMs, baseMs, LONGEST_MS)
  return Object.freeze({
    kind: 'exponential',
    ...read,
    delay: (step: number, roll: number) =>
      spread(Math.min(capMs, baseMs * factor ** step + addMs * roll), jitter, roll),
  } as const)
}

/** Options of `linear`. */
export interface LinearOptions extends ScheduleOptions {
  /** The unit of the waits, in ms. */
  baseMs: number
  /** The n-th wait (from 1) is baseMs × (1 + growth × n). Default 1. */
  growth?: number
  /** No wait is longer before its jitter, in ms. Default: none. */
  capMs?: number
  /** Attempts before the first wait, each at U(from, to) ms of the outage's age. Default: none. */
  early?: readonly (readonly [fromMs: number, toMs: number])[]
}

/** A span of an outage's age. */
const early: Reader<readonly [number, number]> = (option, given) => {
  const [from, to] = Array.isArray(given) ? (given as readonly unknown[]) : []
  return [wait()(`${option}.from`, from), number(Number(from), LONGEST_MS)(`${option}.to`, to)]
}

/** Waits that grow by the same amount, after a few early attempts at fixed ages of the outage. */
export function linear(options: LinearOptions): Schedule {
  const read = readOptions('linear', options, {
    ...COMMON,
    baseMs: wait(),
    growth: number(0, 100, 1),
    capMs: wait(LONGEST_MS),
    early: listOf(early, []),
  })
  const { baseMs, growth, capMs, jitter } = read
  checkNumber('linear.capMs', capMs, baseMs, LONGEST_MS)
  const delay = (step: number, roll: number, ageMs: number) => {
    const window = read.early[step]
    if (window) return Math.max(0, window[0] + (window[1] - window[0]) * roll - ageMs)
    const n = step - read.early.length + 1
    return spread(Math.min(capMs, baseMs * (1 + growth * n)), jitter, roll)
  }
  return Object.freeze({ kind: 'linear', ...read, delay } as const)
}

/**
 * The default of the connection: one silent try inside the grace, then gaps that grow by the same amount. The probe
 * that has proved the loss was the first attempt; a second one right behind it would be in vain, and cost more than
 * the limit (1.74). 1.57 times the lower bound of waits × attempts, 281 attempts in an hour (docs/spec/performance.md).
 */
export const steady: Schedule = /* @__PURE__ */ linear({
  baseMs: 500,
  growth: 0.35,
  capMs: 15_000,
  jitter: 0.25,
  early: [[750, 900]],
  restartStep: 1,
})

/** A live channel whose own dial fails while the link is up (article 3.3): 1, 2, 4 … at most 30 s; ± 50 %. */
export const live: Schedule = /* @__PURE__ */ exponential({
  baseMs: 1_000,
  capMs: 30_000,
  jitter: 0.5,
})
