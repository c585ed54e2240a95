/** What the parts around a connection know, in words only: from this people are told something. */
import type { Stop } from './clock.js'

/** What a queue says about itself. Counts are of rows in the store. */
export interface QueueFacts {
  readonly waiting: number
  readonly sending: number
  readonly failed: number
  readonly conflict: number
  /** Unknown whether saved, and not to be resent by itself: needs a person. */
  readonly unconfirmed: number
  readonly blocked: number
  /** Confirmed since the queue was last empty. */
  readonly sent: number
  /** `sent` plus everything that still has to be sent in this run. */
  readonly total: number
  /** When the oldest action that waits was created; null: none waits. */
  readonly oldestAt: number | null
  /** When the newest action was accepted; null: none yet. */
  readonly lastWriteAt: number | null
  /** False: only in memory ("in this tab"). */
  readonly persisted: boolean
  /** The server asked to wait until then (429, 503); null: not paused. */
  readonly pausedUntil: number | null
}

/** Independent facts of the parts around a connection, from which people are told something. */
export interface Facts {
  readonly queue: QueueFacts
  /** Since when the oldest request of the person is pending without movement; null: none. */
  readonly pendingSince: number | null
  /** Requests that wait for the link. */
  readonly held: number
  readonly session: 'kept' | 'lost'
}

/** Something that knows some of the facts; it calls at once with what it knows, then on each change. */
export interface FactSource {
  subscribe(listener: (facts: Partial<Facts>) => void): Stop
}
