/** Who is measured: the kit and six others, each with its own defaults, and the half of its server that it needs. */
import { HubConnectionBuilder, HubConnectionState, HttpTransportType, LogLevel } from '@microsoft/signalr'
import { useWebSocket } from '@vueuse/core'
import { Centrifuge, State } from 'centrifuge'
import { WebSocket as PartySocket } from 'partysocket'
import ReconnectingWebSocketPackage from 'reconnecting-websocket'
import { io } from 'socket.io-client'
import {
  adaptive,
  createChannel,
  probeByDial,
  ReconnectingWebSocket,
  type Channel,
} from '../../src/live/index.js'
import { browserSignals, createConnection, probe, type Connection } from '../../src/index.js'
import type { Protocol } from './world.js'

/** One that was started. */
export interface Started {
  stop(): void
  /** Whether an application could use it, its own greeting included. */
  isUp(): boolean
}

/**
 * One that is measured: an unmodified package with its own defaults. Where a default never reconnects or never notices,
 * that is its figure.
 */
export interface Contestant {
  readonly name: string
  /** What it was told beside the URL. */
  readonly options: string
  readonly protocol: Protocol
  /** Connects. */
  start(url: string): Started
}

const AS_IT_IS = 'as it is'

/** What a server of channels says. */
const WIRE: Protocol = {
  opened: (say) =>
    say('{"type":"HELLO","boot":"a","epoch":"e","offset":0,"heartbeatMs":25000,"session":"known"}'),
  heard(data, say) {
    const { type, topic } = JSON.parse(data) as { type: string; topic?: string }
    if (type === 'PING') say('{"type":"PONG"}')
    if (type === 'SUBSCRIBE') say(JSON.stringify({ type: 'RESUMED', topic, offset: 0 }))
  },
}

const baseOf = (url: string): string => url.replace('wss:', 'https:').replace(/ws$/, '')

function startChannel(connection: Connection, channel: Channel): Started {
  channel.topic('orders', { onEvent() {} })
  connection.start()
  channel.open()
  return {
    stop() {
      channel.close()
      connection.stop()
    },
    isUp: () => channel.state.name === 'live',
  }
}

/** Every attempt counts: the health checks of its connection and its own dials, which are the same. */
const channel: Contestant = {
  name: 'holdfast, channel',
  options: 'its dial is its health check: probeByDial(/), browserSignals()',
  protocol: WIRE,
  start(url) {
    const dial = probeByDial(baseOf(url))
    const connection = createConnection({ probe: dial, signals: [browserSignals()] })
    return startChannel(connection, createChannel({ connection, url: baseOf(url), drivers: [dial] }))
  },
}

/** The same, asked apart. */
const channelBeside: Contestant = {
  name: 'holdfast, channel beside a health check',
  options: 'as it is; its connection: probe(/health), browserSignals()',
  protocol: WIRE,
  start(url) {
    const connection = createConnection({ probe: probe(`${baseOf(url)}health`), signals: [browserSignals()] })
    return startChannel(connection, createChannel({ connection, url: baseOf(url) }))
  },
}

/** One that has the standard interface. */
const standard = (socket: { readonly readyState: number; close(): void }): Started => ({
  stop: () => socket.close(),
  isUp: () => socket.readyState === 1,
})

const holdfast: Contestant = {
  name: 'holdfast, ReconnectingWebSocket',
  options: AS_IT_IS,
  protocol: {},
  start: (url) => standard(new ReconnectingWebSocket(url)),
}

/** Not its default: a server of somebody else does not know PING. */
const holdfastBeating: Contestant = {
  name: 'holdfast, ReconnectingWebSocket with a heartbeat',
  options: 'heartbeat: adaptive()',
  protocol: { heard: (data, say) => data.includes('PING') && say('{"type":"PONG"}') },
  start: (url) => standard(new ReconnectingWebSocket(url, [], { heartbeat: adaptive() })),
}

const partysocket: Contestant = {
  name: 'partysocket',
  options: AS_IT_IS,
  protocol: {},
  start: (url) => standard(new PartySocket(url)),
}

const reconnectingWebSocket: Contestant = {
  name: 'reconnecting-websocket',
  options: AS_IT_IS,
  protocol: {},
  start: (url) => standard(new ReconnectingWebSocketPackage(url)),
}

/** Reconnection is an option of VueUse, as is its heartbeat: both on, with their own defaults. */
const vueuse: Contestant = {
  name: 'VueUse',
  options: 'autoReconnect, heartbeat: true; autoClose: false',
  protocol: { heard: (data, say) => data === 'ping' && say('ping') },
  start(url) {
    const { close, status } = useWebSocket(url, { autoReconnect: true, heartbeat: true, autoClose: false })
    return { stop: () => close(), isUp: () => status.value === 'OPEN' }
  },
}

const socketIo: Contestant = {
  name: 'socket.io',
  options: "transports: ['websocket']",
  protocol: {
    opened: (say) =>
      say('0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}'),
    // The path of the URL is its namespace: it says 40/ws, and hears it again.
    heard: (data, say) => data.startsWith('40') && say(`${data}{"sid":"b"}`),
    ping: { everyMs: 25_000, data: '2' },
  },
  start(url) {
    const socket = io(url, { transports: ['websocket'], forceNew: true })
    return { stop: () => socket.disconnect(), isUp: () => socket.connected }
  },
}

const RECORD = '\u001e'
/** It gives up after four tries, 42 s. */
const signalR: Contestant = {
  name: 'SignalR',
  options: 'withAutomaticReconnect(), WebSockets without negotiation',
  protocol: {
    heard: (data, say) => data.includes('"protocol"') && say(`{}${RECORD}`),
    ping: { everyMs: 15_000, data: `{"type":6}${RECORD}` },
  },
  start(url) {
    const hub = new HubConnectionBuilder()
      .withUrl(url.replace('wss:', 'https:'), {
        skipNegotiation: true,
        transport: HttpTransportType.WebSockets,
      })
      .configureLogging(LogLevel.None)
      .withAutomaticReconnect()
      .build()
    hub.start().catch(() => {})
    return {
      stop: () => void hub.stop().catch(() => {}),
      isUp: () => hub.state === HubConnectionState.Connected,
    }
  },
}

const centrifuge: Contestant = {
  name: 'centrifuge',
  options: AS_IT_IS,
  protocol: {
    heard(data, say) {
      const { id, connect } = JSON.parse(data) as { id?: number; connect?: object }
      if (connect) say(JSON.stringify({ id, connect: { client: 'a', version: '', ping: 25, pong: true } }))
    },
    ping: { everyMs: 25_000, data: '{}' },
  },
  start(url) {
    const client = new Centrifuge(url, { websocket: WebSocket })
    client.connect()
    return { stop: () => client.disconnect(), isUp: () => client.state === State.Connected }
  },
}

/** The kit's own, whose figures have targets. */
export const own = { channel, channelBeside, holdfast, holdfastBeating }

/** In the order in which they are shown. */
export const peers: readonly Contestant[] = [
  centrifuge,
  partysocket,
  reconnectingWebSocket,
  signalR,
  socketIo,
  vueuse,
]
