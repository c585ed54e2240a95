/** A line over a WebSocket: one socket, one attempt. */
import { badOption } from '../core/errors.js'
import { createAttempt } from './attempt.js'
import { isLarger, MESSAGE_BYTES, MOST_BYTES } from './bounds.js'
import { broken, endOfClose, tooLarge, type Closing, type Judge } from './ends.js'
import type { Driver, Line, LinePorts, LineRequest } from './line.js'
import { checkOptions, JUDGE, type Rules } from './rules.js'

/** What is used of a socket. The platform's, and what looks like it, fit. */
export interface SocketLike {
  readonly readyState: number
  readonly bufferedAmount: number
  readonly protocol: string
  readonly extensions: string
  binaryType: string
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  send(data: string | ArrayBufferLike | ArrayBufferView | Blob): void
  close(code?: number, reason?: string): void
}

/** A class of sockets: the platform's, one of a package for Node, or one that writes down what it does. */
export type SocketClass = new (url: string, protocols?: string | string[]) => SocketLike

/** Options of `webSocket`. */
export interface WebSocketOptions {
  /**
   * The class of the sockets. Default: `globalThis.WebSocket`, looked up at each attempt; where there is none,
   * opening a line throws `bad-option`.
   */
  WebSocket?: SocketClass
  /** Sub-protocols to be asked for, behind those of the request. Default: none. */
  protocols?: readonly string[]
  /**
   * The largest message taken, in bytes (text: as UTF-8). Default: 1 MiB (1,048,576); allowed: 1 to 1 GiB. A larger
   * one is not told; it ends the line as `fatal`, code 1009. The platform has received it whole by then.
   */
  maxMessageBytes?: number
  /** Decides in place of the table of close codes. Default: the table decides. */
  judge?: Judge
}

const RULES: Rules<WebSocketOptions> = {
  WebSocket: ['call', 'a class of sockets', undefined],
  protocols: null,
  maxMessageBytes: [1, MOST_BYTES],
  judge: JUDGE,
}

const OPEN = 1

/** A token of RFC 9110, 5.6.2: what a sub-protocol's name is made of. */
export const TOKEN = /^[!#$%&'*+\-.^`|~\w]+$/

/**
 * A driver for WebSockets. Text is told as text, binary messages as `ArrayBuffer`. The end is judged by the close
 * event alone: an open socket that is cut has no `error` in Chromium, and an `error` says nothing.
 *
 * @throws `bad-option` for an unknown or impossible option
 */
export function webSocket(options: WebSocketOptions = {}): Driver {
  checkOptions('webSocket', options, RULES)
  const { protocols = [], maxMessageBytes = MESSAGE_BYTES, judge } = options
  if (!Array.isArray(protocols) || protocols.some((one) => typeof one !== 'string' || !TOKEN.test(one))) {
    throw badOption('webSocket.protocols', protocols, 'a list of names such as "graphql-transport-ws"')
  }
  const settings = { protocols: protocols as readonly string[], maxMessageBytes, judge }
  return {
    transport: 'websocket',
    open(request, ports) {
      const Class: SocketClass | undefined = options.WebSocket ?? globalThis.WebSocket
      if (!Class) throw badOption('webSocket.WebSocket', Class, 'a class; this platform has none of its own')
      return dial(Class, request, ports, settings)
    },
  }
}

interface Settings {
  readonly protocols: readonly string[]
  readonly maxMessageBytes: number
  readonly judge: Judge | undefined
}

function dial(Class: SocketClass, request: LineRequest, ports: LinePorts, settings: Settings): Line {
  const { maxMessageBytes, judge } = settings
  let socket: SocketLike | null = null
  const attempt = createAttempt(ports, judge, (code, reason) => {
    if (socket) forget(socket, code, reason)
    socket = null
  })
  const hear = (data: unknown): void => {
    const size = typeof data === 'string' ? null : bytesOf(data)
    // Nothing that a socket may bring; but it is alive.
    if (size === undefined) return attempt.tell({ type: 'alive' })
    const isTooLarge = size === null ? isLarger(data as string, maxMessageBytes) : size > maxMessageBytes
    if (isTooLarge) attempt.end(tooLarge('A message', maxMessageBytes))
    else attempt.tell({ type: 'message', data })
  }
  try {
    // Browsers of before 2024 take no http: here.
    const url = request.url.href.replace(/^http/, 'ws')
    const protocols = [...new Set([...request.protocols, ...settings.protocols])]
    socket = new Class(url, protocols.length ? protocols : undefined)
    // What is told is measured, and a Blob cannot be looked into at once.
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => attempt.tell({ type: 'open' })
    socket.onmessage = ({ data }: { readonly data: unknown }) => hear(data)
    // It says nothing, and stays for good: an EventEmitter among the classes throws an `error` that nobody listens to,
    // such as that of a dial which is given up.
    socket.onerror = silence
    socket.onclose = (closing: Closing) => attempt.end(endOfClose(closing))
  } catch (error) {
    // Told later. The words may contain the address, and are not ours: only their kind is told.
    const name = error instanceof Error ? error.name : 'Error'
    const verdict = name === 'SyntaxError' ? 'fatal' : 'unsuitable'
    void Promise.resolve().then(() => attempt.end({ ...broken(`The socket was refused: ${name}`), verdict }))
  }
  return {
    transport: 'websocket',
    get bufferedAmount() {
      return socket?.bufferedAmount ?? 0
    },
    get protocol() {
      return socket?.protocol ?? ''
    },
    get extensions() {
      return socket?.extensions ?? ''
    },
    send(data) {
      if (socket?.readyState !== OPEN) return false
      socket.send(data)
      return true
    },
    drop: attempt.drop,
  }
}

const silence = (): void => {}

/** Its close event may come a minute later (docs/spec/reliability.md 1.4), and is nobody's. */
function forget(socket: SocketLike, code: number | undefined, reason: string | undefined): void {
  socket.onopen = socket.onmessage = socket.onclose = null
  try {
    return socket.close(code, reason)
  } catch {
    // A code or a reason that a page may not send.
  }
  try {
    socket.close()
  } catch {
    // It is forgotten all the same.
  }
}

/** The size of a binary message; undefined: it is none. Of whichever realm. */
function bytesOf(data: unknown): number | undefined {
  const { byteLength, size } = (data ?? {}) as { readonly byteLength?: unknown; readonly size?: unknown }
  return [byteLength, size].find((one) => typeof one === 'number')
}
