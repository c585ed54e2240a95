/**
 * A TCP proxy that fails on demand, without root: real sockets, real resets, real silence.
 *
 * One thing is not as on a wire: in a black hole the handshake of a new connection succeeds, because the
 * kernel shakes hands for a listening port. A page cannot see the difference over HTTP: its request hangs
 * either way. Everything else waits as long as it would: see retransmission.ts.
 */
import { type Server, Socket, createServer } from 'node:net'
import { type Unacknowledged, nextRetransmissionAt } from './retransmission.js'

/**
 * - `pass`: bytes go through.
 * - `blackhole`: nothing goes through, in either direction, closes and resets included; nobody is told. Back
 *   in `pass`, each direction goes on at the next retransmission of its kernel.
 * - `mute`: what clients send arrives, and is acted upon; nothing of what is answered comes back. A reset
 *   afterwards loses those answers for good.
 * - `refuse`: nobody listens. Open connections live on, as those of a server that is ending do.
 * - `reset`: open connections are reset, and each new one as soon as it is there.
 */
export type FaultMode = 'pass' | 'blackhole' | 'mute' | 'refuse' | 'reset'

/** A running proxy. */
export interface FaultProxy {
  /** Where it listens; kept for its whole life, over `refuse` too. */
  readonly port: number
  /** Connections open at present. */
  readonly connections: number
  /** Changes the mode; resolves when it is in force. */
  mode(mode: FaultMode): Promise<void>
  /** Cuts everything and ends. Calling it twice does no harm. */
  stop(): Promise<void>
}

/** Options of a proxy. */
export interface FaultProxyOptions {
  /** Where connections are forwarded to. */
  readonly target: { readonly host?: string; readonly port: number }
  /** Default 0: any free port. */
  readonly port?: number
}

/** One direction of one connection: what came, in order, until it may go on. */
interface Lane {
  take(event: () => void): void
  /** The mode has changed: what may go on now does so. */
  release(): void
  stop(): void
}

/** Starts a proxy in mode `pass`. */
export async function createFaultProxy({ target, port = 0 }: FaultProxyOptions): Promise<FaultProxy> {
  let mode: FaultMode = 'pass'
  const pairs = new Set<{ lanes: Lane[]; cut(how: 'reset' | 'close'): void }>()
  const isHole = () => mode === 'blackhole'
  const isSilent = () => mode === 'mute' || isHole()

  const server: Server = createServer({ allowHalfOpen: true }, (client) => {
    if (mode === 'reset') return void client.resetAndDestroy()
    const upstream = connectLater(target)
    // The first thing that travels up is the handshake.
    const up = createLane(isHole, 'syn')
    const down = createLane(isSilent, 'data')
    const pair = {
      lanes: [up, down],
      cut(how: 'reset' | 'close') {
        for (const lane of pair.lanes) lane.stop()
        for (const socket of [client, upstream.socket]) {
          if (how === 'reset') socket.resetAndDestroy()
          else socket.destroy()
        }
        pairs.delete(pair)
      },
    }
    pairs.add(pair)
    up.take(upstream.open)
    forward(client, upstream.socket, up)
    forward(upstream.socket, client, down)
    const forget = () => {
      if (client.destroyed && upstream.socket.destroyed) pairs.delete(pair)
    }
    client.once('close', forget)
    upstream.socket.once('close', forget)
  })

  const listen = (on: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(on, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listen(port)
  const ownPort = (server.address() as { port: number }).port

  return {
    port: ownPort,
    get connections() {
      return pairs.size
    },
    async mode(next) {
      mode = next
      if (mode === 'reset') for (const pair of pairs) pair.cut('reset')
      for (const pair of pairs) for (const lane of pair.lanes) lane.release()
      // Closing is done at once; its callback would wait for the open connections.
      if (mode === 'refuse') server.close()
      else if (!server.listening) await listen(ownPort)
    },
    async stop() {
      for (const pair of pairs) pair.cut('close')
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** A socket that is not connected yet, so that a handshake can be late. */
function connectLater(target: FaultProxyOptions['target']): { socket: Socket; open(): void } {
  const socket = new Socket({ allowHalfOpen: true })
  return { socket, open: () => void socket.connect(target.port, target.host ?? '127.0.0.1') }
}

/** Bytes, the end and the loss of `from`, through the lane, to `to`. */
function forward(from: Socket, to: Socket, lane: Lane): void {
  from.on('data', (bytes: Buffer) => lane.take(() => void (to.destroyed || to.write(bytes))))
  from.on('end', () => lane.take(() => void to.end()))
  from.on('error', () => lane.take(() => void to.resetAndDestroy()))
  from.on('close', () => lane.take(() => void to.end()))
}

/** What comes in passes at once, unless the lane is held, or something before it still waits. */
function createLane(isHeld: () => boolean, first: Unacknowledged): Lane {
  const waiting: (() => void)[] = []
  let kind = first
  let heldSince = 0
  let timer: ReturnType<typeof setTimeout> | null = null

  function flush() {
    timer = null
    if (isHeld()) return
    for (const event of waiting.splice(0)) event()
    kind = 'data'
  }

  return {
    take(event) {
      if (!isHeld() && waiting.length === 0) {
        event()
        kind = 'data'
        return
      }
      if (waiting.length === 0) heldSince = performance.now()
      waiting.push(event)
    },
    release() {
      if (isHeld() || waiting.length === 0 || timer) return
      const now = performance.now()
      timer = setTimeout(flush, nextRetransmissionAt(kind, heldSince, now) - now)
    },
    stop() {
      if (timer) clearTimeout(timer)
      waiting.length = 0
    },
  }
}
