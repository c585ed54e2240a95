/** One timer, for whoever waits for one instant at a time. */
import type { Clock, Stop } from './clock.js'

/** It rings once, when its time has come or later, and is off then. */
export interface Alarm {
  /** When it rings (epoch ms); Infinity: it is off. */
  readonly at: number
  /** From now on it rings at this instant and no other; Infinity: not at all. */
  set(at: number): void
}

/** An alarm that is off. `ring` is told for when it was set: a device that slept is late. */
export function createAlarm(clock: Pick<Clock, 'now' | 'setTimeout'>, ring: (at: number) => void): Alarm {
  let cancel: Stop | null = null
  const alarm = {
    at: Infinity,
    set(at: number) {
      cancel?.()
      cancel = at === Infinity ? null : clock.setTimeout(onTimer, at - clock.now())
      alarm.at = at
    },
  }
  function onTimer(): void {
    const { at } = alarm
    alarm.at = Infinity
    ring(at)
  }
  return alarm
}
