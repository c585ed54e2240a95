/** The counter of a bakery: a small application with a live channel, wired to the kit as any other would be. */
import {
  createConnection,
  createStatus,
  probe,
  type Clock,
  type Connection,
  type Random,
} from '../../src/index.js'
import {
  createChannel,
  eventStream,
  longPoll,
  webSocket,
  type Channel,
  type Driver,
  type Transport,
} from '../../src/live/index.js'
import type { HoldfastOptions } from '../../src/vue/index.js'
import { BASE, type Bakery } from './bakery.js'

/** All of them, by preference. */
export const TRANSPORTS: readonly Transport[] = ['websocket', 'event-stream', 'long-poll']

/** Where the counter lives. */
export interface CounterWorld {
  readonly network: Bakery['network']
  /** Default: all three, by preference. */
  readonly transports?: readonly Transport[]
  /** Default: the system's. */
  readonly clock?: Clock
  readonly random?: Random
}

/** Everything that the page and its tests need. */
export interface Counter {
  readonly connection: Connection
  readonly channel: Channel
  /** What the plugin is made of, for whoever provides it to a part of a page. */
  readonly parts: HoldfastOptions
}

/** Wires the parts. Nothing runs until the connection is started and the channel opened. */
export function createCounter({ network, transports = TRANSPORTS, clock, random }: CounterWorld): Counter {
  const { fetch, WebSocket, signals } = network
  const connection = createConnection({
    probe: probe(`${BASE}/health`, { fetch }),
    signals: [signals],
    ...(clock && { clock }),
    ...(random && { random }),
  })
  const drivers: Readonly<Record<Transport, () => Driver>> = {
    websocket: () => webSocket({ WebSocket }),
    'event-stream': () => eventStream({ fetch }),
    'long-poll': () => longPoll({ fetch }),
  }
  const channel = createChannel({
    connection,
    url: `${BASE}/`,
    drivers: transports.map((name) => drivers[name]()),
    fetch,
  })
  const connections = { counter: connection }
  const status = createStatus({ connections, sources: [channel] })
  return { connection, channel, parts: { connections, status } }
}
