/** `useWebSocket`: a ReconnectingWebSocket with VueUse's return shape. */
import {
  shallowReadonly,
  shallowRef,
  toRaw,
  toValue,
  watch,
  type MaybeRefOrGetter,
  type Ref,
  type ShallowRef,
} from 'vue'
import type { LineEnd } from '../live/line.js'
import type { ReconnectingWebSocketOptions } from '../live/reconnecting-options.js'
import { ReconnectingWebSocket, type UrlProvider } from '../live/reconnecting-websocket.js'
import type { SocketData } from '../live/send-buffer.js'
import { whileMounted } from './follow.js'
import { isSameWish, wishFor, type Wish } from './live-wish.js'

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
  /**
   * Another URL, other sub-protocols or other options open another socket in place of the old one, also what changed
   * before the component was mounted. False: `open()` alone heeds them. Default: true.
   */
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
  /**
   * Opens it as URL and options say now, or another line in place of the open one.
   * @throws as `useWebSocket`
   */
  open(): void
  /**
   * Sends; without a line it is kept for the next one, without a socket (`ws`) it is lost. False: it was not sent now.
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
 * Options may change, as a ref, a getter or a reactive object: another value of one of them is another socket. Options
 * that are made anew and say the same are the same; a heartbeat, a schedule and signals are compared by what they say,
 * their functions by how they are written; `connection`, `WebSocket`, `clock` and `random` are themselves. `judge` and
 * the callbacks make no other socket: the newest are called.
 *
 * @param url undefined: none yet. A function that is asked at each dial is handed in within a ref; any other is a getter
 * @param options as a ref, a getter or a reactive object they may change
 * @throws `SyntaxError`, `bad-option` as `ReconnectingWebSocket`; where they change: to Vue's error handler, and the
 *   socket of before stays
 */
export function useWebSocket<Data = unknown>(
  url: MaybeRefOrGetter<string | URL | undefined> | Readonly<Ref<UrlProvider | undefined>>,
  options: MaybeRefOrGetter<UseWebSocketOptions> = {},
): UseWebSocketReturn<Data> {
  const data: ShallowRef<Data | null> = shallowRef(null)
  const status = shallowRef<WebSocketStatus>('CLOSED')
  const ws = shallowRef<ReconnectingWebSocket>()
  /** What `ws` was made for. */
  let made: Wish | null = null
  /** Not sent by the socket of before. */
  let kept: SocketData[] = []

  const asked = (): Asked =>
    askedOf(toValue(url as MaybeRefOrGetter<UrlProvider | undefined>), toValue(options))

  function renew(): void {
    const now = asked()
    const wish = wishFor(now)
    if (made && isSameWish(made, wish)) return
    const socket = socketOf(now, () => toValue(options))
    made = wish
    const old = ws.value
    kept = [...kept, ...(old?.drainQueuedMessages() ?? [])]
    ws.value = socket
    status.value = 'CLOSED'
    old?.close()
    if (socket) listen(socket)
  }
  function listen(socket: ReconnectingWebSocket): void {
    const look = (): void => {
      if (ws.value === socket) status.value = statusOf(socket)
    }
    socket.addEventListener('open', () => (look(), toValue(options).onConnected?.(socket)))
    socket.addEventListener('close', (event) => (look(), toValue(options).onDisconnected?.(socket, event)))
    socket.addEventListener('error', (event) => toValue(options).onError?.(socket, event))
    socket.addEventListener('message', (event) => {
      data.value = event.data
      toValue(options).onMessage?.(socket, event)
    })
  }
  const open = (): void => {
    renew()
    const socket = ws.value
    if (!socket) return
    socket.reconnect()
    status.value = statusOf(socket)
    // Where one is refused (what may wait has become less), it and what follows are kept for the next time.
    for (; kept.length > 0; kept.shift()) socket.send(kept[0]!)
  }
  const close = (code = 1000, reason?: string): void => {
    ws.value?.close(code, reason)
    // One that had not begun, or waits within its `close`, tells nothing more.
    if (ws.value?.readyState === ReconnectingWebSocket.CLOSED) status.value = 'CLOSED'
  }

  renew()
  whileMounted(() => {
    const { immediate = true } = toValue(options)
    const look = (): void => {
      const { autoConnect = true } = toValue(options)
      if (autoConnect && !isSameWish(made!, wishFor(asked()))) open()
    }
    if (immediate) open()
    else look()
    const unwatch = watch(() => wishFor({ ...asked(), autoConnect: toValue(options).autoConnect }), look)
    return () => {
      unwatch()
      if (toValue(options).autoClose ?? true) close()
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

/** What of the options makes a socket, and where to. */
interface Asked extends ReconnectingWebSocketOptions {
  readonly url: UrlProvider | undefined
  readonly protocols: string | string[] | undefined
}

function askedOf(url: UrlProvider | undefined, options: UseWebSocketOptions): Asked {
  const { protocols, immediate: _1, autoConnect: _2, autoClose: _3, ...rest } = options
  const { onConnected: _4, onDisconnected: _5, onError: _6, onMessage: _7, ...given } = rest
  return { ...given, url, protocols: toValue(protocols) }
}

/** Made, and not begun: on a server that is all that ever becomes of it. */
function socketOf(
  { url, protocols, ...given }: Asked,
  newest: () => UseWebSocketOptions,
): ReconnectingWebSocket | undefined {
  if (url === undefined || !canDial(given)) return undefined
  const bare = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, toRaw(value as unknown)]),
  )
  if (typeof given.judge === 'function') bare['judge'] = (end: LineEnd) => newest().judge?.(end)
  return new ReconnectingWebSocket(url, toRaw(protocols), { ...bare, startClosed: true })
}

function statusOf({ readyState, shouldReconnect }: ReconnectingWebSocket): WebSocketStatus {
  if (readyState === ReconnectingWebSocket.OPEN) return 'OPEN'
  return shouldReconnect ? 'CONNECTING' : 'CLOSED'
}
