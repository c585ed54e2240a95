/** One connection through the proxy: a client's socket, one to the target, and a lane each way. */
import { Socket } from 'node:net'
import type { Clock, Random } from '../../../src/core/clock.js'
import type { Direction, Transport } from '../../../mocks/faults.js'
import { collect, goOn, handTo } from './carry.js'
import { type Lane, createLane } from './lane.js'
import type { LaneFaults } from './lane-faults.js'

/** Where connections are forwarded to; the default host is 127.0.0.1. */
export interface Target {
  readonly host?: string
  readonly port: number
}

/** One connection through the proxy. */
export interface Pair {
  /** What it carries at present, as its last answer says. */
  readonly transport: Transport
  /** The faults have changed. */
  changed(): void
  /** The path forgets it: what is sent vanishes, both ends stay open. Default: both ways. */
  lose(way?: Direction): void
  /** Both ends hear of it now. */
  cut(how: 'reset' | 'close'): void
}

/** What a pair is made of. */
export interface PairOptions {
  readonly client: Socket
  readonly target: Target
  readonly clock: Clock
  readonly random: Random
  readonly faults: (pair: Pair, way: Direction) => LaneFaults
  /** Both of its sockets are closed. */
  readonly onGone: (pair: Pair) => void
}

/** Dials the target for a client, and carries what they say. */
export function createPair({ client, target, clock, random, faults, onGone }: PairOptions): Pair {
  // Not connected yet, so that a handshake can be late.
  const upstream = new Socket({ allowHalfOpen: true })
  const sockets = [client, upstream]
  let transport: Transport = 'http'
  let isDialled = false
  /**
   * A browser dials for each request that may leave, also for those that it gives up a moment later; which of these
   * connections are left over is decided within a millisecond. So in a black hole the handshake counts from the
   * first use, as if it had been dialled for that: the simulator's dials are bound to their requests, too.
   */
  let handshake: 'due' | 'made' = 'due'

  const cut = (how: 'reset' | 'close') => {
    for (const lane of lanes) lane.stop()
    for (const socket of sockets) {
      if (how === 'reset') socket.resetAndDestroy()
      else socket.destroy()
    }
  }
  const laneTo = (way: Direction, to: Socket, from: Socket): Lane => {
    const hand = handTo(to, from)
    return createLane({
      clock,
      random: random.fork(way),
      // The first thing that travels up is the handshake.
      first: way === 'up' ? 'syn' : 'data',
      faults: () => faults(pair, way),
      deliver(freight) {
        if (freight.kind !== 'open') return hand(freight)
        isDialled = true
        upstream.connect(target.port, target.host ?? '127.0.0.1')
      },
      onCut(how) {
        if (how === 'reset') return cut('reset')
        to.end()
        from.destroy()
      },
      onDrained: () => goOn(from, to),
    })
  }
  function shakeHands() {
    if (handshake === 'made') return
    handshake = 'made'
    up.take({ kind: 'open' })
  }
  const pair: Pair = {
    get transport() {
      return transport
    },
    changed() {
      for (const lane of lanes) lane.changed()
    },
    lose(way) {
      if (way !== 'down') up.lose()
      if (way !== 'up') down.lose()
    },
    cut,
  }
  const up = laneTo('up', upstream, client)
  const down = laneTo('down', client, upstream)
  const lanes = [up, down]

  for (const socket of sockets) {
    socket.setNoDelay()
    socket.once('close', () => {
      if (sockets.every(({ destroyed }) => destroyed)) onGone(pair)
    })
  }
  // A kernel whose SYN nobody has answered forgets it with its socket: nothing of it arrives later.
  for (const end of ['end', 'close'] as const) client.once(end, () => void (isDialled || cut('close')))
  if (!faults(pair, 'up').held) shakeHands()
  collect(client, up, shakeHands)
  collect(upstream, down, (bytes) => {
    transport = transportOf(bytes) ?? transport
  })
  return pair
}

/** What an answer makes of its connection; null: this is no beginning of an answer. */
function transportOf(bytes: Buffer): Transport | null {
  if (bytes.subarray(0, 7).toString('latin1') !== 'HTTP/1.') return null
  const head = bytes.subarray(0, 4096).toString('latin1').split('\r\n\r\n', 1)[0] ?? ''
  if (/^HTTP\/1\.\d 101 /.test(head)) return 'ws'
  return /^content-type:\s*text\/event-stream/im.test(head) ? 'sse' : 'http'
}
