/** One timer, set anew as often as wanted. */
import type { Clock, Stop } from '../core/clock.js'

/** Sets it to ring at an instant (epoch ms), in place of the one before; Infinity: never. */
export type Alarm = (at: number) => void

/** Makes it; it is not set. */
export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let setTo = Infinity
  let stop: Stop = () => {}
  return (at) => {
    if (at === setTo) return
    stop()
    setTo = at
    stop = clock.setTimeout(() => {
      setTo = Infinity
      ring()
    }, at - clock.now())
  }
}
