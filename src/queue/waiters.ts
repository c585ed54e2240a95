/** Tells each outcome once: to whoever enqueued the action, and to whoever listens for all of them. */
import type { Action, Ended } from './action.js'

/** How an action came to rest. */
export interface Settled {
  /** As it was last. */
  readonly action: Action
  readonly ended: Ended
}

/** The promises of final outcomes. */
export interface Waiters {
  /** A promise that never rejects: nobody has to listen. */
  expect(id: string): Promise<Ended>
  /** Whether somebody waits for it here. */
  has(id: string): boolean
  forget(id: string): void
  /** Whoever waited for the one waits for the other now. */
  move(from: string, to: string): void
  settle(id: string, ended: Ended): void
  /** What has not ended ends `stopped`. */
  stop(): void
}

/** No promises yet. */
export function createWaiters(): Waiters {
  const waiting = new Map<string, (ended: Ended) => void>()
  const settle = (id: string, ended: Ended) => {
    waiting.get(id)?.(ended)
    waiting.delete(id)
  }
  return {
    expect: (id) => new Promise((resolve) => waiting.set(id, resolve)),
    has: (id) => waiting.has(id),
    forget: (id) => void waiting.delete(id),
    move(from, to) {
      const resolve = waiting.get(from)
      waiting.delete(from)
      if (resolve) waiting.set(to, resolve)
    },
    settle,
    stop() {
      for (const id of [...waiting.keys()]) settle(id, { outcome: 'stopped' })
    },
  }
}

/** How an action rests that waits for a person; null: it does not rest (docs/spec/ux.md, rows 38 to 41). */
export function endedAs({ state }: Action, error: unknown): Ended | null {
  const why = error === undefined ? {} : { error }
  switch (state.name) {
    case 'failed': {
      const { name: _, ...said } = state
      return { outcome: 'failed', ...said, ...why }
    }
    case 'conflict': {
      const { name: _, ...said } = state
      return { outcome: 'conflict', ...said, ...why }
    }
    case 'unconfirmed':
      return state.next === 'person' ? { outcome: 'unconfirmed', ...why } : null
    default:
      return null
  }
}
