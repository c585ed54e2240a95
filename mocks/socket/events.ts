/** The events of a socket, and its `onopen` and the like. */
import { CloseEvent as SmallCloseEvent } from '@mswjs/interceptors/WebSocket'

/** What a close event says. */
export interface Close {
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
}

/** A `close` event, of the platform's own class where there is one (Node 20 has none). */
export function closeEvent(close: Close): CloseEvent {
  const Class = globalThis.CloseEvent ?? SmallCloseEvent
  return new Class('close', { ...close })
}

/** The names of a socket's events. */
export const EVENT_NAMES = ['open', 'message', 'error', 'close'] as const

type Handler = (this: unknown, event: Event) => unknown

/**
 * Gives a class its event handler attributes (HTML, 8.1.8.1): what is set is called among the listeners, at the
 * place where it was set first; what is no object is null.
 */
export function defineHandlers(prototype: EventTarget, names: readonly string[] = EVENT_NAMES): void {
  const attributes = new WeakMap<EventTarget, Map<string, { handler: object; listen: Handler }>>()
  const of = (target: EventTarget) => {
    const known = attributes.get(target) ?? new Map<string, { handler: object; listen: Handler }>()
    attributes.set(target, known)
    return known
  }
  for (const name of names) {
    Object.defineProperty(prototype, `on${name}`, {
      configurable: true,
      enumerable: true,
      get(this: EventTarget) {
        return of(this).get(name)?.handler ?? null
      },
      set(this: EventTarget, given: unknown) {
        const set = of(this).get(name)
        const isObject = typeof given === 'function' || (typeof given === 'object' && given !== null)
        if (isObject && set) return void (set.handler = given as object)
        if (set) this.removeEventListener(name, set.listen)
        of(this).delete(name)
        if (!isObject) return
        const entry = {
          handler: given as object,
          listen(this: unknown, event: Event) {
            if (typeof entry.handler === 'function') Reflect.apply(entry.handler, this, [event])
          },
        }
        of(this).set(name, entry)
        this.addEventListener(name, entry.listen)
      },
    })
  }
}
