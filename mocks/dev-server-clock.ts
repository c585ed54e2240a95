/** A clock that goes faster or slower than the system's: for watching a long outage in a short time. */
import { systemClock, type Clock } from '../src/core/clock.js'

/**
 * Makes a clock that goes `speed` times as fast as another. Give it to the network and to `createConnection`: what lives
 * on another clock sees an outage that is so much shorter.
 *
 * @param speed 2: a minute passes in 30 s.
 */
export function scaledClock(speed: number, clock: Clock = systemClock): Clock {
  if (speed === 1) return clock
  const startAt = clock.now()
  return {
    now: () => Math.round(startAt + (clock.now() - startAt) * speed),
    setTimeout: (run, delayMs) => clock.setTimeout(run, delayMs / speed),
    track: (promise) => clock.track(promise),
  }
}
