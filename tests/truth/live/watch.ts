/** What the three clients have in common: they come back after a fixed time, and leave what is silent. */
import type { Clock, Stop } from '../../../src/core/clock.js'

/** Whoever hears nothing for so long leaves, and asks anew. */
export const SILENT_MS = 3_000

/** The one timer of a client. */
export interface Watch {
  /** Something was heard, or asked: from now on the silence counts. */
  heard(): void
  /**
   * Comes back so long after it last asked, or, if that is over, after now: how long answers take on a busy machine
   * does not add up. Nothing is expected until then.
   */
  again(ms: number): void
  /** It asks now. */
  asks(): void
  stop(): void
}

/** Makes one: `silent` leaves what there is, `begin` asks anew. */
export function createWatch(clock: Clock, { silent, begin }: { silent(): void; begin(): void }): Watch {
  let cancel: Stop = () => {}
  let state: 'running' | 'stopped' = 'running'
  let askedAt = clock.now()
  const after = (ms: number, run: () => void) => {
    cancel()
    if (state === 'running') cancel = clock.setTimeout(run, ms)
  }
  return {
    heard: () => after(SILENT_MS, silent),
    again(ms) {
      const now = clock.now()
      askedAt = askedAt + ms > now ? askedAt + ms : now + ms
      after(askedAt - now, begin)
    },
    asks: () => void (askedAt = clock.now()),
    stop() {
      state = 'stopped'
      cancel()
    },
  }
}
