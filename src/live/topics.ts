/** Who listens to which topic, and how they are told. */
import type { TopicTold } from './cursor.js'
import { isolated } from './isolated.js'

/** One event of a topic. */
export interface ChannelEvent {
  readonly topic: string
  readonly data: unknown
  /** Its place; it grows within an epoch. */
  readonly offset: number
  /** Where to go on behind it: kept by the application, it is the `cursor` of a later visit. */
  readonly cursor: string
}

/** What whoever listens to a topic wants to hear. A function that throws does not keep the others from hearing. */
export interface TopicListener {
  /** Each event once, in order. */
  onEvent?(event: ChannelEvent): void
  /** The subscription stands: nothing is missing up to here. Also told to one who joins later. */
  onResumed?(at: { readonly topic: string; readonly cursor: string }): void
  /** Events are lost, all of them within these offsets, both included. */
  onGap?(gap: { readonly topic: string; readonly from: number; readonly to: number }): void
  /** Another log has begun: whatever is known of this topic may be wrong. */
  onReset?(reset: { readonly topic: string; readonly cursor: string }): void
  /** The server does not serve this topic. */
  onRefused?(refusal: { readonly topic: string; readonly code: string; readonly detail: string }): void
}

/** The listeners. */
export interface Listeners {
  /** Adds one. `isFirst`: nobody listened to this topic before; `stop` says whether nobody does any more. */
  add(topic: string, listener: TopicListener): { readonly isFirst: boolean; readonly stop: () => boolean }
  /** Tells all who listen to it. */
  tell(topic: string, told: TopicTold, cursor: string, event?: { offset: number; data: unknown }): void
  refuse(topic: string, code: string, detail: string): void
}

/** Nobody listens. */
export function createListeners(): Listeners {
  /** One and the same listener may listen twice. */
  const all = new Map<string, Set<{ readonly listener: TopicListener }>>()
  const each = (topic: string, call: (listener: TopicListener) => void): void => {
    const listeners = all.get(topic)
    if (!listeners) return
    // One of them may end another one: who has stopped hears nothing more.
    for (const own of [...listeners]) if (listeners.has(own)) isolated(() => call(own.listener))
  }

  return {
    add(topic, listener) {
      const own = { listener }
      const listeners = all.get(topic) ?? new Set()
      all.set(topic, listeners.add(own))
      const stop = (): boolean => {
        if (!listeners.delete(own) || listeners.size > 0) return false
        all.delete(topic)
        return true
      }
      return { isFirst: listeners.size === 1, stop }
    },
    tell(topic, told, cursor, event) {
      each(topic, (listener) => {
        if (told.type === 'event' && event)
          listener.onEvent?.({ topic, data: event.data, offset: event.offset, cursor })
        if (told.type === 'resumed') listener.onResumed?.({ topic, cursor })
        if (told.type === 'reset') listener.onReset?.({ topic, cursor })
        if (told.type === 'gap') listener.onGap?.({ topic, from: told.from, to: told.to })
      })
    },
    refuse: (topic, code, detail) => each(topic, (listener) => listener.onRefused?.({ topic, code, detail })),
  }
}
