/** Pages of one person, one after the other, over one store, network and server: each may be loaded anew or crash. */
import { expect, onTestFinished } from 'vitest'
import { createLiveApi, type LiveApiOptions } from '../../mocks/live-api.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'
import { seededRandom } from '../../mocks/random.js'
import { createConnection } from '../../src/core/connection.js'
import type { HoldfastError } from '../../src/core/errors.js'
import { createChannel } from '../../src/live/channel.js'
import type { ChannelOptions } from '../../src/live/channel-options.js'
import { durableMessages } from '../../src/live/durable.js'
import type { DurableOptions } from '../../src/live/durable-port.js'
import { eventStream } from '../../src/live/event-stream.js'
import { longPoll } from '../../src/live/long-poll.js'
import { webSocket } from '../../src/live/websocket.js'
import { createQueue, memoryStore, type QueueOptions } from '../../src/queue/index.js'
import { probe } from '../../src/signals/probe.js'
import { TRANSPORTS, type TransportName } from './live-desk.js'

const BASE = 'https://api.example'

export interface DurableWorldOptions {
  readonly seed?: number
  readonly transports?: readonly TransportName[]
  readonly api?: Partial<LiveApiOptions>
  readonly channel?: Partial<ChannelOptions>
  readonly queue?: Partial<QueueOptions>
}

export type DurableWorld = ReturnType<typeof createDurableWorld>

export function createDurableWorld({ seed = 1, transports = TRANSPORTS, ...more }: DurableWorldOptions = {}) {
  const clock = manualClock()
  const api = createLiveApi({ network: () => network, base: BASE, ...more.api })
  const network = createNetwork({
    clock,
    seed,
    hosts: ['api.example'],
    latencyMs: 40,
    handlers: api.handlers,
  })
  const store = memoryStore()
  let pages = 0

  function openPage() {
    const { WebSocket, fetch, signals } = network
    const connection = createConnection({
      probe: probe(`${BASE}/health`, { fetch }),
      clock,
      random: seededRandom(seed * 1000 + ++pages),
      signals: [signals],
    })
    const messages = durableMessages()
    const queue = createQueue({
      connection,
      store,
      scope: 'ada',
      bus: null,
      handlers: { message: messages.handler },
      ...more.queue,
    })
    const drivers = {
      websocket: webSocket({ WebSocket }),
      'event-stream': eventStream({ fetch }),
      'long-poll': longPoll({ fetch }),
    }
    const channel = createChannel({
      connection,
      url: `${BASE}/`,
      drivers: transports.map((name) => drivers[name]),
      fetch,
      durable: messages.through(queue),
      ...more.channel,
    })
    /** As its process ends: nothing is said, and what was on its way is forgotten. */
    const crash = (): void => {
      queue.stop()
      channel.close()
      connection.stop()
    }
    onTestFinished(crash)
    connection.start()
    queue.start()
    return {
      ...{ channel, connection, crash, queue },
      /** What became of a durable message. */
      say(data: unknown, options: Partial<DurableOptions> = {}) {
        const said = { is: 'waits', kept: false, times: 0 }
        const settle = (is: string): void => {
          said.is = is
          said.times += 1
        }
        const onKept = (): void => void (said.kept = true)
        channel
          .send('chat', data, { policy: 'durable', label: `Say ${String(data)}`, onKept, ...options })
          .then(
            ({ offset }) => settle(`ok ${offset}`),
            (error: HoldfastError) => settle(error.code),
          )
        return said
      },
      /** What people see in the list. */
      list: () => queue.actions.map(({ label, state }) => `${label}: ${state.name}`),
    }
  }

  onTestFinished(() => network.dispose())
  return {
    ...{ api, clock, network, openPage, store },
    /** What the server has of the chat, in order. */
    ledger: () => api.events.flatMap(({ topic, data }) => (topic === 'chat' ? [data] : [])),
    expectOnce(accepted: readonly unknown[]) {
      expect(api.events.map(({ data }) => data)).toEqual(accepted)
    },
  }
}
