/** What lies between the two ends of a socket: two lanes, and the packets that no lane holds. */
import type { Stop } from '../../src/core/state.js'
import type { Direction } from '../faults.js'
import { createLane } from '../lane.js'
import type { Pace } from '../pace.js'
import type { Path, Struck } from '../path.js'
import { syn } from '../retransmission.js'
import { bytesOf } from './payload.js'
import type { Targets } from './targets.js'

/** The wire of one socket. */
export interface Wire {
  /** From now on the connection exists, and can be forgotten. */
  connected(): void
  send(direction: Direction, target: Struck, bytes: number, arrive: () => void): void
  /** A close frame with this reason. */
  sendClose(direction: Direction, reason: string, arrive: () => void): void
  /** The end of the connection, behind everything else that the server has sent. */
  hangUp(arrive: () => void): void
  /** A reset: a packet that nobody sends again. */
  reset(direction: Direction, arrive: () => void): void
  /** Nothing arrives any more that was sent this way. */
  stop(direction: Direction): void
  /** Runs after so many ms, in the socket's turn. */
  after(ms: number, run: () => void): Stop
  /** Whether nothing is on its way or will happen by itself. */
  readonly isStill: boolean
  dispose(): void
}

/** What a wire runs on. */
export interface WirePorts {
  readonly pace: Pace
  readonly path: Path
  readonly targets: Targets
  /** The number of the socket. */
  readonly order: number
  /** The kernel that sends this way has given up. */
  readonly onGaveUp: (direction: Direction) => void
}

/** A close frame without its reason. */
const CLOSE_BYTES = 4

/** Makes the wire of a socket that dials: the first thing that travels up is sent again as a SYN is. */
export function createWire({ pace, path, targets, order, onGaveUp }: WirePorts): Wire {
  const timers = new Set<Stop>()
  let connectedAt = Infinity
  const isHole = (target: Struck) => path.isHole(target, connectedAt)
  const ports = { pace, order, isHole, halfMs: path.halfMs, wireMs: path.wireMs }
  const lanes = {
    up: createLane<Struck>({ ...ports, first: syn, onGaveUp: () => onGaveUp('up') }),
    down: createLane<Struck>({ ...ports, onGaveUp: () => onGaveUp('down') }),
  }

  const after = (ms: number, run: () => void): Stop => {
    const cancel = pace.schedule(pace.clock.now() + ms, order, () => {
      timers.delete(stop)
      run()
    })
    const stop = (): void => {
      timers.delete(stop)
      cancel()
    }
    timers.add(stop)
    return stop
  }
  const send: Wire['send'] = (direction, target, bytes, arrive) =>
    lanes[direction].send({ target, bytes, arrive })

  return {
    connected: () => void (connectedAt = pace.clock.now()),
    send,
    sendClose: (direction, reason, arrive) =>
      send(direction, targets.connection(direction), CLOSE_BYTES + bytesOf(reason), arrive),
    hangUp: (arrive) => send('down', targets.connection('down'), 0, arrive),
    reset(direction, arrive) {
      const target = targets.connection(direction)
      after(path.halfMs(target), () => {
        if (!isHole(target)) arrive()
      })
    },
    stop: (direction) => lanes[direction].stop(),
    after,
    get isStill() {
      return timers.size === 0 && !lanes.up.carries && !lanes.down.carries
    },
    dispose() {
      for (const stop of [...timers]) stop()
      lanes.up.stop()
      lanes.down.stop()
    },
  }
}
