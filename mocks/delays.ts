/** Waits of handlers. MSW's own `delay` is real time, and its infinite one would hang a manual clock. */
import { checkNumber } from '../src/core/errors.js'
import type { Exchange } from './exchange.js'
import type { Pace } from './pace.js'

/** The waits of one network. */
export interface Delays {
  wait(ms: number): Promise<void>
  /** Ends all of them: whoever waited will never go on. */
  reject(why: string): void
}

/** Waking from a wait comes after the deliveries of an instant and before plain timers. */
const DELAY_ORDER = 2 ** 39

/**
 * Makes the waits of a network.
 *
 * @param serving the exchange whose handler runs: it rests while it waits. On a manual clock there is only one,
 * because each arrival comes to rest before the next.
 */
export function createDelays(pace: Pace, serving: () => Exchange | null): Delays {
  const waits = new Set<(why: string) => void>()
  return {
    async wait(ms) {
      checkNumber('delay', ms, 0, Number.MAX_SAFE_INTEGER)
      await new Promise<void>((resolve, reject) => {
        const end = serving()?.rest() ?? (() => {})
        const cancel = pace.schedule(pace.clock.now() + ms, DELAY_ORDER, () => {
          waits.delete(giveUp)
          end()
          resolve()
        })
        const giveUp = (why: string) => {
          cancel()
          reject(new Error(`This handler will not go on: ${why}`))
        }
        waits.add(giveUp)
      })
    },
    reject(why) {
      for (const giveUp of [...waits]) giveUp(why)
      waits.clear()
    },
  }
}
