/** The server's end of a socket: MSW's ws handlers, as they are, on a wire that takes its time. */
import { WebSocketServerHandle, type WebSocketClientConnection } from '@mswjs/interceptors/WebSocket'
import type { WebSocketHandler } from 'msw'
import { travels, LONGEST_REASON, type Closing } from './arguments.js'
import { createClient, guardListeners, type Transport } from './client-connection.js'
import { closeEvent } from './events.js'
import { cutTo, toPayload, type Payload } from './payload.js'

/** How the server's end speaks. */
export interface Voice {
  say(payload: string | ArrayBuffer): void
  /** A close frame. */
  close(closing: Closing): void
  /** Cuts the connection, without a word. */
  cut(): void
  /** A Blob is read before it is sent; what comes after it waits. */
  readonly reading: <T>(promise: Promise<T>) => Promise<T>
}

/** The server's end. */
export interface ServerEnd {
  readonly client: WebSocketClientConnection
  /** `gone`: it does not know this connection (any more). */
  readonly state: 'open' | 'closing' | 'gone'
  hear(payload: Payload): void
  /** The other side closes. */
  heardClose(closing: Closing): void
  /** Closes, as `client.close` of a handler. */
  close(code?: number, reason?: string): void
  /** The connection is lost for it, or the process has died. */
  die(): void
}

/** A connection to the original server: there is none. */
class NoServer extends WebSocketServerHandle {
  readonly socket = null
  readonly #events = new EventTarget()

  connect(): void {
    throw new Error('A simulated network has no original server: server.connect() leads nowhere')
  }
  send(): void {
    this.connect()
  }
  close(): void {}
  addEventListener(type: string, listener: never, options?: AddEventListenerOptions | boolean): void {
    this.#events.addEventListener(type, listener, options)
  }
  removeEventListener(type: string, listener: never, options?: EventListenerOptions | boolean): void {
    this.#events.removeEventListener(type, listener, options)
  }
}

/** The socket that handlers see as `client.socket`: the server's view of it, never the application's own. */
function socketFor(url: URL, protocol: string): WebSocket {
  return Object.assign(new EventTarget(), { url: url.href, protocol }) as unknown as WebSocket
}

/** Makes the server's end of a connection; `greet` asks the handlers. */
export function createServerEnd(url: URL, protocols: readonly string[], voice: Voice) {
  let state: ServerEnd['state'] = 'open'
  /** What is read before more may be sent. */
  let queue: Promise<void> | null = null

  const inOrder = (work: () => void): void => {
    if (queue) queue = queue.then(work)
    else work()
  }
  const say = (data: unknown): void => {
    if (state !== 'open') return
    const payload = toPayload(data)
    if (!(payload instanceof Blob)) return inOrder(() => voice.say(payload))
    const before = queue ?? Promise.resolve()
    const read = before.then(() => payload.arrayBuffer()).then(voice.say)
    const done: Promise<void> = read.then(() => void (queue = queue === done ? null : queue))
    queue = done
    void voice.reading(done)
  }
  const tellClosed = ({ code, reason }: Closing, wasClean: boolean): void => {
    events.dispatchEvent(closeEvent({ code: code ?? 1005, reason, wasClean }))
  }
  const close = (code?: number, reason = ''): void => {
    if (state !== 'open') return
    state = 'closing'
    const closing = { code: code ?? null, reason: code === undefined ? '' : cutTo(LONGEST_REASON, reason) }
    // A code that no frame may carry: the server just hangs up.
    inOrder(() => (code === undefined || travels(code) ? voice.close(closing) : voice.cut()))
    tellClosed(closing, true)
  }

  const events = new EventTarget()
  const transport = Object.assign(events, { send: say, close }) as unknown as Transport
  const socket = socketFor(url, protocols[0] ?? '')
  const client = createClient(socket, transport, (error) => close(1011, `A listener threw: ${String(error)}`))

  const end: ServerEnd = {
    client,
    get state() {
      return state
    },
    hear(payload) {
      if (state !== 'open') return
      const event = new MessageEvent('outgoing', { data: payload, origin: url.origin, cancelable: true })
      events.dispatchEvent(event)
    },
    heardClose(closing) {
      const wasOpen = state === 'open'
      state = 'gone'
      if (wasOpen) tellClosed(closing, true)
    },
    close,
    die() {
      const wasOpen = state === 'open'
      state = 'gone'
      if (wasOpen) tellClosed({ code: 1006, reason: '' }, false)
    },
  }

  /** Whether a handler took the connection. */
  const greet = async (handlers: readonly WebSocketHandler[]): Promise<boolean> => {
    const info = { protocols: [...protocols] }
    let taken = false
    for (const handler of handlers) {
      guardListeners(handler)
      const connection = { client, server: new NoServer(), info }
      const context = { baseUrl: url.origin, quiet: true }
      taken = (await handler.run(connection, context)) !== null || taken
    }
    if (taken) socket.dispatchEvent(new Event('open'))
    return taken
  }
  return { end, greet }
}
