/** One timer, set anew as often as wanted. */
import { createAlarm as createOne } from '../core/alarm.js'
import type { Clock } from '../core/clock.js'

/** Sets it to ring at an instant (epoch ms), in place of the one before; Infinity: never. */
export type Alarm = (at: number) => void

/** Makes it; it is not set. The same instant again changes nothing: a line that is busy sets it at each message. */
export function createAlarm(clock: Clock, ring: () => void): Alarm {
  const alarm = createOne(clock, ring)
  return (at) => {
    if (at !== alarm.at) alarm.set(at)
  }
}
