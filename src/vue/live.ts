/** `holdfast/vue/live`: adapters for what stays open. Nothing opens on a server; everything ends with the scope. */
export { useChannel, type UseChannelOptions, type UseChannelReturn } from './live-channel.js'
export {
  useWebSocket,
  type UseWebSocketOptions,
  type UseWebSocketReturn,
  type WebSocketStatus,
} from './live-socket.js'
