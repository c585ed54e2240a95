/** A clock of milliseconds for crowds: whatever the number of timers, the next one costs the same. */
import type { Clock } from '../../src/core/clock.js'

/** A `Clock` that is moved by hand. */
export interface Wheel extends Clock {
  /** Goes on until that instant; `until`, asked after each millisecond in which something was due, may end it early. */
  run(toMs: number, until?: () => boolean): Promise<void>
}

const macrotask = setImmediate
const turn = () => new Promise<void>((resolve) => macrotask(resolve))

/** It begins at 0. */
export function createWheel(): Wheel {
  let now = 0
  /** What is due, by its millisecond. */
  const due = new Map<number, (() => void)[]>()
  return {
    now: () => now,
    track: (promise) => promise,
    setTimeout(run, delayMs) {
      if (delayMs === Infinity) return () => {}
      const at = Math.ceil(now + Math.max(0, delayMs))
      let own: (() => void) | null = run
      const entry = () => own?.()
      const list = due.get(at)
      if (list) list.push(entry)
      else due.set(at, [entry])
      return () => void (own = null)
    },
    async run(toMs, until) {
      for (; now < toMs; now++) {
        for (let list = due.get(now); list; list = due.get(now)) {
          due.delete(now)
          for (const entry of list) entry()
          await turn()
          if (until?.()) return
        }
      }
    },
  }
}
