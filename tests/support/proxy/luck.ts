/** The luck of requests at the HTTP stage. */
import type { IncomingMessage } from 'node:http'
import type { Random } from '../../../src/core/clock.js'
import { seededRandom } from '../../../mocks/random.js'

/**
 * A page that counts what it sends, as the simulator does, says the number here: whatever vanishes on its way, and
 * whichever of two arrives first, each has the luck that it has on the simulator. The service does not look at it.
 */
export const NUMBER_HEADER = 'X-Request-Number'

/** Draws the luck of each request: by the number that it says, or as it comes. */
export function createLuck(seed: number): (request: Pick<IncomingMessage, 'headers'>) => Random {
  const random = seededRandom(seed)
  /** How often each number has come: what a browser sends again by itself has the same, and luck of its own. */
  const seen = new Map<string, number>()
  let numbers = 0
  return ({ headers }) => {
    const told = headers[NUMBER_HEADER.toLowerCase()]
    if (typeof told !== 'string') return random.fork(++numbers)
    const before = seen.get(told) ?? 0
    seen.set(told, before + 1)
    return random.fork(before === 0 ? told : `${told}/again/${before}`)
  }
}
