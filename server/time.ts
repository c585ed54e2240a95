/** The time as the server's parts see it, so that their tests need not wait. */

/** Now, and later. */
export interface Time {
  /** Epoch ms. */
  now(): number
  /** Does the work every so many ms until the returned function is called. Does not keep the process alive. */
  every(ms: number, work: () => void): () => void
  /** Does the work once, in so many ms (at most 2^31 - 1), unless the returned function is called before. */
  after(ms: number, work: () => void): () => void
}

/** Node's own clock and timers. */
export const systemTime: Time = {
  now: Date.now,
  every(ms, work) {
    const timer = setInterval(work, ms)
    timer.unref()
    return () => clearInterval(timer)
  },
  after(ms, work) {
    const timer = setTimeout(work, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
