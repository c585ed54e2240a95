/** What tabs want of one that begins to lead, until all of them have said so. */
import type { Clock, Stop } from '../core/clock.js'

/** A short while. */
export interface Gathering {
  /** Whether it was taken, and will be run later; false: it is over. */
  take(run: () => void): boolean
  readonly stop: Stop
}

/**
 * A stream is opened for its topics: those of all tabs come within so long after one has said that it leads, and a
 * stream that was opened for a part of them would have to be opened anew, in ms.
 */
const GATHER_MS = 50

/** Begins now. */
export function createGathering(clock: Clock): Gathering {
  let taken: (() => void)[] | null = []
  const stop = clock.setTimeout(() => {
    const all = taken ?? []
    taken = null
    for (const run of all) run()
  }, GATHER_MS)
  return {
    take(run) {
      taken?.push(run)
      return taken !== null
    },
    stop,
  }
}
