/**
 * New connections on their way. A dial that gets through at once costs nothing: its SYN carries its request. One
 * whose request has left it ends with it or, where dials are shared, goes on and ends as an idle connection.
 */
import type { Stop } from '../src/core/state.js'
import type { Slot } from './connections.js'
import type { Exchange } from './exchange.js'
import { createLane } from './lane.js'
import type { Pace } from './pace.js'
import type { Path, Struck } from './path.js'
import { syn } from './retransmission.js'
import type { Service } from './service.js'

/** What a request hears of its dial, until it has left it. */
export interface DialNews {
  /** Its SYN has vanished for the first time. */
  onStalled(): void
  /** It has got through, or (false) the kernel gave up. */
  onOver(isThrough: boolean): void
}

/** The dials of one network. */
export interface Dials {
  /** Sends a SYN that carries so many bytes; returns how its request leaves it. */
  dial(slot: Slot, exchange: Exchange, bytes: number, news: DialNews): Stop
  /** Ends those that no request waits for. */
  forget(): void
}

/** What dials are made on. */
export interface DialPorts {
  readonly pace: Pace
  readonly path: Path
  readonly service: Service
  /** Whether a dial goes on without its request. */
  readonly sharesDials: boolean
}

/** Makes the dials of a network: none yet. */
export function createDials({ pace, path, service, sharesDials }: DialPorts): Dials {
  const deserted = new Set<Stop>()
  const isOpen = (target: Struck): boolean =>
    (!service.owns(target.url) || service.listens()) && !path.struck(target, 'refuse')

  return {
    dial(slot, exchange, bytes, news) {
      let target: Struck = exchange
      let state: 'fresh' | 'stalled' | 'deserted' | 'over' = 'fresh'
      const lane = createLane<Struck>({
        ...{ pace, order: exchange.id, first: syn, halfMs: path.halfMs, wireMs: path.wireMs },
        isHole() {
          const vanishes = path.isHole(target, Infinity)
          if (vanishes && state === 'fresh') {
            state = 'stalled'
            news.onStalled()
          }
          return vanishes
        },
        onGaveUp: () => end(false),
      })
      const stop = (): void => {
        deserted.delete(stop)
        lane.stop()
        slot.close()
      }
      const end = (isThrough: boolean): void => {
        const wasDeserted = state === 'deserted'
        state = 'over'
        if (!wasDeserted) return news.onOver(isThrough)
        deserted.delete(stop)
        if (!isThrough || !isOpen(target)) return slot.close()
        slot.keep({ connectedAt: pace.clock.now(), boot: service.front, isProven: false })
      }
      lane.send({ target, bytes, arrive: () => end(true) })
      return () => {
        if (state === 'deserted' || state === 'over') return
        state = 'deserted'
        if (!sharesDials) return stop()
        // What strikes it from now on is nobody's.
        target = orphanOf(exchange)
        deserted.add(stop)
      }
    },
    forget() {
      for (const stop of [...deserted]) stop()
    },
  }
}

/** What a SYN is without its request: the same luck, and nobody who remembers what strikes it. */
function orphanOf({ method, url, transport, random, fate, authorization, fault }: Exchange): Struck {
  const part = 'request' as const
  const direction = 'up' as const
  return { method, url, transport, random, authorization, fault, part, direction, fate }
}
