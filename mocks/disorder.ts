/** What becomes of messages as they leave: dropped, doubled, or sent after the one that follows. */
import type { Path, Struck } from './path.js'

/** The messages of one connection, one way. */
export interface Disorder<M> {
  /** What is sent when this message leaves: nothing, it, or more. */
  leaving(message: M): readonly M[]
  /** What still waits for one that follows: nothing follows any more. */
  flush(): readonly M[]
}

/** Makes the order of a connection on which nothing was sent. */
export function createDisorder<M extends { readonly target: Struck }>({ struck }: Path): Disorder<M> {
  let waiting: readonly M[] = []
  const flush = (): readonly M[] => {
    const late = waiting
    waiting = []
    return late
  }
  return {
    leaving(message) {
      const { target } = message
      if (struck(target, 'drop')) return []
      const sent = struck(target, 'duplicate') ? [message, message] : [message]
      if (waiting.length > 0 || !struck(target, 'reorder')) return [...sent, ...flush()]
      waiting = sent
      return []
    },
    flush,
  }
}
