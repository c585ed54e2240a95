/** Delays as values: printable, JSON-able, random handed in. The cap is applied before the jitter. */
import { badOption, checkKeys, checkNumber } from './errors.js'

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
const COMMON = ['jitter', 'restartStep', 'flapStep'] as const

function spread(delayMs: number, jitter: Jitter, roll: number): number {
  if (jitter === 'none') return delayMs
  if (jitter === 'full') return delayMs * roll
  return delayMs * (1 + jitter * (2 * roll - 1))
}

function common(where: string, options: ScheduleOptions) {
  const { jitter = 'none', restartStep = 0, flapStep = null } = options
  if (jitter !== 'none' && jitter !== 'full') {
    if (typeof jitter !== 'number')
      throw badOption(`${where}.jitter`, jitter, '"none", "full" or a number from 0 to 1')
    checkNumber(`${where}.jitter`, jitter, 0, 1)
  }
  checkNumber(`${where}.restartStep`, restartStep, 0, 1_000)
  if (flapStep !== null) checkNumber(`${where}.flapStep`, flapStep, 0, 1_000)
  return { jitter, restartStep, flapStep }
}

/** Always the same wait. */
export function fixed(delayMs: number, options: ScheduleOptions = {}): Schedule {
  checkKeys('fixed', options, COMMON)
  checkNumber('fixed.delayMs', delayMs, 0, LONGEST_MS)
  const shared = common('fixed', options)
  return Object.freeze({
    kind: 'fixed',
    delayMs,
    ...shared,
    delay: (_step: number, roll: number) => spread(delayMs, shared.jitter, roll),
  } as const)
}

/** These waits one after the other; the last one for ever. */
export function sequence(delaysMs: readonly number[], options: ScheduleOptions = {}): Schedule {
  checkKeys('sequence', options, COMMON)
  if (!Array.isArray(delaysMs) || delaysMs.length === 0) {
    throw badOption('sequence.delaysMs', delaysMs, 'a list of at least one number')
  }
  delaysMs.forEach((ms, index) => checkNumber(`sequence.delaysMs[${index}]`, ms, 0, LONGEST_MS))
  const shared = common('sequence', options)
  return Object.freeze({
    kind: 'sequence',
    delaysMs: Object.freeze([...delaysMs]),
    ...shared,
    delay: (step: number, roll: number) =>
      spread(delaysMs[Math.min(step, delaysMs.length - 1)] ?? 0, shared.jitter, roll),
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
  checkKeys('exponential', options, [...COMMON, 'baseMs', 'factor', 'capMs', 'addMs'])
  const { baseMs, factor = 2, capMs = LONGEST_MS, addMs = 0 } = options
  checkNumber('exponential.baseMs', baseMs, 0, LONGEST_MS)
  checkNumber('exponential.factor', factor, 1, 10)
  checkNumber('exponential.capMs', capMs, baseMs, LONGEST_MS)
  checkNumber('exponential.addMs', addMs, 0, LONGEST_MS)
  const shared = common('exponential', options)
  return Object.freeze({
    kind: 'exponential',
    baseMs,
    factor,
    capMs,
    addMs,
    ...shared,
    delay: (step: number, roll: number) =>
      spread(Math.min(capMs, baseMs * factor ** step + addMs * roll), shared.jitter, roll),
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

/** Waits that grow by the same amount, after a few early attempts at fixed ages of the outage. */
export function linear(options: LinearOptions): Schedule {
  checkKeys('linear', options, [...COMMON, 'baseMs', 'growth', 'capMs', 'early'])
  const { baseMs, growth = 1, capMs = LONGEST_MS, early = [] } = options
  checkNumber('linear.baseMs', baseMs, 0, LONGEST_MS)
  checkNumber('linear.growth', growth, 0, 100)
  checkNumber('linear.capMs', capMs, baseMs, LONGEST_MS)
  early.forEach(([from, to], index) => {
    checkNumber(`linear.early[${index}].from`, from, 0, LONGEST_MS)
    checkNumber(`linear.early[${index}].to`, to, from, LONGEST_MS)
  })
  const shared = common('linear', options)
  const delay = (step: number, roll: number, ageMs: number) => {
    const window = early[step]
    if (window) return Math.max(0, window[0] + (window[1] - window[0]) * roll - ageMs)
    const n = step - early.length + 1
    return spread(Math.min(capMs, baseMs * (1 + growth * n)), shared.jitter, roll)
  }
  return Object.freeze({ kind: 'linear', baseMs, growth, capMs, early, ...shared, delay } as const)
}

/**
 * The default of the connection: one silent try inside the grace, then gaps that grow by the same amount. The probe
 * that has proved the loss was the first attempt; a second one right behind it would be in vain, and cost more than
 * the limit (1.74). 1.57 times the lower bound of waits × attempts, 281 attempts in an hour (docs/spec/performance.md).
 */
export const steady: Schedule = linear({
  baseMs: 500,
  growth: 0.35,
  capMs: 15_000,
  jitter: 0.25,
  early: [[750, 900]],
  restartStep: 1,
})

/** A live channel whose own dial fails while the link is up (article 3.3): 1, 2, 4 … at most 30 s; ± 50 %. */
export const live: Schedule = /* @__PURE__ */ exponential({ baseMs: 1_000, capMs: 30_000, jitter: 0.5 })
