import type { ShallowRef } from 'vue'
import type { PageEvent, StatusView } from '../status/view.js'
import { useHoldfast, type ContextOption } from './context.js'
import { follow } from './follow.js'

/** What `useStatus` returns. */
export interface UseStatusReturn {
  /** The whole of what is told. */
  readonly view: Readonly<ShallowRef<StatusView>>
  /** "Keep working", or the x of a hint: trying goes on. */
  dismiss(): void
  /** A person asked for an attempt, at every service. */
  retryNow(): void
  /** Ends working offline by choice, at every service. */
  goOnline(): void
  /** What the page does; the plugin already tells typing, hiding and foreign dialogs. */
  send(event: PageEvent): void
}

/** What people are told, to be rendered by components of your own. */
export function useStatus(options?: ContextOption): UseStatusReturn {
  const { connections, status } = useHoldfast(options)
  const all = Object.values(connections)
  return {
    view: follow(
      () => status.view,
      (listener) => status.subscribe(listener),
    ),
    dismiss: () => status.send({ type: 'DISMISS' }),
    retryNow: () => all.forEach((connection) => connection.retryNow()),
    goOnline: () => all.forEach((connection) => connection.setIntent('online')),
    // It needs no `this`: a status is made of closures.
    send: status.send,
  }
}
