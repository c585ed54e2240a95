/**
 * A clock that stands still until it is told to go on, and then lets everything that a moment set in motion
 * come to rest before the next moment begins. See "What makes the log identical" in docs/spec/simulator.md.
 */
import type { Clock } from '../src/core/clock.js'
import { badOption, checkKeys, checkNumber } from '../src/core/errors.js'
import type { Stop } from '../src/core/state.js'
import { macrotask } from './macrotask.js'

/** Options of `manualClock`. */
export interface ManualClockOptions {
  /** The instant it starts at (epoch ms, whole). Default: 2026-01-01T09:00:00Z, always the same. */
  startAt?: number
  /** Real milliseconds after which settling fails. Default: 2000. */
  settleWithinMs?: number
}

/** A `Clock` that is moved by hand. */
export interface ManualClock extends Clock {
  /** Goes on by `ms` (whole): runs one timer, settles, runs the next. Calls wait for each other. */
  advance(ms: number): Promise<void>
  /** The same, up to an instant (epoch ms). An instant in the past is now. */
  advanceTo(at: number): Promise<void>
  /** Runs at `at`; of one instant, the lower order first. Plain timers come after every order below 2^40. */
  schedule(at: number, order: number, run: () => void): Stop
  /** Resolves when nothing moves any more. No time passes. */
  settle(): Promise<void>
  /** How many timers are set, those of `schedule` included: zero after everything was stopped. */
  pending(): number
  /** The instant of the next timer (epoch ms); null: none is set. */
  nextAt(): number | null
  /** Says that something hops for real; no time passes until its stop is called. `what`: its name, for an error. */
  moving(what: string | object): Stop
}

/** Orders of one instant: results and deliveries lie below, plain timers at it, in order of creation. */
const TIMER_ORDER = 2 ** 40

/** 2026-01-01T09:00:00Z. */
const DEFAULT_START_AT = 1_767_258_000_000

/** A slow machine is no leftover request: this many macrotasks pass in any case before settling fails. */
const LEAST_HOPS = 500

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/**
 * Makes a clock that is moved by hand.
 *
 * @param options an instant to start at, or the options; a bad one throws `bad-option`.
 */
export function manualClock(options: ManualClockOptions | number = {}): ManualClock {
  const given = typeof options === 'number' ? { startAt: options } : options
  checkKeys('manualClock', given, ['startAt', 'settleWithinMs'])
  let now = checkWhole('startAt', given.startAt ?? DEFAULT_START_AT)
  const settleWithinMs = checkNumber('settleWithinMs', given.settleWithinMs ?? 2000, 1, 600_000)
  const timers = new Set<Timer>()
  /** What moves, each with its name, which is put into words only for an error. */
  const open = new Set<{ readonly what: string | object }>()
  let last: Promise<void> = Promise.resolve()

  const schedule = (at: number, order: number, run: () => void): Stop => {
    if (at === Infinity) return () => {}
    // Rounded up: a timer may be late by a fraction, never early.
    const timer = { at: Math.max(now, Math.ceil(at)), order, run }
    timers.add(timer)
    return () => void timers.delete(timer)
  }

  const moving = (what: string | object): Stop => {
    const one = { what }
    open.add(one)
    return () => void open.delete(one)
  }

  const settle = async (): Promise<void> => {
    const givenUpAt = performance.now() + settleWithinMs
    for (let quiet = 0, hops = 0; quiet < 2; hops++) {
      await macrotask()
      quiet = open.size === 0 ? quiet + 1 : 0
      if (hops > LEAST_HOPS && performance.now() > givenUpAt) {
        throw new Error(
          `Not settled within ${settleWithinMs} ms; still moving: ${[...open].map(({ what }) => String(what)).join('; ')}`,
        )
      }
    }
  }

  const goTo = async (targetAt: number): Promise<void> => {
    await settle()
    for (let next = earliest(timers); next && next.at <= targetAt; next = earliest(timers)) {
      timers.delete(next)
      now = next.at
      next.run()
      await settle()
    }
    now = Math.max(now, targetAt)
  }

  /** One walk at a time; a failed one does not stop those after it. */
  const walk = (targetAt: () => number): Promise<void> => {
    const walked = last.then(() => goTo(targetAt()))
    last = walked.catch(() => {})
    return walked
  }

  return {
    now: () => now,
    setTimeout: (run, delayMs) => schedule(now + Math.max(0, delayMs), TIMER_ORDER, run),
    track(promise) {
      // A stack is put into words only for whoever wants to read it: that takes longer than all the rest.
      const here = new Error()
      const settled = moving({ toString: () => `a promise tracked${callerIn(here)}` })
      promise.then(settled, settled)
      return promise
    },
    schedule,
    moving,
    settle,
    pending: () => timers.size,
    nextAt: () => earliest(timers)?.at ?? null,
    async advance(ms) {
      checkWhole('advance', ms)
      return walk(() => now + ms)
    },
    async advanceTo(at) {
      checkWhole('advanceTo', at)
      return walk(() => at)
    },
  }
}

/** Of one instant the lower order; of one order the one that was set first (a Set keeps that). */
function earliest(timers: ReadonlySet<Timer>): Timer | undefined {
  let first: Timer | undefined
  for (const timer of timers) {
    if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
  }
  return first
}

/** Whole milliseconds only: fractions make two runs differ in the last digit. */
function checkWhole(option: string, given: number): number {
  if (!Number.isSafeInteger(given) || given < 0)
    throw badOption(option, given, 'whole milliseconds, 0 or more')
  return given
}

/** Where `track` was called, for the error that names a promise which never settles. */
function callerIn({ stack = '' }: Error): string {
  return (stack.split('\n')[2] ?? '').replace(/^\s*at/, ' at')
}
