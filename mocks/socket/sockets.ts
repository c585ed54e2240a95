/** The sockets of one network: its own `WebSocket`, and what restarts, faults and teardown do to those there are. */
import type { WebSocketClientHandle } from '@mswjs/interceptors/WebSocket'
import { WebSocketHandler } from 'msw'
import type { Random } from '../../src/core/clock.js'
import type { Leaver } from '../edge.js'
import type { FaultBook } from '../fault-book.js'
import { innermost } from '../faults.js'
import type { LogEntry } from '../log.js'
import type { Pace } from '../pace.js'
import type { Path } from '../path.js'
import type { Service } from '../service.js'
import { createHandshakes, type Handshakes } from './handshakes.js'
import { createLine, type Line } from './line.js'
import type { Payload } from './payload.js'
import { createWebSocketClass } from './web-socket.js'

/** What the sockets of a network are made of. */
export interface SocketPorts {
  readonly pace: Pace
  readonly path: Path
  readonly service: Service
  readonly handlers: () => readonly WebSocketHandler[]
  readonly random: () => Random
  readonly isOffline: () => boolean
  readonly write: (entry: LogEntry) => void
  /** Runs what the device is told: at once, or when its page runs again. */
  readonly hand: (order: number, run: () => void) => void
  readonly handshakes: Handshakes
  readonly onOver: (line: Line) => void
}

/** Options of `createSockets`. */
export interface SocketsOptions extends Omit<
  SocketPorts,
  'handlers' | 'handshakes' | 'onOver' | 'isOffline'
> {
  /** What is in force. */
  readonly book: FaultBook
  /** All handlers of the network; those for sockets are found among them. */
  readonly handlers: () => readonly object[]
  /** The next number of the edge, shared with requests. */
  readonly number: () => number
  /** What relative URLs are resolved against. */
  readonly origin: string
}

/** Those who are connected, for handlers: MSW's own `link.clients` goes through IndexedDB and is never in step. */
export interface Clients {
  /** The clients whose connection the server holds open, in the order of their numbers. */
  list(): readonly WebSocketClientHandle[]
  /** Sends to all of them, or to those that match. */
  broadcast(data: Payload, match?: (client: WebSocketClientHandle) => boolean): void
}

/** The sockets of a network. */
export interface Sockets {
  readonly WebSocket: typeof globalThis.WebSocket
  readonly clients: Clients
  /** How many are not over. */
  readonly size: number
  /** Those that are being dialled. */
  dialing(): readonly Line[]
  /** Those that the service holds open, as whom it sends away when it has drained: with 1012 and their turn. */
  leaving(which: (boot: string | null) => boolean): readonly Leaver[]
  /** The device has lost its network: dials fail, what is open falls silent. */
  wentOffline(): void
  /** Ends all, and all that come later. */
  dispose(): void
}

/** Makes the sockets of a network: none. */
export function createSockets(options: SocketsOptions): Sockets {
  const { pace, book, service, number, origin } = options
  /** Until the application's end is over. */
  const lines = new Set<Line>()
  /** Until the server's end is gone, too, and nothing is on its way: it may hold on to what nobody has any more. */
  const held = new Set<Line>()
  let state: 'open' | 'disposed' = 'open'

  const ports: SocketPorts = {
    ...options,
    handlers: () => options.handlers().filter((one) => one instanceof WebSocketHandler),
    isOffline: book.offline,
    handshakes: createHandshakes(),
    onOver: (line) => void lines.delete(line),
  }
  const isHeld = ({ server }: Line): boolean => server !== null && server.state !== 'gone'
  const all = (): Line[] => {
    for (const line of held) if (!lines.has(line) && !isHeld(line) && line.isStill) held.delete(line)
    return [...held]
  }
  const ours = (): Line[] => all().filter(({ url }) => service.owns(url))
  const open = (): readonly WebSocketClientHandle[] =>
    all().flatMap(({ server }) => (server?.state === 'open' ? [server.client] : []))

  const stops = [
    book.onApply((fault) => {
      const { type } = innermost(fault)
      if (type === 'close' || type === 'reset') for (const line of all()) line.lookAround()
    }),
    service.onGone(({ answers }) => {
      if (answers) for (const line of ours()) line.serverDies()
    }),
  ]

  return {
    WebSocket: createWebSocketClass({
      base: () => globalThis.location?.href ?? origin,
      pace,
      dial(url, protocols, tell) {
        const line = createLine(number(), url, protocols, ports, tell)
        lines.add(line)
        held.add(line)
        // The page hears of it in a turn of its own, as of every end.
        if (state === 'disposed') void Promise.resolve().then(line.dispose)
        return line
      },
    }),
    clients: {
      list: open,
      broadcast(data, match = () => true) {
        for (const client of open()) if (match(client)) client.send(data)
      },
    },
    get size() {
      return lines.size
    },
    dialing: () => [...lines].filter(({ dialing }) => dialing),
    leaving: (which) =>
      ours().flatMap(({ id, server, boot }) =>
        server?.state === 'open' && which(boot)
          ? [{ id, leave: (retryAfterMs) => server.close(1012, JSON.stringify({ retryAfterMs })) }]
          : [],
      ),
    wentOffline() {
      for (const line of [...lines]) if (line.dialing) line.cutDial('offline', 'offline')
    },
    dispose() {
      state = 'disposed'
      for (const stop of stops) stop()
      for (const line of all()) line.dispose()
      lines.clear()
      held.clear()
    },
  }
}
