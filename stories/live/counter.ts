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
import { durableMessages } from '../../src/live/durable.js'
import { createQueue, memoryStore, type Queue } from '../../src/queue/index.js'
import type { HoldfastOptions } from '../../src/vue/index.js'
import { BASE, type Bakery } from './bakery.js'

/** All of them, by preference. */
export const TRANSPORTS: readonly Transport[] = ['websocket', 'event-stream', 'long-poll']

/** Where the counter lives. */
export interface CounterWorld {
  readonly network: Bakery['network']
  /** Default: all three, by preference. */
  readonly transports?: readonly Transport[]
  /** Messages go through the durable queue. Default: false, they wait in the channel. */
  readonly isDurable?: boolean
  /** Default: the system's. */
  readonly clock?: Clock
  readonly random?: Random
}

/** Everything that the page and its tests need. */
export interface Counter {
  readonly connection: Connection
  readonly channel: Channel
  /** Where messages are kept; null: in the channel alone. */
  readonly queue: Queue | null
  /** What the plugin is made of, for whoever provides it to a part of a page. */
  readonly parts: HoldfastOptions
}

/** Wires the parts. Nothing runs until the connection is started and the channel opened. */
export function createCounter({ network, transports = TRANSPORTS, ...world }: CounterWorld): Counter {
  const { isDurable = false, clock, random } = world
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
  const messages = durableMessages()
  const handlers = { message: messages.handler }
  const queue = isDurable
    ? createQueue({ connection, store: memoryStore(), scope: 'counter', bus: null, handlers })
    : null
  const channel = createChannel({
    connection,
    url: `${BASE}/`,
    drivers: transports.map((name) => drivers[name]()),
    fetch,
    ...(queue && { durable: messages.through(queue) }),
  })
  const connections = { counter: connection }
  const status = createStatus({ connections, sources: queue ? [channel, queue] : [channel] })
  return { connection, channel, queue, parts: { connections, status, ...(queue && { queue }) } }
}
