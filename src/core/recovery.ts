/** What is done after a loss, in order, before the queue drains. */
import { sleep, untilAborted, within, type Clock } from './clock.js'
import type { Resync, Stop } from './state.js'

/** A step that failed with the link up is tried again after these waits, then it is said (ux.md, row 36). */
const AGAIN_AFTER_MS = [1_000, 2_000]

/** A step that has not ended by then has failed: the queue must not wait behind it for ever (I21). */
const STEP_TIMEOUT_MS = 30_000

/** One thing to be done after a loss; it ends early when the signal aborts. */
export type RecoveryStep = (signal: AbortSignal) => Promise<void>

/** The steps of one connection. */
export interface Recovery {
  hasSteps(): boolean
  add(step: RecoveryStep): Stop
  run(): void
  abort(): void
}

/** Runs the steps on demand and tells how it went. */
export function createRecovery(clock: Clock, tell: (resync: Resync) => void): Recovery {
  const steps = new Set<RecoveryStep>()
  let running: AbortController | null = null

  async function attempt(step: RecoveryStep, signal: AbortSignal): Promise<void> {
    for (const waitMs of [...AGAIN_AFTER_MS, null]) {
      try {
        // A step that does not hear the signal is left to itself, and its deadline with it.
        return await within(clock, STEP_TIMEOUT_MS, untilAborted(signal, step(signal)))
      } catch (error) {
        if (waitMs === null || signal.aborted) throw error
        await sleep(clock, waitMs, signal)
      }
    }
  }

  async function runAll(own: AbortController): Promise<void> {
    let resync: Resync = 'none'
    try {
      for (const step of [...steps]) await attempt(step, own.signal)
    } catch {
      resync = 'failed'
    }
    if (running !== own) return
    running = null
    tell(resync)
  }

  return {
    hasSteps: () => steps.size > 0,
    add(step) {
      steps.add(step)
      return () => void steps.delete(step)
    },
    run() {
      running?.abort()
      running = new AbortController()
      void runAll(running)
    },
    abort() {
      running?.abort()
      running = null
    },
  }
}
