/** Counts what is under way, and says when nothing is. */

/** A counter with an awaitable zero. */
export interface InFlight {
  readonly count: number
  /** Counts one more until the returned function is called; calling it twice does no harm. */
  enter(): () => void
  /** Counts the promise until it settles, and hands it back. */
  track<T>(work: Promise<T>): Promise<T>
  /** Resolves at the next moment at which nothing is under way; at once if nothing is. */
  idle(): Promise<void>
}

/** A counter at zero. */
export function createInFlight(): InFlight {
  let count = 0
  let waiting: (() => void)[] = []

  function enter() {
    count += 1
    let left = false
    return () => {
      if (left) return
      left = true
      count -= 1
      if (count > 0) return
      const resolved = waiting
      waiting = []
      for (const resolve of resolved) resolve()
    }
  }

  return {
    get count() {
      return count
    },
    enter,
    async track(work) {
      const leave = enter()
      try {
        return await work
      } finally {
        leave()
      }
    },
    idle: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}
