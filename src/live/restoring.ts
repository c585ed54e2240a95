/** After a loss the queue waits for what comes back first: topics, and the application's state (B09). */
import type { Clock, Stop } from '../core/clock.js'

/** Part of a connection's recovery. */
export interface Restoring {
  /** Ends when it is done, or has taken too long: the line has its own backoff, and nothing waits for that. */
  step(signal: AbortSignal): Promise<void>
  /** Something has changed. */
  look(): void
}

/** A dial and a greeting take less where they work at all; in ms. */
const RESTORED_WITHIN_MS = 5_000

/** @param isDone whether nothing is left to be waited for */
export function createRestoring(clock: Clock, isDone: () => boolean): Restoring {
  const waiting = new Set<() => void>()
  return {
    step: (signal) =>
      new Promise((resolve) => {
        if (isDone() || signal.aborted) return resolve()
        const end = (): void => {
          cancel()
          waiting.delete(end)
          signal.removeEventListener('abort', end)
          resolve()
        }
        const cancel: Stop = clock.setTimeout(end, RESTORED_WITHIN_MS)
        waiting.add(end)
        signal.addEventListener('abort', end)
      }),
    look() {
      if (waiting.size > 0 && isDone()) for (const end of [...waiting]) end()
    },
  }
}
