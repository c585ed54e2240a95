/** The network lives on any clock: on a manual one in order and in step, on the system's as it comes. */
import type { Clock } from '../src/core/clock.js'
import type { Stop } from '../src/core/state.js'
import { messageTurn } from './macrotask.js'
import type { ManualClock } from './manual-clock.js'

/** What the network asks of its clock. */
export interface Pace {
  readonly clock: Clock
  /** Runs at `at` (epoch ms); of one instant, the lower order first. */
  schedule(at: number, order: number, run: () => void): Stop
  /** Says that something hops for real, and what; a manual clock lets no time pass until its stop is called. */
  moving(what: string | object): Stop
  /**
   * Waits a little for something that may come at once or much later: a manual clock lets no time pass until it
   * has come, or so many macrotasks have gone by that it is waiting for time itself.
   */
  linger(what: string, promise: Promise<unknown>): void
}

/** Whether a clock is moved by hand. */
export function isManualClock(clock: Clock): clock is ManualClock {
  return 'schedule' in clock && 'moving' in clock
}

/** Reading a Blob takes up to 17 macrotasks (docs/spec/simulator.md). */
const LINGER_HOPS = 20

async function linger(stop: Stop, promise: Promise<unknown>): Promise<void> {
  let state: 'waiting' | 'come' = 'waiting'
  const come = () => void (state = 'come')
  promise.then(come, come)
  for (let hops = 0; hops < LINGER_HOPS && state === 'waiting'; hops++) await messageTurn()
  stop()
}

/** The pace of a clock. On the system clock nothing is ordered and nothing is waited for. */
export function paceOf(clock: Clock): Pace {
  if (isManualClock(clock)) {
    const { schedule, moving } = clock
    return { clock, schedule, moving, linger: (what, promise) => void linger(moving(what), promise) }
  }
  return {
    clock,
    schedule: (at, _order, run) => clock.setTimeout(run, at - clock.now()),
    moving: () => () => {},
    linger: () => {},
  }
}
