/** The EventTarget part of a socket: typed listeners, `onopen` and the like, and the classes of its events. */
import type { LineEnd } from './line.js'

/** How a socket ended, as its close event tells it. */
export type Closed = Pick<LineEnd, 'code' | 'reason' | 'wasClean'>

type Heard = keyof WebSocketEventMap
type Handler<Name extends Heard> = ((this: WebSocket, event: WebSocketEventMap[Name]) => unknown) | null
type Listening = Pick<WebSocket, 'addEventListener' | 'removeEventListener' | 'dispatchEvent'>

/** The platform's own, with the types of a socket: once, signal, capture and handleEvent are its business. */
const SocketTarget: { new (): Listening; prototype: Listening } = EventTarget

/**
 * Event handler attributes (HTML, 8.1.8.1): what is set is called among the listeners, at the place where it was
 * set first; what is no object is null, and an object that cannot be called is kept and does nothing.
 */
export class SocketEvents extends SocketTarget {
  readonly #handlers = new Map<Heard, { handler: object; listen: (event: Event) => void }>()

  /** Called when a line has opened: once for each. */
  get onopen(): Handler<'open'> {
    return this.#get('open')
  }
  set onopen(handler: Handler<'open'>) {
    this.#set('open', handler)
  }

  /** Called for each message. */
  get onmessage(): Handler<'message'> {
    return this.#get('message')
  }
  set onmessage(handler: Handler<'message'>) {
    this.#set('message', handler)
  }

  /** Called before the close of a line that has failed; says nothing else. */
  get onerror(): Handler<'error'> {
    return this.#get('error')
  }
  set onerror(handler: Handler<'error'>) {
    this.#set('error', handler)
  }

  /** Called when a line has ended: once for each. */
  get onclose(): Handler<'close'> {
    return this.#get('close')
  }
  set onclose(handler: Handler<'close'>) {
    this.#set('close', handler)
  }

  #get<Name extends Heard>(name: Name): Handler<Name> {
    return (this.#handlers.get(name)?.handler ?? null) as Handler<Name>
  }

  #set(name: Heard, given: unknown): void {
    const set = this.#handlers.get(name)
    const handler = Object(given) === given ? (given as object) : null
    if (handler && set) return void (set.handler = handler)
    if (set) this.removeEventListener(name, set.listen)
    this.#handlers.delete(name)
    if (!handler) return
    const entry = {
      handler,
      listen: (event: Event) => {
        if (typeof entry.handler === 'function') Reflect.apply(entry.handler, this, [event])
      },
    }
    this.#handlers.set(name, entry)
    this.addEventListener(name, entry.listen)
  }
}

/** A `close` event, of the platform's class where there is one (Node before 23 has none). */
export function closeEvent({ code, reason, wasClean }: Closed): Event {
  const told = { code, reason, wasClean }
  const { CloseEvent: Platforms } = globalThis as { readonly CloseEvent?: typeof CloseEvent }
  return Platforms ? new Platforms('close', told) : Object.assign(new Event('close'), told)
}
