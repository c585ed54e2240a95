/** What http knows that people may have to be told. */
import type { Facts, FactSource } from '../core/state.js'

/** The facts of http. */
export type HttpFacts = Pick<Facts, 'held' | 'pendingSince'>

/** A FactSource that is told. */
export interface HttpFactSource extends FactSource {
  readonly now: HttpFacts
  /** Listeners hear only of what changed. */
  tell(change: Partial<HttpFacts>): void
}

/** Nothing held, nothing slow. */
export function createFacts(): HttpFactSource {
  const listeners = new Set<(facts: Partial<Facts>) => void>()
  let now: HttpFacts = { held: 0, pendingSince: null }
  return {
    get now() {
      return now
    },
    subscribe(listener) {
      listeners.add(listener)
      listener(now)
      return () => void listeners.delete(listener)
    },
    tell(change) {
      const next = { ...now, ...change }
      if (next.held === now.held && next.pendingSince === now.pendingSince) return
      now = next
      for (const listener of [...listeners]) listener(now)
    },
  }
}
