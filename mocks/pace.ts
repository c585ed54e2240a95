/** The network lives on any clock: on a manual one in order and in step, on the system's as it comes. */
import type { Clock } from '../src/core/clock.js'
import type { Stop } from '../src/core/state.js'
import type { ManualClock } from './manual-clock.js'

/** What the network asks of its clock. */
export interface Pace {
  readonly clock: Clock
  /** Runs at `at` (epoch ms); of one instant, the lower order first. */
  schedule(at: number, order: number, run: () => void): Stop
  /** Says that something hops for real; a manual clock lets no time pass until its stop is called. */
  moving(what: string): Stop
}

/** Whether a clock is moved by hand. */
export function isManualClock(clock: Clock): clock is ManualClock {
  return 'schedule' in clock && 'moving' in clock
}

/** The pace of a clock. On the system clock nothing is ordered and nothing is waited for. */
export function paceOf(clock: Clock): Pace {
  if (isManualClock(clock)) return { clock, schedule: clock.schedule, moving: clock.moving }
  return {
    clock,
    schedule: (at, _order, run) => clock.setTimeout(run, at - clock.now()),
    moving: () => () => {},
  }
}
