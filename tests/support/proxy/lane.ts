/**
 * One direction of one connection: what comes in goes out in the same order, as late, as slowly and as
 * incompletely as the faults in force say. It knows no sockets, so that it is tested on a manual clock.
 */
import type { Clock, Random, Stop } from '../../../src/core/clock.js'
import { type Retransmission, data, syn } from '../../../mocks/retransmission.js'
import type { LaneFaults } from './lane-faults.js'

/** What travels. `open` is the handshake of a connection; `end` a FIN, `reset` a RST. */
export type Freight =
  | { readonly kind: 'open' }
  /** What comes before a body and is not counted as bytes: the head of an answer. */
  | { readonly kind: 'head' }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** `early`: before all was said that was promised. */
  | { readonly kind: 'end'; readonly early?: boolean }
  | { readonly kind: 'reset' }

/** One direction of one connection. */
export interface Lane {
  /** Takes what came; delivers it in this very call where nothing is in its way. */
  take(freight: Freight): void
  /** The faults have changed: what may go on now does so, in its time. */
  changed(): void
  /** From now on everything vanishes, for good. */
  lose(): void
  /** Ends it: what waits is dropped, its timer is cleared. */
  stop(): void
  /** Bytes that wait. */
  readonly backlog: number
}

/** What a lane is made of. */
export interface LaneOptions {
  readonly clock: Clock
  readonly random: Random
  /** How the kernel repeats what is sent first; all later things are data. */
  readonly first: 'syn' | 'data'
  /** What strikes at present. */
  readonly faults: () => LaneFaults
  /** It carries one body: what truncates it counts from its beginning. Default: false, from when it is first met. */
  readonly isBody?: boolean
  readonly deliver: (freight: Freight) => void
  /** The connection ends here, by a fault: nothing is delivered any more. Default: the freight is delivered. */
  readonly onCut?: (how: 'end' | 'reset') => void
  /** All that waited has gone on. */
  readonly onDrained?: () => void
}

interface Parcel {
  freight: Freight
  readonly dueAt: number
}

/** A slowed stream goes on in pieces of so much time, as packets do. */
const SLICE_MS = 20

const KERNELS: Readonly<Record<LaneOptions['first'], Retransmission>> = {
  syn,
  data,
}

/** Makes a lane with nothing in it. */
export function createLane(options: LaneOptions): Lane {
  const { clock, random, faults, deliver, onCut = (how) => deliver({ kind: how }), onDrained } = options
  const queue: Parcel[] = []
  const seenAt = new Map<object, number>()
  let kernel = KERNELS[options.first]
  let state: 'open' | 'gone' = 'open'
  let passed = 0
  let backlog = 0
  /** When the line has done with what was sent on it before. */
  let freeAt = 0
  /** When the oldest thing that a black hole holds was first sent. */
  let heldAt: number | null = null
  /** When its kernel sends that again, the hole being over. */
  let againAt: number | null = null
  let cancel: Stop = () => {}

  const wakeAt = (at: number) => {
    cancel()
    cancel = clock.setTimeout(pump, at - clock.now())
  }
  const gone = () => {
    state = 'gone'
    cancel()
    queue.length = 0
    backlog = 0
  }
  const cut = (how: 'end' | 'reset') => {
    gone()
    onCut(how)
  }

  /** Counts from the first time that a cut is seen: a fault concerns what comes after it was applied. */
  function allowance({ cuts }: LaneFaults): {
    left: number
    how: 'end' | 'reset'
  } {
    let nearest = { left: Infinity, how: 'reset' as 'end' | 'reset' }
    for (const { fault, after, how } of cuts) {
      const from = seenAt.get(fault) ?? (options.isBody && how === 'end' ? 0 : passed)
      seenAt.set(fault, from)
      const left = Math.max(0, from + after - passed)
      if (left < nearest.left) nearest = { left, how }
    }
    return nearest
  }

  function send(freight: Freight, now: LaneFaults) {
    kernel = data
    if (freight.kind !== 'bytes') {
      if (freight.kind === 'head' && now.cuts.some(({ after, head }) => head && after === 0)) {
        return cut(allowance(now).how)
      }
      return deliver(freight)
    }
    const { left, how } = allowance(now)
    const bytes = freight.bytes.length < left ? freight.bytes : freight.bytes.subarray(0, left)
    passed += bytes.length
    if (bytes.length > 0) deliver({ kind: 'bytes', bytes })
    if (bytes.length === left) cut(how)
  }

  /** False: the head of the queue has to wait. */
  function isThrough(head: Parcel, now: LaneFaults): boolean {
    if (clock.now() < head.dueAt) {
      wakeAt(head.dueAt)
      return false
    }
    if (now.held) {
      heldAt ??= clock.now()
      againAt = null
      return false
    }
    if (heldAt === null) return true
    againAt ??= nextSentAt(kernel, heldAt, clock.now())
    if (againAt <= clock.now()) {
      heldAt = againAt = null
      freeAt = Math.max(freeAt, clock.now())
      return true
    }
    if (againAt === Infinity) cut('reset')
    else wakeAt(againAt)
    return false
  }

  /** Sends what the line carries by now; false: it is not through with it. */
  function transmit(head: Parcel, now: LaneFaults): boolean {
    const { freight } = head
    if (freight.kind !== 'bytes' || now.kBps === Infinity) {
      queue.shift()
      if (freight.kind === 'bytes') backlog -= freight.bytes.length
      send(freight, now)
      return true
    }
    // A thousand bytes a second are a byte a millisecond.
    const size = Math.min(freight.bytes.length, Math.max(1, Math.floor(now.kBps * SLICE_MS)))
    const doneAt = Math.max(freeAt, head.dueAt) + size / now.kBps
    if (clock.now() < Math.floor(doneAt)) {
      wakeAt(Math.ceil(doneAt))
      return false
    }
    freeAt = doneAt
    backlog -= size
    const slice = freight.bytes.subarray(0, size)
    if (size === freight.bytes.length) queue.shift()
    else head.freight = { kind: 'bytes', bytes: freight.bytes.subarray(size) }
    send({ kind: 'bytes', bytes: slice }, now)
    return true
  }

  function pump() {
    cancel()
    const hadBacklog = queue.length > 0
    for (let head = queue[0]; head && state === 'open'; head = queue[0]) {
      const now = faults()
      if (!isThrough(head, now) || !transmit(head, now)) return
    }
    if (hadBacklog) onDrained?.()
  }

  return {
    get backlog() {
      return backlog
    },
    take(freight) {
      if (state === 'gone') return
      const { latencies } = faults()
      const lateMs = latencies.reduce((sum, latency) => sum + jittered(latency, random), 0)
      queue.push({ freight, dueAt: clock.now() + lateMs })
      if (freight.kind === 'bytes') backlog += freight.bytes.length
      if (queue.length === 1) pump()
    },
    changed() {
      if (state === 'gone') return
      allowance(faults())
      freeAt = Math.max(freeAt, clock.now())
      pump()
    },
    lose: gone,
    stop: gone,
  }
}

function jittered({ ms, jitterMs }: { ms: number; jitterMs: number }, random: Random): number {
  const roll = jitterMs > 0 ? random.next() : 0.5
  return Math.round(Math.max(0, ms + (roll * 2 - 1) * jitterMs))
}

/** When a kernel sends again what it first sent at `sentAt`, not before `now`; Infinity: it has given up. */
export function nextSentAt({ sentMs }: Retransmission, sentAt: number, now: number): number {
  const againMs = sentMs.find((ms, tries) => tries > 0 && sentAt + ms >= now)
  return sentAt + (againMs ?? Infinity)
}
