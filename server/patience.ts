/** Patience with a file that another process holds: in a rolling restart two processes share one for some seconds. */
import { setTimeout as sleep } from 'node:timers/promises'

/** For how long, in ms, a request waits for the file, if its own deadline leaves it so long. */
export const PATIENCE_MS = 2_000
/** How often it is tried meanwhile, in ms: a process holds the file for the length of one commit. */
const AGAIN_MS = 10
/** SQLITE_BUSY, without what its extended codes add. */
const BUSY = 5

/** Whether SQLite has refused because another process holds the file. Nothing has been done then. */
export const isHeld = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === BUSY

/**
 * Does the work, a transaction or a part of one, and tries again while the file is held. Others are served
 * meanwhile. Rejects with the reason of `signal` when that ends, and after 2,000 ms with what SQLite said.
 */
export async function whileHeld<T>(signal: AbortSignal, work: () => T): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!isHeld(error) || performance.now() >= giveUpAt) throw error
    }
    await sleep(AGAIN_MS, null, { signal }).catch(() => {})
    signal.throwIfAborted()
  }
}
