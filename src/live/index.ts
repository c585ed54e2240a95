/** `holdfast/live`: lines that stay open, and what is said over them. */
export { endpointOf, type Endpoint } from './endpoints.js'
export {
  adaptive,
  article,
  fixedHeartbeat,
  type AdaptiveOptions,
  type Heartbeat,
  type HeartbeatCodec,
} from './heartbeat.js'
export { createKeeper } from './keeper.js'
export type * from './keeper-state.js'
export type * from './line.js'
export { createRoutes, oneRoute, type Route, type Routes, type RoutesOptions } from './routes.js'
export type { Closing, Judge } from './ends.js'
export { webSocket, type SocketClass, type SocketLike, type WebSocketOptions } from './websocket.js'
export { eventStream, type EventStreamOptions } from './event-stream.js'
export { longPoll, type LongPollOptions } from './long-poll.js'
export type { ReconnectingWebSocketOptions } from './reconnecting-options.js'
export {
  ReconnectingWebSocket,
  type BoundReconnectingWebSocket,
  type ProtocolsProvider,
  type UrlProvider,
} from './reconnecting-websocket.js'
export { probeByDial, type DialProbe, type ProbeByDialOptions } from './probe-by-dial.js'
export { createChannel } from './channel.js'
export type { ChannelOptions } from './channel-options.js'
export type { Channel } from './channel-over.js'
export type { ChannelState } from './channel-state.js'
export { sharedTabs, type SharedTabsOptions } from './shared-tabs.js'
export type { ChannelDurable, DurableOptions, DurableQueue, DurableSent } from './durable-port.js'
export type { ChannelTabs, TabsPort } from './tabs-port.js'
export type { TopicOptions } from './following.js'
export type { ResyncCause, ResyncStep } from './resync.js'
export type { SendOptions } from './message.js'
export type { Sent } from './sender.js'
export type { ChannelEvent, TopicListener } from './topics.js'
export type { ChannelUrl, ChannelUrls } from './urls.js'
