/**
 * The clock of the simulated device, for the application on it. It stands still while the page is frozen or the device
 * asleep, and jumps when somebody sets it.
 *
 * A frozen page finds everything that came due at its return. A device that slept does not: the timers of Chromium
 * run on a clock that stands still in sleep on Linux and macOS (CLOCK_MONOTONIC, mach_absolute_time), so what had
 * three seconds to go still has them, while the wall clock says that an hour has passed.
 */
import { forwardOnly, type Clock, type Stop } from '../../src/core/clock.js'

/** The clock with what happens to it. */
export interface DeviceClock {
  readonly clock: Clock
  /** No timer runs; they come due all the same. */
  freeze(): void
  /** No timer runs or comes due. */
  sleep(): void
  /** They run again. */
  resume(): void
  /** The wall clock is so much further on at once (ms); negative: back, which this clock, as the kit's own, makes up for. */
  jump(ms: number): void
}

interface Timer {
  /** On the clock that stands still in sleep. */
  readonly dueAt: number
  readonly run: () => void
  cancel: Stop
}

type State =
  | { readonly name: 'runs' }
  | { readonly name: 'frozen' }
  | { readonly name: 'asleep'; readonly sinceAt: number }

/** Makes the clock of a device in this world. */
export function createDeviceClock(world: Clock): DeviceClock {
  /** In the order in which they were set: of one instant that is the order in which they run. */
  const timers = new Set<Timer>()
  let state: State = { name: 'runs' }
  let jumpedMs = 0
  let sleptMs = 0

  const now = forwardOnly(() => world.now() + jumpedMs)
  const uptime = (): number => (state.name === 'asleep' ? state.sinceAt : world.now()) - sleptMs
  const wakeUp = (): void => {
    if (state.name === 'asleep') sleptMs += world.now() - state.sinceAt
  }
  const arm = (timer: Timer): void => {
    timer.cancel = world.setTimeout(() => {
      timers.delete(timer)
      timer.run()
    }, timer.dueAt - uptime())
  }
  const stand = (next: State): void => {
    wakeUp()
    state = next
    for (const timer of timers) timer.cancel()
  }

  return {
    clock: {
      now,
      setTimeout(run, delayMs) {
        if (delayMs === Infinity) return () => {}
        const timer: Timer = { dueAt: uptime() + Math.max(0, delayMs), run, cancel() {} }
        timers.add(timer)
        if (state.name === 'runs') arm(timer)
        return () => {
          if (timers.delete(timer)) timer.cancel()
        }
      },
      track: (promise) => world.track(promise),
    },
    freeze: () => stand({ name: 'frozen' }),
    sleep: () => stand({ name: 'asleep', sinceAt: world.now() }),
    resume() {
      if (state.name === 'runs') return
      wakeUp()
      state = { name: 'runs' }
      for (const timer of [...timers].sort((one, other) => one.dueAt - other.dueAt)) arm(timer)
    },
    jump(ms) {
      jumpedMs += ms
      now()
    },
  }
}
