/** How long the one who sends has the duty without saying so again. */
import type { Clock } from '../core/clock.js'

/** A lease that is not renewed is over after this: a silently stalled tab is replaced within it (ux-56). */
export const LEASE_MS = 15_000

/**
 * When a lease of the store ends by this tab's clock (epoch ms). One that has longer to run than any is of a clock
 * that was ahead (I31): it counts from when it was first seen here, and is over if nobody renews it.
 */
export function createLeaseWatch(clock: Pick<Clock, 'now'>): (senderUntil: number) => number {
  let seen = { senderUntil: 0, endsAt: 0 }
  return (senderUntil) => {
    const latest = clock.now() + LEASE_MS
    if (senderUntil <= latest) return senderUntil
    if (senderUntil !== seen.senderUntil) seen = { senderUntil, endsAt: latest }
    return seen.endsAt
  }
}
