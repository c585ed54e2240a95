/** What is heard of the service: that it drains, that it has drained, that its process is gone. */
import type { Stop } from '../src/core/state.js'

/** Whom news concern. */
interface Concerned {
  /** The boot id of the one instance that it is about, of several; null: the whole service. */
  readonly of: string | null
}

/** What the service says when it begins to drain. */
export interface Draining extends Concerned {
  /** In how long it is worth coming back (ms); 0: others serve. */
  readonly retryAfterMs: number
}

/** What the service says when it has drained. */
export interface Ending extends Concerned {
  /** In how long it is worth coming back (ms); 0: others serve. */
  readonly retryAfterMs: number
}

/** How the process ended. */
export interface Gone extends Concerned {
  /** True: killed. Whatever was open is cut, and answers that were on their way are lost. False: it drained. */
  readonly answers: boolean
  /** In how long it is worth coming back (ms): what a drained one tells those whom it sends away. */
  readonly retryAfterMs: number
}

/** News of one kind. */
export interface News<T> {
  tell(what: T): void
  on(listener: (what: T) => void): Stop
}

/** Makes news that nobody listens to yet. */
export function createNews<T>(): News<T> {
  const listeners = new Set<(what: T) => void>()
  return {
    tell(what) {
      for (const listener of [...listeners]) listener(what)
    },
    on(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Whether something that is on this instance (null: nobody has said) is concerned. */
export const concerns = ({ of }: Concerned, boot: string | null): boolean => of === null || of === boot
