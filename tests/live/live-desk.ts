/** A channel with its real keeper and drivers, on a simulated network with the live API. */
import { expect, onTestFinished } from 'vitest'
import { createLiveApi, type LiveApiOptions } from '../../mocks/live-api.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork, type Network } from '../../mocks/network.js'
import { seededRandom } from '../../mocks/random.js'
import { createConnection } from '../../src/core/connection.js'
import type { AuthPort } from '../../src/core/state.js'
import { createChannel } from '../../src/live/channel.js'
import type { ChannelOptions } from '../../src/live/channel-options.js'
import { eventStream } from '../../src/live/event-stream.js'
import { longPoll } from '../../src/live/long-poll.js'
import type { DialProbe } from '../../src/live/probe-by-dial.js'
import { webSocket } from '../../src/live/websocket.js'
import { probe } from '../../src/signals/probe.js'

export const BASE = 'https://api.example'
export const TRANSPORTS = ['websocket', 'event-stream', 'long-poll'] as const
export type TransportName = (typeof TRANSPORTS)[number]

export interface LiveDeskOptions {
  readonly seed?: number
  readonly transports?: readonly TransportName[]
  readonly api?: Partial<LiveApiOptions>
  readonly channel?: Partial<ChannelOptions>
  readonly auth?: AuthPort
  /** The hosts of the service, home first: one log behind all; the first one is probed. Default: `api.example`. */
  readonly hosts?: readonly string[]
  /** Of the connection. Default: the probe's. */
  readonly origins?: readonly string[]
  /** The dial that is the health check, too, and the only driver. Default: health is asked apart. */
  readonly dial?: (network: Network) => DialProbe
}

export function createLiveDesk({
  seed = 1,
  transports = TRANSPORTS,
  hosts = ['api.example'],
  ...more
}: LiveDeskOptions = {}) {
  const clock = manualClock()
  const startAt = clock.now()
  const urls = hosts.map((host) => `https://${host}/`)
  const api = createLiveApi({ network: () => network, base: hosts.length > 1 ? '*' : BASE, ...more.api })
  const network = createNetwork({
    clock,
    seed,
    hosts,
    latencyMs: 40,
    handlers: api.handlers,
  })
  const { WebSocket, fetch, signals } = network
  const dial = more.dial?.(network)
  const connection = createConnection({
    probe: dial ?? probe(`${urls[0]}health`, { fetch }),
    clock,
    random: seededRandom(seed),
    signals: [signals],
    ...(more.auth && { auth: more.auth }),
    ...(more.origins && { origins: more.origins }),
  })
  const drivers = {
    websocket: webSocket({ WebSocket }),
    'event-stream': eventStream({ fetch }),
    'long-poll': longPoll({ fetch }),
  }
  const channel = createChannel({
    connection,
    url: urls,
    drivers: dial ? [dial] : transports.map((name) => drivers[name]),
    fetch,
    ...more.channel,
  })
  onTestFinished(() => {
    channel.close()
    connection.stop()
    network.dispose()
  })
  const states: string[] = []
  channel.onChange((state) => states.push(state.name === 'live' ? `live ${state.transport}` : state.name))

  /** What was told of a topic: offsets of events, and words of gaps and resets. */
  function follow(topic: string) {
    const events: number[] = []
    const words: string[] = []
    const stop = channel.topic(topic, {
      onEvent: ({ offset }) => void events.push(offset),
      onGap: ({ from, to }) => void words.push(`gap ${from}-${to}`),
      onReset: () => void words.push('reset'),
      onResumed: () => void words.push('resumed'),
    })
    return { events, words, stop }
  }

  return {
    ...{ api, channel, clock, connection, network, states, follow },
    at: () => clock.now() - startAt,
    async open() {
      connection.start()
      channel.open()
      await clock.advance(1000)
    },
    /** Publishes so many messages a second while time goes on. */
    async publishFor(ms: number, perS: number, topic: 'chat' | 'orders' = 'chat') {
      const gapMs = 1000 / perS
      for (let left = ms; left > 0; left -= gapMs) {
        api.publish(topic, { at: clock.now() })
        await clock.advance(gapMs)
      }
    },
    /** Nothing lost, nothing doubled, in order: of all that were published from there on. */
    expectWhole({ events }: { readonly events: readonly number[] }, topic: string, from = 1) {
      const published = api.events.filter((event) => event.topic === topic && event.offset >= from)
      const all = new Set(published.map(({ offset }) => offset))
      expect(
        [...all].filter((offset) => !events.includes(offset)),
        'lost',
      ).toEqual([])
      expect(
        events.filter((offset, index) => index > 0 && offset <= events[index - 1]!),
        'doubled',
      ).toEqual([])
      expect(
        events.filter((offset) => !all.has(offset)),
        'made up',
      ).toEqual([])
    },
  }
}
