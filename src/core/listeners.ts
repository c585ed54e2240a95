/** Who wants to hear of it: told over a copy, and one bad listener does not silence the rest. */
import type { Stop } from './clock.js'

/** A list of listeners. */
export interface Listeners<Args extends unknown[]> {
  add(listener: (...args: Args) => void): Stop
  tell(...args: Args): void
}

/** Nobody yet. */
export function createListeners<Args extends unknown[]>(): Listeners<Args> {
  const listeners = new Set<{ readonly call: (...args: Args) => void }>()
  return {
    add(call) {
      const entry = { call }
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
    tell(...args) {
      for (const { call } of [...listeners]) heard(() => call(...args))
    },
  }
}

/** Calls it. What it throws stops nobody, and is still heard, as that of any event listener. */
export function heard(call: () => void): void {
  try {
    call()
  } catch (error) {
    void Promise.reject(error)
  }
}
