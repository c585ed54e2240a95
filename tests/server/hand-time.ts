/** The server's time, moved by hand. */
import type { Time } from '../../server/time.js'

/** A `Time` that stands still until it is told to go on. */
export interface HandTime extends Time {
  /** Goes on by so many ms, and does what is due on the way, in order. */
  advance(ms: number): void
  /** How many timers are set. */
  readonly pending: number
}

/** Starts at some moment. */
export function handTime(startAt = 1_000_000): HandTime {
  let now = startAt
  const due = new Map<object, { at: number; run: () => void }>()

  function after(ms: number, run: () => void) {
    const timer = {}
    due.set(timer, { at: now + ms, run })
    return () => void due.delete(timer)
  }

  return {
    now: () => now,
    after,
    every(ms, run) {
      let cancel = after(ms, again)
      function again() {
        cancel = after(ms, again)
        run()
      }
      return () => cancel()
    },
    advance(ms) {
      const until = now + ms
      for (;;) {
        const [next] = [...due].toSorted(([, a], [, b]) => a.at - b.at)
        if (!next || next[1].at > until) break
        due.delete(next[0])
        now = next[1].at
        next[1].run()
      }
      now = until
    },
    get pending() {
      return due.size
    },
  }
}
