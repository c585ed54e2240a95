/** A WebSocket that comes back: the standard interface over a keeper. */
import { createLife, READY_STATES, type Life, type ReadyState } from './reconnecting-life.js'
import { readOptions, type ReconnectingWebSocketOptions } from './reconnecting-options.js'
import type { SocketData } from './send-buffer.js'
import { readClosing, readProtocols, readUrl } from './socket-arguments.js'
import { SocketEvents } from './socket-events.js'

/** Where to: a URL, or a function that is asked for one at each dial (a fresh token in it, or the next server, say). */
export type UrlProvider = string | URL | (() => string | URL | Promise<string | URL>)

/** Sub-protocols, or a function that is asked for them at each dial. */
export type ProtocolsProvider =
  string | string[] | null | (() => string | string[] | null | Promise<string | string[] | null>)

/** A ReconnectingWebSocket whose options are settled: what libraries want that take a class of sockets. */
export type BoundReconnectingWebSocket = typeof READY_STATES & {
  new (url: UrlProvider, protocols?: ProtocolsProvider): ReconnectingWebSocket
  readonly prototype: ReconnectingWebSocket
}

/**
 * A drop-in for `WebSocket`, and for the classes of partysocket and reconnecting-websocket. What is not as in WebSocket:
 *
 * - After a loss it connects again by itself: each line has its own `open` and `close`, each failed dial its `error` and
 *   `close`. `readyState` is CLOSED while `close` is told, then CONNECTING. What the kit itself ends (no answer to a
 *   heartbeat or a dial, a standstill) closes with 1006, and the reason says why in words.
 * - `send` without a line keeps the message, up to `maxEnqueuedMessages` and `maxEnqueuedBytes`; beyond that, and with
 *   `maxEnqueuedMessages: 0` always, it throws `InvalidStateError` as a WebSocket that is connecting does. What was kept
 *   is sent in order before `open` is told. What a line had taken when it was lost may be lost: see `createChannel`.
 * - `close()` is final until `reconnect()`. It waits 5 s for the server's close frame, then closes with 1006.
 * - The third argument are options, and is checked; a WebSocket ignores it.
 *
 * Libraries that take a class of sockets and make a new one after each `close` (graphql-ws, y-websocket) want
 * `ReconnectingWebSocket.with({ connection, maxRetries: 0 })`: one line for each socket, dialled once the verdict says
 * that somebody can answer. graphql-ws also wants `shouldRetry: () => true`: by itself it gives up at the first `error`.
 *
 * @throws `SyntaxError` (a DOMException) for a URL or a sub-protocol that cannot be used; `TypeError` without a URL;
 *   `bad-option`
 */
export class ReconnectingWebSocket extends SocketEvents implements WebSocket {
  /** 0: there is no line; one is being made or waited for. */
  declare static readonly CONNECTING: 0
  /** 1: there is a line. */
  declare static readonly OPEN: 1
  /** 2: `close()` was called, or the server is closing. */
  declare static readonly CLOSING: 2
  /** 3: closed for good, or its `close` is being told. */
  declare static readonly CLOSED: 3
  declare readonly CONNECTING: 0
  declare readonly OPEN: 1
  declare readonly CLOSING: 2
  declare readonly CLOSED: 3

  static {
    for (const [name, value] of Object.entries(READY_STATES)) {
      for (const target of [this, this.prototype]) {
        Object.defineProperty(target, name, { value, enumerable: true })
      }
    }
  }

  /** A class with these options that takes a URL and sub-protocols alone, as libraries call it. */
  static with(bound: ReconnectingWebSocketOptions): BoundReconnectingWebSocket {
    return class extends ReconnectingWebSocket {
      constructor(url: UrlProvider, protocols?: ProtocolsProvider) {
        super(url, protocols, bound)
      }
    }
  }

  readonly #life: Life
  #url = ''
  #binaryType: BinaryType = 'blob'

  constructor(url: UrlProvider, protocols?: ProtocolsProvider, options: ReconnectingWebSocketOptions = {}) {
    super()
    if (url === undefined) throw new TypeError('ReconnectingWebSocket: a URL is required')
    const settings = readOptions(options)
    if (typeof url !== 'function') this.#url = readUrl(url).href
    const names = typeof protocols === 'function' ? protocols : readProtocols(protocols)
    this.#life = createLife(settings, {
      ask: async () => {
        const [asked, offered] = await Promise.all([
          typeof url === 'function' ? url() : this.#url,
          typeof names === 'function' ? names() : names,
        ])
        const target = { url: readUrl(asked), protocols: readProtocols(offered) }
        this.#url = target.url.href
        return target
      },
      onSocket: (socket) => void (socket.binaryType = this.#binaryType),
      tell: (event) => void this.dispatchEvent(event),
      origin: () => new URL(this.#url).origin,
    })
    if (!options.startClosed) this.reconnect()
  }

  /** The URL of the newest dial; empty until a function has said it. */
  get url(): string {
    return this.#url
  }

  /** CONNECTING, OPEN, CLOSING or CLOSED. */
  get readyState(): ReadyState {
    return this.#life.readyState
  }

  /** The sub-protocol that the server of the newest line chose. */
  get protocol(): string {
    return this.#life.socket?.protocol ?? ''
  }

  /** The extensions of the newest line. */
  get extensions(): string {
    return this.#life.socket?.extensions ?? ''
  }

  /** How binary messages are told: of this line, and of each later one. */
  get binaryType(): BinaryType {
    return this.#binaryType
  }
  set binaryType(type: BinaryType) {
    // An enumeration of Web IDL: anything else is ignored.
    if (type !== 'blob' && type !== 'arraybuffer') return
    this.#binaryType = type
    if (this.#life.dialled) this.#life.dialled.binaryType = type
  }

  /** Bytes of sends that have not left yet; those included that wait for a line. */
  get bufferedAmount(): number {
    return this.#life.bufferedAmount
  }

  /**
   * Dials that came after a loss or a failed dial, the one included that a `close` is followed by; at most
   * `maxRetries`. 0 after `reconnect()`, and as soon as a line is open for `minUptime`.
   */
  get retryCount(): number {
    return this.#life.retries
  }

  /** Whether it connects by itself: not before it has begun, and not once it is closed for good. */
  get shouldReconnect(): boolean {
    return this.#life.shouldReconnect
  }

  /**
   * Sends, or keeps it for the next line.
   * @throws `InvalidStateError` (a DOMException): there is no line, and no more is kept
   */
  send(data: SocketData): void {
    if (arguments.length === 0) throw new TypeError('ReconnectingWebSocket.send: nothing was given')
    this.#life.send(data)
  }

  /** Takes back what was kept and never sent, as for a socket that takes this one's place. */
  drainQueuedMessages(): SocketData[] {
    return this.#life.drain()
  }

  /**
   * Closes it for good, until `reconnect()`.
   * @throws `InvalidAccessError`: a code that is neither 1000 nor 3000 to 4999; `SyntaxError`: a reason over 123 bytes
   */
  close(code?: number, reason?: string): void {
    this.#life.close(readClosing(code, reason))
  }

  /**
   * Another line at once: ends the one that is open, cuts a wait short, revives what was closed.
   * @throws as `close`; code and reason end the line that is open. Default: 1000
   */
  reconnect(code?: number, reason?: string): void {
    this.#life.reconnect(readClosing(code, reason))
  }
}
