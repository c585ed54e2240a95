/**
 * A WebSocket over a simulated network: the whole interface of the WHATWG WebSockets standard (3.1), with the
 * behaviour of Chromium 156 where a browser may choose.
 */
import type { Pace } from '../pace.js'
import { readClosing, readProtocols, readUrl } from './arguments.js'
import type { LineNews } from './client-end.js'
import { closeEvent, defineHandlers } from './events.js'
import type { Line } from './line.js'
import { bytesOf, toPayload } from './payload.js'

/** What the class needs of its network. */
export interface WebSocketPorts {
  readonly pace: Pace
  /** What relative URLs are resolved against. */
  readonly base: () => string
  readonly dial: (url: URL, protocols: readonly string[], tell: (news: LineNews) => void) => Line
}

const CONSTANTS = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const

const missing = (doing: string) =>
  new TypeError(`Failed to ${doing} 'WebSocket': 1 argument required, but only 0 present.`)

/** Makes the class of one network. */
export function createWebSocketClass({ pace, base, dial }: WebSocketPorts): typeof globalThis.WebSocket {
  class WebSocket extends EventTarget {
    readonly #line: Line
    readonly #url: URL
    #readyState: 0 | 1 | 2 | 3 = 0
    #protocol = ''
    #binaryType: BinaryType = 'blob'
    #bufferedAmount = 0

    // As many arguments as the platform's say that they have, for whoever asks `length`.
    constructor(url: string | URL, protocols: string | string[] | undefined = undefined) {
      if (arguments.length === 0) throw missing('construct')
      super()
      this.#url = readUrl(url, base())
      this.#line = dial(this.#url, readProtocols(protocols), (news) => this.#hear(news))
    }

    get url(): string {
      return this.#url.href
    }
    get readyState(): number {
      return this.#readyState
    }
    get protocol(): string {
      return this.#protocol
    }
    get extensions(): string {
      return ''
    }
    get bufferedAmount(): number {
      return this.#bufferedAmount
    }
    get binaryType(): BinaryType {
      return this.#binaryType
    }
    // An unknown value of an enumeration is ignored (Web IDL).
    set binaryType(given: BinaryType) {
      if (given === 'blob' || given === 'arraybuffer') this.#binaryType = given
    }

    send(data: unknown): void {
      if (arguments.length === 0) throw missing("execute 'send' on")
      if (this.#readyState === CONSTANTS.CONNECTING) {
        throw new DOMException(
          "Failed to execute 'send' on 'WebSocket': Still in CONNECTING state.",
          'InvalidStateError',
        )
      }
      const payload = toPayload(data)
      const bytes = bytesOf(payload)
      this.#bufferedAmount += bytes
      // What is sent into a closed socket stays in the sum for ever (3.1, bufferedAmount).
      if (this.#readyState !== CONSTANTS.OPEN) return
      // The kernel takes it in a later task, whatever the network does (measured: 20 s in a black hole, 0).
      pace.schedule(pace.clock.now(), this.#line.id, () => (this.#bufferedAmount -= bytes))
      this.#line.send(payload)
    }

    close(code: number | undefined = undefined, reason: string | undefined = undefined): void {
      const closing = readClosing(code, reason)
      if (this.#readyState >= CONSTANTS.CLOSING) return
      this.#readyState = CONSTANTS.CLOSING
      this.#line.close(closing)
    }

    #hear(news: LineNews): void {
      if (news.type === 'open') {
        this.#readyState = CONSTANTS.OPEN
        this.#protocol = news.protocol
        this.dispatchEvent(new Event('open'))
      } else if (news.type === 'message') {
        const { payload } = news
        const isBlob = typeof payload !== 'string' && this.#binaryType === 'blob'
        const data = isBlob ? new Blob([payload]) : payload
        this.dispatchEvent(new MessageEvent('message', { data, origin: this.#url.origin }))
      } else if (news.type === 'closing') this.#readyState = CONSTANTS.CLOSING
      else {
        this.#readyState = CONSTANTS.CLOSED
        if (news.withError) this.dispatchEvent(new Event('error'))
        this.dispatchEvent(closeEvent(news))
      }
    }
  }

  for (const target of [WebSocket, WebSocket.prototype]) {
    for (const [name, value] of Object.entries(CONSTANTS)) {
      Object.defineProperty(target, name, { value, enumerable: true })
    }
  }
  // Members of an interface can be enumerated (Web IDL); those of a class cannot.
  for (const name of Object.getOwnPropertyNames(WebSocket.prototype)) {
    if (name === 'constructor') continue
    Object.defineProperty(WebSocket.prototype, name, { enumerable: true })
  }
  Object.defineProperty(WebSocket.prototype, Symbol.toStringTag, { value: 'WebSocket', configurable: true })
  defineHandlers(WebSocket.prototype)
  return WebSocket as unknown as typeof globalThis.WebSocket
}
