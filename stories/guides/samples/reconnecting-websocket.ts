import {
  adaptive,
  ReconnectingWebSocket,
  type ReconnectingWebSocketOptions,
} from '../../../src/live/index.js'

export const connect = (options: ReconnectingWebSocketOptions = {}) =>
  new ReconnectingWebSocket('wss://shop.example/feed', [], {
    minReconnectionDelay: 1_000,
    maxReconnectionDelay: 10_000,
    maxRetries: 50,
    heartbeat: adaptive(), // if the server answers {"type":"PING"}: what the other one never notices
    ...options,
  })
