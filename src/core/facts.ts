/** What the parts around a connection know, in words only: from this people are told something. */
import type { Stop } from './clock.js'

/**
 * Why memory stands in for the database. `unavailable`: there is none, or it is denied (private mode); `blocked`:
 * an old tab keeps it from being upgraded, and has to be closed; `newer`: a newer version of the application has
 * it, and the page has to be loaded again.
 */
export type StandIn = 'unavailable' | 'blocked' | 'newer'

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
  /** What was accepted in this run, and not let go: confirmed, still to be sent, or in need of a person. */
  readonly total: number
  /** When the oldest action that waits was created; null: none waits. */
  readonly oldestAt: number | null
  /** When the newest action was accepted; null: none yet. */
  readonly lastWriteAt: number | null
  /** False: only in memory ("in this tab"). */
  readonly persisted: boolean
  /** The server asked to wait until then (429, 503); null: not paused. */
  readonly pausedUntil: number | null
  /** Why `persisted` is false where it should be true; null or absent: no reason but the choice of the store. */
  readonly standIn?: StandIn | null
  /** Records in the store that cannot be read as actions: kept as they are, and never sent. Absent: none. */
  readonly aside?: number
  /**
   * When it was noticed that the database has lost actions that were waiting (epoch ms); null or absent: it has
   * not. Told in one page, once: the next one starts from what is left.
   */
  readonly lostAt?: number | null
}

/** Independent facts of the parts around a connection, from which people are told something. */
export interface Facts {
  readonly queue: QueueFacts
  /** Since when the oldest request of the person is pending without movement; null: none. */
  readonly pendingSince: number | null
  /** Requests that wait for the link. */
  readonly held: number
  readonly session: 'kept' | 'lost'
  /**
   * When a part of the application was last asked for that the server no longer has (epoch ms): there is a new version,
   * and the page can be loaded again to have it. null or absent: none is known.
   */
  readonly newVersionAt?: number | null
}

/** Something that knows some of the facts; it calls at once with what it knows, then on each change. */
export interface FactSource {
  subscribe(listener: (facts: Partial<Facts>) => void): Stop
}
