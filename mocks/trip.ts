/** A request and its connection: how it gets one, and how it crosses, there and back. */
import type { Stop } from '../src/core/state.js'
import type { Caller, Connections, Slot } from './connections.js'
import { createDials } from './dials.js'
import type { Exchange } from './exchange.js'
import type { FaultBook } from './fault-book.js'
import { createLane, type Lane } from './lane.js'
import type { Pace } from './pace.js'
import type { Path, Struck } from './path.js'
import type { Service } from './service.js'

/** A request and its connection. */
export interface Trip {
  readonly exchange: Exchange
  /** When its connection was dialled; Infinity: not yet. */
  dialledAt: number
  /** Since when the request is on it. */
  connectedAt: number
  /** Whether its connection was kept, and has carried an answer before. */
  isOnKept: boolean
  /** Whether it was cut, and another has begun for its request. */
  isCut: boolean
  /** Whether the path has forgotten it while it was idle. */
  isStale: boolean
  /** The process that it leads to, or the gateway; null: none yet. */
  boot: string | null
  /** Its place among the connections of its host; null: it has none yet. */
  slot: Slot | null
}

/** What trips are made on. */
export interface TripPorts {
  readonly pace: Pace
  readonly book: FaultBook
  readonly path: Path
  readonly connections: Connections
  /** Whether what is dialled is for whoever has waited longest. */
  readonly sharesDials: boolean
  readonly service: Service
  /** Runs what the device is given: at once, or when its page runs again. */
  readonly hand: (order: number, run: () => void) => void
}

/** The trips of one network. */
export interface Trips {
  /** One that has not begun. */
  begin(exchange: Exchange): Trip
  /** Gets a connection, and crosses on it; false: the kernel gave up. */
  goThere(trip: Trip): Promise<boolean>
  /** The way back, as often as the packet vanishes; false: the kernel gave up. */
  comeBack(trip: Trip): Promise<boolean>
  /** The way back of what comes piece by piece. */
  laneBack(trip: Trip): Lane<Struck>
  /** Whether the process that its connection leads to is the one that runs. */
  isKnown(trip: Trip): boolean
  /** The answer is complete: its connection is kept for the next. */
  keep(trip: Trip): void
  /** Ends the dials that nobody waits for. */
  forgetDials: Stop
}

/** Makes the trips of a network. */
export function createTrips(ports: TripPorts): Trips {
  const { pace, book, path, connections, service, sharesDials, hand } = ports
  const now = () => pace.clock.now()
  const dials = createDials(ports)

  const laneOf = (trip: Trip, onGaveUp?: () => void): Lane<Struck> =>
    createLane({
      ...{ pace, order: trip.exchange.id, halfMs: path.halfMs, wireMs: path.wireMs },
      isHole(target) {
        if (!trip.isStale) return path.isHole(target, trip.connectedAt)
        target.fault = 'lost'
        return true
      },
      ...(onGaveUp && { onGaveUp }),
      hand: (run) => (trip.exchange.direction === 'down' ? hand(trip.exchange.id, run) : run()),
    })
  const cross = (trip: Trip, bytes = 0): Promise<boolean> =>
    new Promise((resolve) => {
      const { exchange } = trip
      const land = (arrived: boolean) => {
        exchange.go()
        resolve(arrived)
      }
      const lane = laneOf(trip, () => land(false))
      // What a connection carries is not called back when its socket is closed.
      exchange.onLeave = lane.abandon
      exchange.park(lane.stop)
      lane.send({ target: exchange, bytes, arrive: () => land(true) })
    })
  const connect = (trip: Trip): Promise<boolean> =>
    new Promise((resolve) => {
      const { exchange } = trip
      let desert: Stop = () => {}
      const board = (slot: Slot): void => {
        trip.slot = slot
        exchange.whenOver(slot.close)
        exchange.go()
      }
      const ride = async (): Promise<boolean> => cross(trip, await weightOf(exchange, path))
      const dial = async (slot: Slot): Promise<void> => {
        exchange.go()
        const bytes = await weightOf(exchange, path)
        // Its caller has left before the first packet did.
        if (exchange.over) return slot.close()
        desert = dials.dial(slot, exchange, bytes, {
          onStalled() {
            if (sharesDials) turn.stall()
          },
          onOver(isThrough) {
            if (isThrough && turn.yields())
              return slot.keep({ connectedAt: now(), boot: service.front, isProven: false })
            turn.leave()
            board(slot)
            Object.assign(trip, { dialledAt: now(), connectedAt: now(), boot: service.front })
            resolve(isThrough)
          },
        })
        exchange.park(() => {
          turn.leave()
          desert()
        })
      }
      let state: 'waiting' | 'called' = 'waiting'
      const caller: Caller = {
        lend(slot, { connectedAt: dialledAt, boot, isProven }) {
          state = 'called'
          desert()
          board(slot)
          trip.isStale = book.forgotIdle(exchange.url.host, dialledAt)
          Object.assign(trip, { dialledAt, connectedAt: now(), boot, isOnKept: isProven })
          void ride().then(resolve)
        },
        dial(slot) {
          state = 'called'
          void dial(slot)
        },
      }
      const turn = connections.take(exchange.url.host, caller)
      if (state === 'waiting') exchange.park(turn.leave)
    })
  const isKnown = ({ exchange, boot }: Trip): boolean =>
    !service.owns(exchange.url) || (service.listens() && boot === service.front)

  return {
    begin: (exchange) => ({
      ...{ exchange, dialledAt: Infinity, connectedAt: Infinity },
      ...{ isOnKept: false, isCut: false, isStale: false, boot: null, slot: null },
    }),
    async goThere(trip) {
      const isThrough = await connect(trip)
      trip.exchange.onLeave = () => {}
      return isThrough
    },
    comeBack: (trip) => cross(trip),
    laneBack: (trip) => laneOf(trip),
    isKnown,
    keep(trip) {
      const { dialledAt: connectedAt, boot, slot } = trip
      if (boot !== null && isKnown(trip)) slot?.keep({ connectedAt, boot, isProven: true })
    },
    forgetDials: dials.forget,
  }
}

/** What a request weighs; it is asked only where weight is time. */
async function weightOf(exchange: Exchange, path: Path): Promise<number> {
  if (exchange.method === 'GET' || exchange.method === 'HEAD' || path.kBps(exchange) === Infinity) return 0
  return (await exchange.request().clone().arrayBuffer()).byteLength
}
