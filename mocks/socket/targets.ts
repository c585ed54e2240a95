/** What faults look at in a socket: its handshake, and then each thing that travels, with a luck of its own. */
import type { Random } from '../../src/core/clock.js'
import type { Direction } from '../faults.js'
import type { Struck } from '../path.js'

/** The targets of one socket; what strikes any of them strikes the socket. */
export interface Targets {
  /** What struck it last and decided something; else what slowed it down; null: nothing. */
  fault: Struck['fault']
  /** What struck its handshake. */
  readonly dialFault: Struck['fault']
  handshake(direction: Direction): Struck
  /** The next message this way; `authorization`: the token that it shows. */
  message(direction: Direction, authorization?: string | null): Struck
  /** The next thing that concerns the bare connection: a close frame, a reset, a look around. */
  connection(direction: Direction): Struck
}

/** Makes the targets of a socket; `random` is that of its number. */
export function createTargets(url: URL, random: Random): Targets {
  const numbers = { up: 0, down: 0 }
  let things = 0
  const fate = new Map<string, boolean>()

  const socket = {
    fault: null as Struck['fault'],
    dialFault: null as Struck['fault'],
    handshake: (direction: Direction) => target(direction, 'request', random, fate, null),
    message(direction: Direction, authorization: string | null = null) {
      const own = random.fork(`${direction}/${++numbers[direction]}`)
      return target(direction, 'message', own, new Map<string, boolean>(), authorization)
    },
    connection(direction: Direction) {
      const own = random.fork(`connection/${++things}`)
      return target(direction, 'connection', own, new Map<string, boolean>(), null)
    },
  }
  const target = (
    direction: Direction,
    part: Struck['part'],
    own: Random,
    decided: Map<string, boolean>,
    authorization: string | null,
  ): Struck => ({
    ...{ direction, part, authorization, url, random: own, fate: decided },
    ...{ method: 'GET', transport: 'ws' },
    get fault() {
      return socket.fault
    },
    set fault(fault) {
      socket.fault = fault
      if (part === 'request') socket.dialFault = fault
    },
  })
  return socket
}
