/**
 * Who is measured: each an unmodified package with its own defaults, and the half of its server that it needs.
 * Where a default never reconnects or never notices, that is its figure.
 */
import { HubConnectionBuilder, HttpTransportType, LogLevel } from '@microsoft/signalr'
import { useWebSocket } from '@vueuse/core'
import { Centrifuge } from 'centrifuge'
import { WebSocket as PartySocket } from 'partysocket'
import ReconnectingWebSocketPackage from 'reconnecting-websocket'
import { io } from 'socket.io-client'
import { adaptive, ReconnectingWebSocket } from '../../src/live/index.js'
import type { Protocol } from './world.js'

/** One that is measured. */
export interface Contestant {
  readonly name: string
  readonly protocol: Protocol
  /** Connects; the returned function ends it. */
  start(url: string): () => void
}

const PONG = '{"type":"PONG"}'

const holdfast: Contestant = {
  name: 'holdfast',
  protocol: { heard: (data, say) => data.includes('PING') && say(PONG) },
  start(url) {
    const socket = new ReconnectingWebSocket(url, [], { heartbeat: adaptive() })
    return () => socket.close()
  },
}

const partysocket: Contestant = {
  name: 'partysocket',
  protocol: {},
  start(url) {
    const socket = new PartySocket(url)
    return () => socket.close()
  },
}

const reconnectingWebSocket: Contestant = {
  name: 'reconnecting-websocket',
  protocol: {},
  start(url) {
    const socket = new ReconnectingWebSocketPackage(url)
    return () => socket.close()
  },
}

/** Reconnection is an option of VueUse, as is its heartbeat: both on, with their own defaults. */
const vueuse: Contestant = {
  name: 'VueUse',
  protocol: { heard: (data, say) => data === 'ping' && say('ping') },
  start(url) {
    const { close } = useWebSocket(url, { autoReconnect: true, heartbeat: true, autoClose: false })
    return () => close()
  },
}

const socketIo: Contestant = {
  name: 'socket.io',
  protocol: {
    opened: (say) =>
      say('0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}'),
    heard: (data, say) => data === '40' && say('40{"sid":"b"}'),
    ping: { everyMs: 25_000, data: '2' },
  },
  start(url) {
    const socket = io(url, { transports: ['websocket'], forceNew: true })
    return () => socket.disconnect()
  },
}

const RECORD = '\u001e'
/** It gives up after four tries, 42 s. */
const signalR: Contestant = {
  name: 'SignalR',
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
    return () => void hub.stop().catch(() => {})
  },
}

const centrifuge: Contestant = {
  name: 'centrifuge',
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
    return () => client.disconnect()
  },
}

/** In the order in which they are shown. */
export const contestants: readonly Contestant[] = [
  holdfast,
  centrifuge,
  partysocket,
  reconnectingWebSocket,
  signalR,
  socketIo,
  vueuse,
]
