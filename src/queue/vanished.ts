/** Rows that have left the store and nobody said how: the news may still be on its way. */
import type { Clock } from '../core/clock.js'
import type { Action } from './action.js'

/** News comes within a turn or two of the page; after this it was missed (own). */
const NEWS_MS = 1_000

/** Those whose news is awaited. */
export interface Vanished {
  add(actions: readonly Action[]): void
  /** The news has come: the action, if it was awaited. */
  take(id: string): Action | undefined
  stop(): void
}

/** Nobody yet; `onMissed` hears of those whose news did not come. */
export function createVanished(clock: Clock, onMissed: (actions: readonly Action[]) => void): Vanished {
  const awaited = new Map<string, Action>()
  const timers = new Set<() => void>()
  const take = (id: string) => {
    const action = awaited.get(id)
    awaited.delete(id)
    return action
  }
  return {
    take,
    add(actions) {
      if (actions.length === 0) return
      for (const action of actions) awaited.set(action.id, action)
      const cancel = clock.setTimeout(() => {
        timers.delete(cancel)
        onMissed(actions.flatMap(({ id }) => take(id) ?? []))
      }, NEWS_MS)
      timers.add(cancel)
    },
    stop() {
      for (const cancel of timers) cancel()
      timers.clear()
      awaited.clear()
    },
  }
}
