import ReconnectingWebSocket from 'reconnecting-websocket'

export const connect = () =>
  new ReconnectingWebSocket('wss://shop.example/feed', [], {
    minReconnectionDelay: 1_000,
    maxReconnectionDelay: 10_000,
    maxRetries: 50,
  })
