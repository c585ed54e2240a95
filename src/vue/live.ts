/** `holdfast/vue/live`: adapters for what stays open. Nothing opens on a server; everything ends with the scope. */
import {
  shallowReadonly,
  shallowRef,
  toValue,
  watch,
  type MaybeRefOrGetter,
  type Ref,
  type ShallowRef,
} from 'vue'
import type { Stop } from '../core/state.js'
import type { Channel } from '../live/channel-over.js'
import type { ChannelState } from '../live/channel-state.js'
import type { DurableOptions, DurableSent } from '../live/durable-port.js'
import type { TopicOptions } from '../live/following.js'
import type { SendOptions } from '../live/message.js'
import type { ReconnectingWebSocketOptions } from '../live/reconnecting-options.js'
import { ReconnectingWebSocket, type UrlProvider } from '../live/reconnecting-websocket.js'
import type { Sent } from '../live/sender.js'
import type { ChannelEvent } from '../live/topics.js'
import { follow, whileMounted } from './follow.js'

/** VueUse's words: `CONNECTING` also while it connects again, `CLOSED` once it is closed for good. */
export type WebSocketStatus = 'OPEN' | 'CONNECTING' | 'CLOSED'

/**
 * Options of `useWebSocket`: its own, by VueUse's names, and those of `ReconnectingWebSocket`. In place of VueUse's
 * `autoReconnect { retries, delay }`: `maxRetries` and `schedule: fixed(delay)`; in place of `heartbeat { message,
 * interval }`: `heartbeat: fixedHeartbeat(interval, { ping: () => message, isPong })`.
 */
export interface UseWebSocketOptions extends Omit<ReconnectingWebSocketOptions, 'startClosed'> {
  /** Sub-protocols. Default: none. */
  protocols?: MaybeRefOrGetter<string | string[] | undefined>
  /** Opens by itself: when the component is mounted, outside of components at once. Default: true. */
  immediate?: boolean
  /** A new URL, new sub-protocols or new options open another socket in place of the old one. Default: true. */
  autoConnect?: boolean
  /** Closes with the scope. Default: true. */
  autoClose?: boolean
  /** A line has opened; again after each loss. */
  onConnected?(ws: ReconnectingWebSocket): void
  /** A line has ended, or a dial has failed. */
  onDisconnected?(ws: ReconnectingWebSocket, event: CloseEvent): void
  /** Before `onDisconnected`, where a dial has failed or a line was broken. */
  onError?(ws: ReconnectingWebSocket, event: Event): void
  /** A message has come. */
  onMessage?(ws: ReconnectingWebSocket, event: MessageEvent): void
}

/** What `useWebSocket` returns: VueUse's shape. */
export interface UseWebSocketReturn<Data> {
  /** What came last; null: nothing has. */
  readonly data: ShallowRef<Data | null>
  readonly status: Readonly<ShallowRef<WebSocketStatus>>
  /** Closes it for good, until `open`. Default code: 1000. */
  close(code?: number, reason?: string): void
  /** Opens it, or another line in place of the open one. */
  open(): void
  /**
   * Sends; without a line it is kept for the next one. False: it was not sent now.
   * @param useBuffer false: now or never. Default: true
   * @throws `InvalidStateError`: no more is kept (`maxEnqueuedMessages`)
   */
  send(data: string | ArrayBuffer | Blob, useBuffer?: boolean): boolean
  /** The socket; undefined on a server, and while the URL is. */
  readonly ws: Readonly<ShallowRef<ReconnectingWebSocket | undefined>>
}

/** On a server there is nothing to keep open, whatever its platform could; a class that was handed in is meant. */
const canDial = ({ WebSocket }: ReconnectingWebSocketOptions): boolean =>
  typeof document !== 'undefined' || 'importScripts' in globalThis || WebSocket !== undefined

/**
 * A socket that comes back, with VueUse's return shape. What was kept and not sent goes over to the socket that takes
 * the place of another.
 *
 * @param url undefined: none yet. A function that is asked at each dial is handed in within a ref; any other is a getter
 * @param options as a ref or a getter they may change
 * @throws `SyntaxError`, `bad-option` as `ReconnectingWebSocket`
 */
