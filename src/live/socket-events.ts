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
    const isObject = typeof given === 'function' || (typeof given === 'object' && given !== null)
    if (isObject && set) return void (set.handler = given)
    if (set) this.removeEventListener(name, set.listen)
    this.#handlers.delete(name)
    if (!isObject) return
    const entry = {
      handler: given,
      listen: (event: Event) => {
        if (typeof entry.handler === 'function') Reflect.apply(entry.handler, this, [event])
      },
    }
    this.#handlers.set(name, entry)
    this.addEventListener(name, entry.listen)
  }
}

/** Where the platform has none (Node before 23). */
class SmallCloseEvent extends Event implements Closed {
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean

  constructor(type: string, { code, reason, wasClean }: Closed) {
    super(type)
    this.code = code
    this.reason = reason
    this.wasClean = wasClean
  }
}

/** A `close` event, of the platform's class where there is one. */
export function closeEvent({ code, reason, wasClean }: Closed): Event {
  return new (globalThis.CloseEvent ?? SmallCloseEvent)('close', { code, reason, wasClean })
}
