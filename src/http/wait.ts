/** Waiting on a request's way: for the link, for the next retry, for a new token. */
import type { Clock } from '../core/clock.js'
import { cancelled, listen, unlisten } from './cancel.js'
import type { Call } from './call.js'

/** What is waited for. */
export type WaitKind = 'link' | 'retry' | 'auth'

/** How a wait ends: it came, its time is up, or the kit stops (`stopped`) or is told to be offline (`paused`). */
export type Ending = 'go' | 'late' | 'stopped' | 'paused'

interface Wait {
  readonly kind: WaitKind
  readonly call: Call
  readonly end: (ending: Ending) => void
}

/** All waits of a client. Each ends exactly once, and leaves neither timer nor listener behind. */
export interface Waits {
  /** How many wait for the link. */
  readonly held: number
  /** Waits at most so long. Rejects with axios' own CanceledError when the caller cancels. */
  start(kind: WaitKind, call: Call, longestMs: number): Promise<Ending>
  /** Ends those of a kind, or all; who asked first goes first. */
  end(ending: Ending, kind?: WaitKind): void
}

/** Makes the waits of one client; `onHeld` hears each time when a request begins or ends to wait for the link. */
export function createWaits(clock: Clock, onHeld: () => void): Waits {
  const all = new Set<Wait>()
  let held = 0

  return {
    get held() {
      return held
    },
    start: (kind, call, longestMs) =>
      new Promise((resolve, reject) => {
        const { config } = call
        const leave = () => {
          all.delete(wait)
          stopTimer()
          unlisten(config, onCancel)
          if (kind === 'link') count(-1)
        }
        const end = (ending: Ending) => {
          leave()
          resolve(ending)
        }
        const onCancel = () => {
          leave()
          reject(cancelled(config))
        }
        const already = cancelled(config)
        if (already !== undefined) return reject(already)
        const wait: Wait = { kind, call, end }
        all.add(wait)
        const stopTimer = clock.setTimeout(() => end('late'), longestMs)
        listen(config, onCancel)
        if (kind === 'link') count(1)
      }),
    end(ending, kind) {
      const ended = [...all].filter((wait) => kind === undefined || wait.kind === kind)
      ended.sort((one, other) => one.call.arrivedAt - other.call.arrivedAt)
      for (const wait of ended) wait.end(ending)
    },
  }

  function count(change: number): void {
    held += change
    onHeld()
  }
}
