/** Waits of handlers. MSW's own `delay` is real time, and its infinite one would hang a manual clock. */
import { checkNumber } from '../src/core/errors.js'
import type { Exchange } from './exchange.js'
import type { Pace } from './pace.js'

/**
 * Whose handler runs now; null: nobody's, or a stream's that was answered long ago. On a manual clock there is
 * only one, because each arrival comes to rest before the next.
 */
export interface Desk {
  serving: Exchange | null
}

/** The waits of one network. */
export interface Delays {
  wait(ms: number): Promise<void>
  /** Waits for something that another request or a timer brings about. */
  until<T>(promise: Promise<T>): Promise<T>
  /** Ends all of them, or those whose exchange matches: whoever waited will never go on. */
  reject(why: string, which?: (exchange: Exchange | null) => boolean): void
}

/** Waking from a wait comes after the deliveries of an instant and before plain timers. */
const DELAY_ORDER = 2 ** 39

/**
 * Makes the waits of a network.
 *
 * @param desk whose handler runs: that exchange rests while it waits, and its handler runs on when it wakes.
 */
export function createDelays(pace: Pace, desk: Desk): Delays {
  /** How to end each, and whose it is. */
  const waits = new Map<(why: string) => void, Exchange | null>()
  return {
    async wait(ms) {
      checkNumber('delay', ms, 0, Number.MAX_SAFE_INTEGER)
      await new Promise<void>((resolve, reject) => {
        const exchange = desk.serving
        const end = exchange?.rest() ?? (() => {})
        desk.serving = null
        const cancel = pace.schedule(pace.clock.now() + ms, DELAY_ORDER, () => {
          waits.delete(giveUp)
          desk.serving = exchange
          end()
          resolve()
        })
        const giveUp = (why: string) => {
          cancel()
          reject(new Error(`This handler will not go on: ${why}`))
        }
        waits.set(giveUp, exchange)
      })
    },
    until: (promise) =>
      new Promise((resolve, reject) => {
        const exchange = desk.serving
        const end = exchange?.rest() ?? (() => {})
        desk.serving = null
        const giveUp = (why: string) => reject(new Error(`This handler will not go on: ${why}`))
        waits.set(giveUp, exchange)
        const goOn = (settle: () => void) => {
          if (!waits.delete(giveUp)) return
          desk.serving = exchange
          end()
          settle()
        }
        promise.then(
          (value) => goOn(() => resolve(value)),
          (error: unknown) => goOn(() => reject(error)),
        )
      }),
    reject(why, which = () => true) {
      for (const [giveUp, exchange] of [...waits]) {
        if (!which(exchange)) continue
        waits.delete(giveUp)
        giveUp(why)
      }
    },
  }
}
