/**
 * One direction of one connection. What is sent arrives in the order it was sent: later, slowly, after
 * retransmissions, or never. What a black hole has held goes on at its kernel's next try, and what waited
 * behind the first packet follows it at once, as measured on a kernel (docs/spec/simulator.md).
 */
import type { Stop } from '../src/core/state.js'
import type { Pace } from './pace.js'
import { data, orphan, type Retransmission } from './retransmission.js'

/** Something that is sent. */
export interface Parcel<T> {
  /** What faults look at. */
  readonly target: T
  /** What it weighs on the wire. */
  readonly bytes: number
  /** Runs when it has arrived. */
  readonly arrive: () => void
}

/** One direction of one connection. */
export interface Lane<T> {
  send(parcel: Parcel<T>): void
  /** Bytes that were sent and have not arrived. */
  readonly queued: number
  /** Whether something is on its way, be it sent again and again. */
  readonly carries: boolean
  /** Nothing arrives any more. */
  stop(): void
  /** Its application has closed it: what was sent still arrives, and is sent again less often than else. */
  abandon(): void
}

/** What a lane runs on. */
export interface LanePorts<T> {
  readonly pace: Pace
  /** Of one instant, the lower order arrives first: the number of the request or the socket. */
  readonly order: number
  /** How long half a round trip is now (ms, whole). */
  readonly halfMs: (target: T) => number
  /** How long so many bytes take to be put on the wire now (ms, whole). */
  readonly wireMs: (target: T, bytes: number) => number
  /** Whether what would arrive now vanishes, to be sent again. */
  readonly isHole: (target: T) => boolean
  /** When the first packet is sent again: `syn` for one that dials. Default: `data`, as all later ones. */
  readonly first?: Retransmission
  /** The sender's kernel has given up. Default: nobody is told, as on the receiving side. */
  readonly onGaveUp?: () => void
  /** Runs what arrives. Default: at once; a device whose page does not run takes it later. */
  readonly hand?: (run: () => void) => void
}

/** Makes a lane on which nothing is under way. */
export function createLane<T>(ports: LanePorts<T>): Lane<T> {
  const { pace, order, onGaveUp = () => {}, hand = (run) => run() } = ports
  const queue: { readonly parcel: Parcel<T>; readonly sentAt: number; readonly halfMs: number }[] = []
  let kind = ports.first ?? data
  /** When the last parcel had left its sender. */
  let freeAt = 0
  let queued = 0
  let state: 'idle' | 'carrying' | 'broken' = 'idle'
  let tryAgain = () => {}
  let cancel: Stop = () => {}

  const stop = (): void => {
    state = 'broken'
    queue.length = 0
    queued = 0
    cancel()
  }
  const giveUp = (): void => {
    stop()
    onGaveUp()
  }
  const land = (parcel: Parcel<T>, leftAt: number): void => {
    freeAt = leftAt
    kind = data
    queued -= parcel.bytes
    queue.shift()
    state = 'idle'
    hand(() => {
      if (state !== 'broken') parcel.arrive()
    })
    carry()
  }
  const attempt = (parcel: Parcel<T>, sentAt: number, halfMs: number, turn: number): void => {
    const ms = kind.sentMs[turn]
    const orAgain = (go: () => void) => () =>
      ports.isHole(parcel.target) ? attempt(parcel, sentAt, halfMs, turn + 1) : go()
    tryAgain = () => attempt(parcel, sentAt, halfMs, turn)
    if (ms === undefined) {
      cancel = pace.schedule(sentAt + kind.gaveUpMs, order, giveUp)
      return
    }
    const leftAt = sentAt + ms
    // The narrow place is the last one: what has come to it when it is wide again goes on at once.
    const unload = () => {
      const wireMs = ports.wireMs(parcel.target, parcel.bytes)
      if (wireMs === 0) return land(parcel, leftAt)
      cancel = pace.schedule(
        pace.clock.now() + wireMs,
        order,
        orAgain(() => land(parcel, leftAt)),
      )
    }
    cancel = pace.schedule(leftAt + halfMs, order, orAgain(unload))
  }
  const carry = (): void => {
    const [first] = queue
    if (state !== 'idle' || !first) return
    state = 'carrying'
    const { parcel, sentAt, halfMs } = first
    attempt(parcel, Math.max(sentAt, freeAt), halfMs, 0)
  }

  return {
    send(parcel) {
      if (state === 'broken') return
      // What is on its way stays late when the latency ends, also if something is on its way before it.
      queue.push({ parcel, sentAt: pace.clock.now(), halfMs: ports.halfMs(parcel.target) })
      queued += parcel.bytes
      carry()
    },
    get queued() {
      return queued
    },
    get carries() {
      return state === 'carrying'
    },
    stop,
    abandon() {
      if (state !== 'carrying') return
      kind = orphan
      cancel()
      tryAgain()
    },
  }
}
