/**
 * The `client` that MSW's ws handlers are given. A listener that throws, now or in a promise, is a server that
 * closes with 1011: without this an asynchronous throw would end the whole process.
 */
import { WebSocketClientConnection } from '@mswjs/interceptors/WebSocket'
import type { WebSocketHandler } from 'msw'

type Listener = (event: Event) => unknown

/** What connects a client of a handler with its wire: the form that `WebSocketClientConnection` takes. */
export type Transport = ConstructorParameters<typeof WebSocketClientConnection>[1]

/** Told what a listener of this client threw. */
const failures = new WeakMap<object, (error: unknown) => void>()
const guarded = new WeakMap<object, Listener>()

/** The listener, whose failures are told to the client that `clientOf` finds; without one they go on. */
function guard(listener: Listener, clientOf: (event: Event) => object): Listener {
  const known = guarded.get(listener)
  if (known) return known
  const safe = function (this: unknown, event: Event): void {
    const tell = failures.get(clientOf(event))
    if (!tell) return void listener.call(this, event)
    try {
      // Not handed on: Node's EventTarget would throw a rejection of its own.
      const given = listener.call(this, event)
      if (given instanceof Promise) given.catch(tell)
    } catch (error) {
      tell(error)
    }
  }
  guarded.set(listener, safe)
  return safe
}

class GuardedClient extends WebSocketClientConnection {
  readonly #safe = new WeakMap<object, Listener>()

  override addEventListener(type: never, listener: never, options?: AddEventListenerOptions | boolean): void {
    const given: Listener = listener
    const safe =
      this.#safe.get(given) ??
      guard(
        (event) => given.call(this.socket, event),
        () => this,
      )
    this.#safe.set(given, safe)
    super.addEventListener(type, safe as never, options)
  }

  override removeEventListener(type: never, listener: never, options?: EventListenerOptions | boolean): void {
    super.removeEventListener(type, (this.#safe.get(listener) ?? listener) as never, options)
  }
}

/** Makes the client of one connection. */
export function createClient(
  socket: WebSocket,
  transport: Transport,
  onFailure: (error: unknown) => void,
): WebSocketClientConnection {
  const client = new GuardedClient(socket, transport)
  failures.set(client, onFailure)
  return client
}

interface Emitter {
  listeners(type: 'connection'): readonly Listener[]
  on(type: 'connection', listener: Listener): void
  removeListener(type: 'connection', listener: Listener): void
}

const isEmitter = (value: unknown): value is Emitter =>
  typeof value === 'object' && value !== null && 'listeners' in value && 'removeListener' in value

/**
 * Puts the guard around the connection listeners of a handler, once each. MSW keeps them behind a symbol that it
 * does not export; where it is not found, the handler stays as it is.
 */
export function guardListeners(handler: WebSocketHandler): void {
  const key = Object.getOwnPropertySymbols(handler).find(({ description }) => description === 'kEmitter')
  const emitter: unknown = key && Reflect.get(handler, key)
  if (!isEmitter(emitter)) return
  const clientOf = (event: Event): object => Reflect.get(event, 'client') as object
  const listeners = [...emitter.listeners('connection')]
  if (listeners.every((listener) => safeOnes.has(listener))) return
  for (const listener of listeners) {
    emitter.removeListener('connection', listener)
    const safe = safeOnes.has(listener) ? listener : guard(listener, clientOf)
    safeOnes.add(safe)
    emitter.on('connection', safe)
  }
}

const safeOnes = new WeakSet<object>()
