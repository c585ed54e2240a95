/** Those for whom there is no room, as at the reference server: each is told when its turn is. */
import type { Clock } from '../../src/core/clock.js'
import { RETURN_CAPACITY, turnMs } from '../edge.js'

/** When the first in the row may ask again (ms). */
const FULL_RETRY_MS = 5000

/** A row of people who are not here: it moves on by itself, at the capacity of a service that takes them back. */
export function createCrowd({ now }: Pick<Clock, 'now'>): () => number {
  let taken = 0
  let countedAt = now()
  /** Takes the next place: when its turn is, in whole seconds, because a second's worth of clients shares it. */
  return () => {
    taken = Math.max(0, taken - ((now() - countedAt) * RETURN_CAPACITY) / 1000)
    countedAt = now()
    const retryAfterS = Math.floor(turnMs(FULL_RETRY_MS, taken) / 1000)
    taken += 1
    return retryAfterS
  }
}
