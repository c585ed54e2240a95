/** What the network does to a packet where it is now: how long it takes, and whether it arrives at all. */
import type { FaultBook, Target } from './fault-book.js'
import type { Cause, RequestFault } from './faults.js'
import type { Service } from './service.js'

/** A target that remembers what struck it, for the log. */
export interface Struck extends Target {
  /** What decided its end; else what slowed it down; null: nothing struck it. */
  fault: Cause | null
}

/** The path between the application and the far end. */
export interface Path {
  /**
   * The first fault of this kind that strikes here and now and decides anything; it is noted in the target.
   *
   * @param decides whether it does: each is asked until one does. Default: yes.
   */
  struck<T extends RequestFault['type']>(
    target: Struck,
    type: T,
    decides?: (fault: Extract<RequestFault, { type: T }>) => boolean,
  ): Extract<RequestFault, { type: T }> | undefined
  /** Half the round trip of this moment, in the direction of the target (ms, whole). */
  halfMs(target: Struck): number
  /** How long so many bytes take to be put on the wire at this moment (ms, whole); the slowest decides. */
  wireMs(target: Struck, bytes: number): number
  /** The bandwidth of this moment (thousand bytes a second); Infinity: nothing limits it. */
  kBps(target: Struck): number
  /**
   * Whether a packet that would arrive now vanishes, to be sent again: into a black hole, for want of a network,
   * into a device that sleeps, or because the path has forgotten its connection, which it uses since then (Infinity: it has none yet).
   */
  isHole(target: Struck, connectedAt: number): boolean
}

/**
 * Makes a path.
 *
 * @param latencyMs the round trip when all is well.
 * @param isAsleep whether the device sleeps now.
 */
export function createPath(
  book: FaultBook,
  service: Service,
  latencyMs: number,
  isAsleep: () => boolean,
): Path {
  const roundTripMs = (target: Struck): number => {
    let ms = latencyMs + (service.owns(target.url) ? service.slowMs() : 0)
    for (const fault of book.striking(target, 'latency')) {
      if (fault.type !== 'latency') continue
      const { jitterMs = 0 } = fault
      const place = target.direction === 'up' ? 'out' : 'back'
      const roll = jitterMs > 0 ? target.random.fork(`latency/${place}`).next() : 0.5
      ms += Math.max(0, fault.ms + (roll * 2 - 1) * jitterMs)
      target.fault ??= 'latency'
    }
    return Math.round(ms)
  }
  const kBps = (target: Struck): number =>
    Math.min(
      Infinity,
      ...book
        .striking(target, 'bandwidth')
        .map((fault) => (fault.type === 'bandwidth' ? fault.kBps : Infinity)),
    )

  const path: Path = {
    struck<T extends RequestFault['type']>(
      target: Struck,
      type: T,
      decides: (fault: Extract<RequestFault, { type: T }>) => boolean = () => true,
    ) {
      type Met = Extract<RequestFault, { type: T }>
      const fault = book
        .striking(target, type)
        .find((one): one is Met => one.type === type && decides(one as Met))
      if (fault) target.fault = type
      return fault
    },
    halfMs(target) {
      const whole = roundTripMs(target)
      return target.direction === 'up' ? Math.floor(whole / 2) : Math.ceil(whole / 2)
    },
    kBps,
    wireMs(target, bytes) {
      const slowest = kBps(target)
      if (bytes === 0 || slowest === Infinity) return 0
      target.fault ??= 'bandwidth'
      return Math.ceil(bytes / slowest)
    },
    isHole(target, connectedAt) {
      if (isAsleep()) target.fault = 'sleep'
      else if (book.offline()) target.fault = 'offline'
      else if (book.forgot(target, connectedAt)) target.fault = 'lost'
      else return path.struck(target, 'blackhole') !== undefined
      return true
    },
  }
  return path
}
