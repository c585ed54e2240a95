/**
 * Time and chance come in through the door. This is the only file of the kit that names timers, Date,
 * Math.random or crypto; a lint rule says so. Instants end in `At` (epoch ms), durations in `Ms`.
 */
import { HoldfastError } from './errors.js'

/** Undoes what was started. Calling it twice does no harm. */
export type Stop = () => void

/** Where the kit reads the time and sets its timers. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Runs once after `delayMs`; returns its cancel. Negative is now; Infinity is never. */
  setTimeout(run: () => void, delayMs: number): Stop
  /**
   * Whatever hops for real (IndexedDB, locks, broadcast, crypto) passes through here. The system clock
   * hands it back as it is; a virtual one lets no time pass until it has settled.
   */
  track<T>(promise: Promise<T>): Promise<T>
}

/** Where the kit gets its chance from. */
export interface Random {
  /** In [0, 1). */
  next(): number
  bytes(length: number): Uint8Array
  /** A stream of its own that depends only on this one's seed and the id. */
  fork(id: string | number): Random
}

/** setTimeout takes 32 bits; beyond that it fires at once (docs/spec/reliability.md 1.10). */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * The wall clock, but never backwards: a clock that is set back by a day must not hold up an attempt for a day
 * (I31). What it was set back by is added from then on; sleep counts, as it does on the wall.
 */
export function forwardOnly(wall: () => number): () => number {
  // Numbers of an object are changed in place; those of a closure are made anew at each request (P8).
  const kept = { lastAt: wall(), addedMs: 0 }
  return () => {
    const at = wall() + kept.addedMs
    if (at < kept.lastAt) kept.addedMs += kept.lastAt - at
    else kept.lastAt = at
    return kept.lastAt
  }
}

const wallNow = forwardOnly(() => Date.now())

/** The real time, which never goes back. Waits beyond 2^31-1 ms are split. */
export const systemClock: Clock = {
  now: wallNow,
  setTimeout(run, delayMs) {
    if (delayMs === Infinity) return () => {}
    const dueAt = wallNow() + Math.max(0, delayMs)
    let timer: ReturnType<typeof setTimeout>
    const wait = () => {
      const left = dueAt - wallNow()
      timer =
        left > LONGEST_TIMER_MS ? setTimeout(wait, LONGEST_TIMER_MS) : setTimeout(run, Math.max(0, left))
    }
    wait()
    return () => clearTimeout(timer)
  },
  track: (promise) => promise,
}

/** Real chance, on getRandomValues (crypto.randomUUID is missing on plain-http intranets). */
export const systemRandom: Random = {
  next() {
    const [word = 0] = crypto.getRandomValues(new Uint32Array(1))
    return word / 2 ** 32
  },
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  fork: () => systemRandom,
}

/** Waits; rejects with the signal's reason when it aborts, and removes its listener either way. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const cancel = clock.setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, delayMs)
    const onAbort = () => {
      cancel()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** The promise, or a rejection `timeout` after `timeoutMs` on that clock. The work itself goes on: abort it. */
export function within<T>(clock: Clock, timeoutMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimeout(() => reject(new HoldfastError('timeout', `${timeoutMs} ms`)), timeoutMs)
    work.then(resolve, reject).finally(cancel)
  })
}

/** The work, or a rejection with the signal's reason when that aborts first. The work itself goes on. */
export function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort)
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
    if (signal.aborted) onAbort()
  })
}

/** Epoch ms of an IMF-fixdate (RFC 9110, 5.6.7); null for anything else, the obsolete forms included. */
export function parseHttpDate(text: string): number | null {
  const at = Date.parse(text)
  if (Number.isNaN(at) || !/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),/.test(text)) return null
  // A platform writes it like this itself; that the day of the week is another one does no harm.
  return new Date(at).toUTCString().slice(3) === text.slice(3) ? at : null
}