export function useWebSocket<Data = unknown>(
  url: MaybeRefOrGetter<string | URL | undefined> | Readonly<Ref<UrlProvider | undefined>>,
  options: MaybeRefOrGetter<UseWebSocketOptions> = {},
): UseWebSocketReturn<Data> {
  const data: ShallowRef<Data | null> = shallowRef(null)
  const status = shallowRef<WebSocketStatus>('CLOSED')
  const ws = shallowRef<ReconnectingWebSocket>()

  function make(): void {
    const old = ws.value
    const kept = old?.drainQueuedMessages() ?? []
    const socket = socketOf(toValue(url as MaybeRefOrGetter<UrlProvider | undefined>), toValue(options))
    ws.value = socket
    status.value = 'CLOSED'
    old?.close()
    if (!socket) return
    kept.forEach((message) => socket.send(message))
    const { onConnected, onDisconnected, onError, onMessage } = toValue(options)
    const look = (): void => {
      if (ws.value === socket) status.value = statusOf(socket)
    }
    socket.addEventListener('open', () => (look(), onConnected?.(socket)))
    socket.addEventListener('close', (event) => (look(), onDisconnected?.(socket, event)))
    socket.addEventListener('error', (event) => onError?.(socket, event))
    socket.addEventListener('message', (event) => {
      data.value = event.data
      onMessage?.(socket, event)
    })
  }
  const open = (): void => {
    ws.value?.reconnect()
    if (ws.value) status.value = statusOf(ws.value)
  }
  const close = (code = 1000, reason?: string): void => {
    ws.value?.close(code, reason)
    // One that had not begun, or waits within its `close`, tells nothing more.
    if (ws.value?.readyState === ReconnectingWebSocket.CLOSED) status.value = 'CLOSED'
  }

  make()
  whileMounted(() => {
    const { immediate = true, autoConnect = true, autoClose = true } = toValue(options)
    if (immediate) open()
    const asked = [() => toValue(url), () => toValue(toValue(options).protocols), () => toValue(options)]
    const unwatch: Stop = autoConnect ? watch(asked, () => (make(), open())) : () => {}
    return () => {
      unwatch()
      if (autoClose) close()
    }
  })
  return {
    data,
    status: shallowReadonly(status),
    ws: shallowReadonly(ws) as Readonly<ShallowRef<ReconnectingWebSocket | undefined>>,
    open,
    close,
    send(message, useBuffer = true) {
      const socket = ws.value
      const isOpen = socket?.readyState === ReconnectingWebSocket.OPEN
      if (socket && (isOpen || useBuffer)) socket.send(message)
      return isOpen
    },
  }
}

/** Made, and not begun: on a server that is all that ever becomes of it. */
function socketOf(
  url: UrlProvider | undefined,
  options: UseWebSocketOptions,
): ReconnectingWebSocket | undefined {
  const { protocols, immediate: _1, autoConnect: _2, autoClose: _3, ...rest } = options
  const { onConnected: _4, onDisconnected: _5, onError: _6, onMessage: _7, ...given } = rest
  if (url === undefined || !canDial(given)) return undefined
  return new ReconnectingWebSocket(url, toValue(protocols), { ...given, startClosed: true })
}

function statusOf({ readyState, shouldReconnect }: ReconnectingWebSocket): WebSocketStatus {
  if (readyState === ReconnectingWebSocket.OPEN) return 'OPEN'
  return shouldReconnect ? 'CONNECTING' : 'CLOSED'
}

/** Options of `useChannel`. */
export interface UseChannelOptions extends TopicOptions {
  /** Followed while mounted; a new value is followed in place of the old one. null, undefined: none. */
  topic?: MaybeRefOrGetter<string | null | undefined>
  /** Opens the channel while mounted, and closes it with the scope: for one that is nobody else's. Default: false. */
  open?: boolean
}

/** What `useChannel` returns. */
export interface UseChannelReturn {
  /** The channel itself, for everything that is not here. */
  readonly channel: Channel
  /** How it is; follows each change. */
  readonly state: Readonly<ShallowRef<ChannelState>>
  /** The last event of the topic; null: none has come. */
  readonly event: Readonly<ShallowRef<ChannelEvent | null>>
  /**
   * Sends to the topic, as `channel.send`.
   * @throws (rejects) `bad-option`: there is no topic
   */
  send(data: unknown, options?: SendOptions): Promise<Sent>
  /** The same with `durable`: by way of the queue that the channel was given. */
  send(data: unknown, options: DurableOptions): Promise<DurableSent>
}

/** A channel of `createChannel`, and one of its topics. */
export function useChannel(
  channel: Channel,
  { topic, open = false, ...listener }: UseChannelOptions = {},
): UseChannelReturn {
  const event = shallowRef<ChannelEvent | null>(null)
  whileMounted(() => {
    const stops: Stop[] = open ? [channel.open()] : []
    let leave: Stop = () => {}
    const unwatch = watch(
      () => toValue(topic),
      (name, old) => {
        leave()
        event.value = null
        // The cursor is that of the topic it began with.
        const { cursor, ...heard } = listener
        const from = cursor === undefined || old !== undefined ? {} : { cursor }
        const onEvent = (one: ChannelEvent) => ((event.value = one), listener.onEvent?.(one))
        leave = name == null ? () => {} : channel.topic(name, { ...heard, ...from, onEvent })
      },
      { immediate: true, flush: 'sync' },
    )
    stops.push(unwatch, () => leave())
    return () => stops.reverse().forEach((stop) => stop())
  })
  function send(data: unknown, options?: SendOptions): Promise<Sent>
  function send(data: unknown, options: DurableOptions): Promise<DurableSent>
  async function send(data: unknown, options?: SendOptions | DurableOptions) {
    // One of the two, and the channel tells them apart.
    return channel.send(toValue(topic) ?? '', data, options as SendOptions)
  }
  return {
    channel,
    state: follow(
      () => channel.state,
      (changed) => channel.onChange(changed),
    ),
    event: shallowReadonly(event),
    send,
  }
}
