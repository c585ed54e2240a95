/** What the queue says about itself: counted, never kept. Pure. */
import type { QueueFacts } from '../core/state.js'
import type { Action } from './action.js'
import type { LineUp } from './line-up.js'

/** What cannot be counted from the actions. */
export interface FactMemory extends StorageFacts {
  /** Confirmed since the queue was last empty. */
  readonly sent: number
  readonly lastWriteAt: number | null
  readonly pausedUntil: number | null
}

/** What has become of the place where the actions are kept. */
export type StorageFacts = Required<Pick<QueueFacts, 'persisted' | 'standIn' | 'aside' | 'lostAt'>>

/** On a day on which nothing has happened to it, and nothing is known of it. */
export const BLANK_STORAGE: StorageFacts = { persisted: false, standIn: null, aside: 0, lostAt: null }

/**
 * Counts the actions by what people have to know about them. `older`: how many of the stuck ones were stuck before
 * this run began; all others belong to what was accepted in it, whatever has become of them.
 */
export function countFacts(
  actions: readonly Action[],
  { stuck }: LineUp,
  memory: FactMemory,
  older: number,
): QueueFacts {
  const counts = { waiting: 0, sending: 0, failed: 0, conflict: 0, unconfirmed: 0, blocked: 0 }
  let oldestAt: number | null = null
  for (const action of actions) {
    const aside = stuck.get(action.id)?.state.name
    const name = aside ?? (action.state.name === 'sending' ? 'sending' : 'waiting')
    counts[name === 'queued' ? 'waiting' : name]++
    if (aside === undefined) oldestAt = Math.min(oldestAt ?? Infinity, action.createdAt)
  }
  const total = memory.sent + actions.length - older
  return { ...counts, ...memory, total, oldestAt }
}

/** Whether anything differs. */
export function sameFacts(one: QueueFacts, other: QueueFacts): boolean {
  return (Object.keys(one) as (keyof QueueFacts)[]).every((name) => one[name] === other[name])
}
