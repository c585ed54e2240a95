/** How many repetitions a service is asked to bear: one budget for all callers of a connection (I25, B08). */
import type { Clock } from './clock.js'

/** Repetitions may be this share of what was asked for of late. */
const SHARE = 0.1

/** So many at once are always allowed, however little was asked for. */
const FLOOR = 20

/** A token also returns after so long, so that nothing waits for ever where nothing else is asked for. */
const RETURN_MS = 10_000

/** What was asked for counts as traffic for about so long. */
const RECENT_MS = 60_000

/** Tenths do not add up to whole numbers. */
const ALMOST = 1 - 1e-6

/** A bucket of tokens; each repetition takes one. */
export interface RetryBudget {
  /** First attempts so far: whoever makes one adds one here. */
  requests: number
  /** Takes a token; false: there is none, and the repetition has to wait. */
  take(): boolean
}

/** A full bucket. It reckons only when it is asked, so that a request costs one addition. */
export function createBudget(clock: Clock): RetryBudget {
  let tokens = FLOOR
  let recent = 0
  let counted = 0
  let lookedAt = clock.now()

  const budget: RetryBudget = {
    requests: 0,
    take() {
      const now = clock.now()
      const passedMs = now - lookedAt
      const asked = budget.requests - counted
      lookedAt = now
      counted = budget.requests
      const stillRecent = Math.min(1, RECENT_MS / Math.max(1, passedMs))
      recent = recent * Math.exp(-passedMs / RECENT_MS) + asked * stillRecent
      const most = Math.max(FLOOR, SHARE * recent)
      tokens = Math.min(most, tokens + SHARE * asked + passedMs / RETURN_MS)
      if (tokens < ALMOST) return false
      tokens -= 1
      return true
    },
  }
  return budget
}
