/**
 * The way out after an outage: whoever was held goes out one, two, four … at a time, as good answers come, so that a
 * server that has just got up is not run over (architecture.md, "Holding"). Requests asked since pass by.
 */
import type { Clock, Stop } from '../core/clock.js'
import type { Call } from './call.js'
import type { Waits } from './wait.js'

/** Without any answer for so long one more goes out: one slow request must not hold up the others. */
const SLOW_MS = 1_000

/** The gate of one client. */
export interface Gate {
  /** Whether somebody's turn is still to come, so that whoever repeats has to wait for his own. */
  readonly isPacing: boolean
  /** The link is up again. */
  open(): void
  /** The link is down, or the kit was taken off: nobody goes. */
  shut(): void
  /** Lets a call go if it is its turn by now, or if there are no turns; else it has to wait for `turn`. */
  admit(call: Call): boolean
  /** An attempt of this call has ended, or will not begin. */
  landed(call: Call, isGood: boolean): void
}

/** Makes the gate; it is open. */
export function createGate(clock: Clock, waits: Waits): Gate {
  let isPacing = false
  /** The number of this release: a call that was let go in an earlier one counts no more. */
  let release = 0
  let width = 1
  let flying = 0
  /** They come one after the other; the best of them goes first only if all are there. */
  let isLinedUp = false
  let stopTimer: Stop | null = null

  function wake(): void {
    stopTimer?.()
    stopTimer = isPacing && waits.count('turn') > 0 ? clock.setTimeout(onSlow, SLOW_MS) : null
  }

  function onLinedUp(): void {
    stopTimer = null
    isLinedUp = true
    letGo()
    endIfIdle()
  }

  function onSlow(): void {
    stopTimer = null
    width = Math.max(width, flying) + 1
    letGo()
  }

  function letGo(): void {
    while (isPacing && isLinedUp && flying < width) {
      const call = waits.next('turn')
      if (!call) break
      take(call)
    }
    wake()
  }

  function endIfIdle(): void {
    if (flying === 0 && waits.count('turn') === 0) isPacing = false
  }

  function take(call: Call): void {
    flying += 1
    call.release = release
  }

  return {
    get isPacing() {
      return isPacing
    },
    open() {
      isPacing = true
      release += 1
      width = 1
      flying = 0
      isLinedUp = false
      stopTimer?.()
      stopTimer = clock.setTimeout(onLinedUp, 0)
    },
    shut() {
      isPacing = false
      wake()
    },
    admit(call) {
      if (!isPacing || call.release === release) return true
      const isFree = isLinedUp && flying < width && waits.count('turn') === 0
      if (isFree) take(call)
      else stopTimer ??= clock.setTimeout(onSlow, SLOW_MS)
      return isFree
    },
    landed(call, isGood) {
      if (call.release !== release || release === 0) return
      call.release = 0
      flying -= 1
      width = isGood ? width + 1 : Math.max(1, width >> 1)
      letGo()
      endIfIdle()
    },
  }
}
