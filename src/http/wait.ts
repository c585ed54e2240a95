/** Waiting on a request's way: for the link, for its turn, for the next retry, for a token of either kind. */
import type { Clock } from '../core/clock.js'
import { listen, unlisten, type Cancelled } from './cancel.js'
import type { Call } from './call.js'
import { markOf } from './config.js'
import { isSafe } from './idempotency.js'

/**
 * What is waited for: the link; one's turn when it is up again; the end of a pause; a new access token; a place in
 * the retry budget; the answer to an identical request.
 */
export type WaitKind = 'link' | 'turn' | 'retry' | 'auth' | 'token' | 'budget' | 'share'

/**
 * How a wait ends: it came, its time is up, the kit stops (`stopped`) or is told to be offline (`paused`), or the
 * person has signed out.
 */
export type Ending = 'go' | 'late' | 'stopped' | 'paused' | 'signed-out'

/** Whether whoever waited gets nothing any more. */
export const isVain = (ending: Ending): ending is Exclude<Ending, 'go' | 'late'> =>
  ending !== 'go' && ending !== 'late'

interface Wait {
  readonly kind: WaitKind
  readonly call: Call
  readonly end: (ending: Ending) => void
}

/** All waits of a client. Each ends exactly once, and leaves neither timer nor listener behind. */
export interface Waits {
  /** How many wait for the link, or for their turn after it came up. */
  readonly held: number
  /** How many of all that wait are unsafe requests. */
  readonly unsafe: number
  /** How many wait for this, or how many of those are meant. */
  count(kind: WaitKind, isMeant?: (call: Call) => boolean): number
  /** Waits at most so long. Rejects with the platform's own error when the caller cancels. */
  start(kind: WaitKind, call: Call, longestMs: number): Promise<Ending>
  /** Ends those of a kind, or all, or those that are meant; who comes first goes first. */
  end(ending: Ending, kind?: WaitKind, isMeant?: (call: Call) => boolean): void
  /** Lets the first of a kind go; null: none waits. */
  next(kind: WaitKind): Call | null
}

const rankOf = ({ call }: Wait): number => (markOf(call.config)?.priority === 'prefetch' ? 1 : 0)

/** Prefetches last; of equals, who asked first goes first. */
const byRank = (one: Wait, other: Wait): number =>
  rankOf(one) - rankOf(other) ||
  one.call.arrivedAt - other.call.arrivedAt ||
  one.call.order - other.call.order

/** Makes the waits of one client; `onChange` hears each time when one begins or ends. */
export function createWaits(clock: Clock, onChange: () => void, cancelled: Cancelled): Waits {
  const all = new Set<Wait>()
  const counts: Record<WaitKind, number> = {
    link: 0,
    turn: 0,
    retry: 0,
    auth: 0,
    token: 0,
    budget: 0,
    share: 0,
  }
  let unsafe = 0
  let lastOrder = 0

  function count(kind: WaitKind, call: Call, change: 1 | -1): void {
    counts[kind] += change
    if (!isSafe(call.config)) unsafe += change
    onChange()
  }

  return {
    get held() {
      return counts.link + counts.turn
    },
    get unsafe() {
      return unsafe
    },
    count(kind, isMeant) {
      if (!isMeant || counts[kind] === 0) return counts[kind]
      return [...all].filter((wait) => wait.kind === kind && isMeant(wait.call)).length
    },
    start: (kind, call, longestMs) =>
      new Promise((resolve, reject) => {
        const { config } = call
        const leave = () => {
          all.delete(wait)
          stopTimer()
          unlisten(config, onCancel)
          count(kind, call, -1)
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
        call.order ||= ++lastOrder
        const stopTimer = clock.setTimeout(() => end('late'), longestMs)
        listen(config, onCancel)
        count(kind, call, 1)
      }),
    end(ending, kind, isMeant) {
      const ended = [...all].filter(
        (wait) => (kind === undefined || wait.kind === kind) && (isMeant?.(wait.call) ?? true),
      )
      for (const wait of ended.sort(byRank)) wait.end(ending)
    },
    next(kind) {
      const [first] = [...all].filter((wait) => wait.kind === kind).sort(byRank)
      first?.end('go')
      return first?.call ?? null
    },
  }
}
