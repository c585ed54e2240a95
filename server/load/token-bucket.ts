/**
 * A token bucket with a queue: so many a second go through, a short burst above it too, the next ones wait in
 * order, and beyond the queue nobody waits (R33). Packages for rates (@fastify/rate-limit, limiter) count per
 * client or per window and refuse; none found queues in order, lets go whoever gives up, and tells the place.
 */
import { type Time, systemTime } from '../time.ts'

/** Options of a bucket. */
export interface TokenBucketOptions {
  /** Tokens a second, at least 1. */
  readonly perSecond: number
  /** How many may go at once after a pause. Default: a tenth of a second's, at least 1. */
  readonly burst?: number
  /** How many may wait. Default: a second's. */
  readonly mostWaiting?: number
  /** Default: the real one. */
  readonly time?: Time
}

/** A bucket. */
export interface TokenBucket {
  /** How many wait at present. */
  readonly waiting: number
  /**
   * Resolves when it is the caller's turn; null: the queue is full. Rejects with the signal's reason when that
   * aborts first, and leaves the queue: its place goes to the next.
   */
  take(signal?: AbortSignal): Promise<void> | null
}

/** A full bucket. */
export function createTokenBucket(options: TokenBucketOptions): TokenBucket {
  const { perSecond, time = systemTime } = options
  const { burst = Math.max(1, perSecond / 10), mostWaiting = perSecond } = options
  /** In order of arrival; a set, because whoever leaves may stand anywhere. */
  const queue = new Set<() => void>()
  let tokens = burst
  let filledAt = time.now()
  let isWaking = false

  function fill() {
    const now = time.now()
    tokens = Math.min(burst, tokens + (Math.max(0, now - filledAt) * perSecond) / 1000)
    filledAt = now
  }

  function serve() {
    fill()
    for (const go of queue) {
      if (tokens < 1) break
      tokens -= 1
      queue.delete(go)
      go()
    }
    if (queue.size === 0 || isWaking) return
    isWaking = true
    time.after(Math.max(1, Math.ceil(((1 - tokens) * 1000) / perSecond)), () => {
      isWaking = false
      serve()
    })
  }

  function wait(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        queue.delete(go)
        reject(signal?.reason)
      }
      const go = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      signal?.addEventListener('abort', leave, { once: true })
      queue.add(go)
      serve()
    })
  }

  return {
    get waiting() {
      return queue.size
    },
    take(signal) {
      if (signal?.aborted) return Promise.reject(signal.reason)
      fill()
      if (queue.size === 0 && tokens >= 1) {
        tokens -= 1
        return Promise.resolve()
      }
      return queue.size < mostWaiting ? wait(signal) : null
    },
  }
}
