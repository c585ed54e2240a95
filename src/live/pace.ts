/** How fast frames go out: a server closes on whoever says too much at once, and that is final (1008). */
import type { Clock, Stop } from '../core/clock.js'

/** The turns of one line. */
export interface Pace {
  /** Whether one more may go out now; if not, `run` is called when it is worth asking again. */
  take(): boolean
  /** Looks again a turn later. */
  wait(): void
  stop(): void
}

/** So long is a turn, in ms: a fifth of the second in which the server counts, so that no second sees more than six. */
const TURN_MS = 200

/** @param perS frames in a second; at most a fifth of them in one turn. */
export function createPace(clock: Clock, perS: number, run: () => void): Pace {
  const most = Math.max(1, Math.floor((perS * TURN_MS) / 1000))
  let turn = { at: -Infinity, taken: 0 }
  let cancel: Stop | null = null

  const wait = (): void => {
    cancel ??= clock.setTimeout(
      () => {
        cancel = null
        run()
      },
      Math.max(0, turn.at + TURN_MS - clock.now()) || TURN_MS,
    )
  }
  return {
    take() {
      const now = clock.now()
      if (now - turn.at >= TURN_MS) turn = { at: now, taken: 0 }
      if (turn.taken < most) {
        turn.taken += 1
        return true
      }
      wait()
      return false
    },
    wait,
    stop() {
      cancel?.()
      cancel = null
    },
  }
}
