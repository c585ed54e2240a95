/** A device's clock in place of the timers and the Date of a page, for code that was handed no clock. */
import { forwardOnly, type Clock, type Stop } from '../../src/core/clock.js'

/** The timers of one page: its own, and those that a device puts in their place. */
export interface PageTimers {
  /** The page's own, whatever is in their place. */
  readonly real: Clock
  /**
   * Puts a clock in the place of `setTimeout`, `setInterval`, what clears them, and `Date`. The stop takes it back, and
   * with it what was set meanwhile: its application has gone. What was set before runs in real time all the same.
   */
  install(clock: Clock): Stop
}

/**
 * Above all numbers that a page gives its own: what is cleared is looked for on the right side. Below 2^31: of a larger
 * one a page's own `clearTimeout` takes the last 32 bits (WebIDL, `long`), and would clear a timer of its own.
 */
const FIRST_ID = 2 ** 30

/** No timer is due at once: one that sets itself again would hold the time up for ever (ms). */
const LEAST_MS = 1

type Run = (...args: unknown[]) => void

/** Those of this page, as they are now. */
export function createPageTimers(): PageTimers {
  const own = pick(globalThis)
  const real = realClock(own)
  /** Never the same twice: an application that goes clears its timers when the next one has set its first. */
  let nextId = FIRST_ID

  const install = (clock: Clock): Stop => {
    const set = new Map<number, Stop>()
    const wait = (id: number, run: () => void, ms: unknown): void => {
      // A `long`, as in a page: Infinity, and what is over 24 days, is no delay at all.
      const delayMs = Math.max(LEAST_MS, Number(ms) | 0)
      set.set(id, clock.setTimeout(run, delayMs))
    }
    const once = (run: Run, ms?: unknown, ...args: unknown[]): number => {
      const id = nextId++
      const due = (): void => {
        set.delete(id)
        call(run, args)
      }
      wait(id, due, ms)
      return id
    }
    const again = (run: Run, ms?: unknown, ...args: unknown[]): number => {
      const id = nextId++
      const due = (): void => {
        wait(id, due, ms)
        call(run, args)
      }
      wait(id, due, ms)
      return id
    }
    const clear = (id?: unknown): void => {
      const stop = set.get(id as number)
      set.delete(id as number)
      if (stop) stop()
      else Reflect.apply(own.clearTimeout, globalThis, [id])
    }
    Object.assign(globalThis, {
      ...{ setTimeout: once, setInterval: again, clearTimeout: clear, clearInterval: clear },
      Date: dateOn(clock, own.Date),
    })
    return () => {
      for (const stop of set.values()) stop()
      Object.assign(globalThis, own)
    }
  }

  /** What a timer throws is uncaught in the page, as it would be, and holds up nothing here. */
  function call(run: Run, args: readonly unknown[]): void {
    try {
      Reflect.apply(run, globalThis, args)
    } catch (error) {
      real.setTimeout(() => {
        throw error
      }, 0)
    }
  }
  return { real, install }
}

/** What is replaced. */
const pick = ({ setTimeout, setInterval, clearTimeout, clearInterval, Date }: typeof globalThis) => ({
  ...{ setTimeout, setInterval, clearTimeout, clearInterval, Date },
})

const realClock = (own: ReturnType<typeof pick>): Clock => ({
  now: forwardOnly(() => new own.Date().getTime()),
  setTimeout(run, delayMs) {
    const id: unknown = Reflect.apply(own.setTimeout, globalThis, [run, delayMs])
    return () => void Reflect.apply(own.clearTimeout, globalThis, [id])
  },
  track: (promise) => promise,
})

/** The page's Date, but for what time it is. */
function dateOn(clock: Clock, own: DateConstructor): DateConstructor {
  return new Proxy(own, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length > 0 ? args : [clock.now()], newTarget) as object,
    apply: () => new own(clock.now()).toString(),
    get: (target, key) => (key === 'now' ? () => clock.now() : (Reflect.get(target, key) as unknown)),
  })
}
