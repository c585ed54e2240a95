/**
 * A recording, in words only: what happened to a connection and when. It holds numbers, words of closed lists and the
 * routes that the application has named itself: no address, no query, no header, no body, no token, no id.
 */
import type { AuthState, Cause, ConnectionEvent, LinkName } from '../core/state.js'
import type { Decision, Why } from '../http/log.js'

/** What a connection lived through. Plain data: it can be stored, sent, and played by `holdfast/simulator`. */
export interface Recording {
  readonly kind: 'holdfast-recording'
  /** Of this format. */
  readonly version: 1
  /** When it begins (epoch ms); everything in it is counted from here. */
  readonly startedAt: number
  /** How long it is (ms). */
  readonly lengthMs: number
  /** In the order in which things happened. */
  readonly lines: readonly RecordedLine[]
  /** How many older lines there was no room for. */
  readonly dropped: number
}

/** One line of a recording. */
export type RecordedLine = LinkLine | RequestLine | SilenceLine

/** The connection has changed. */
export interface LinkLine {
  readonly what: 'link'
  readonly atMs: number
  /** The event that changed it. */
  readonly event: ConnectionEvent['type']
  /** The link afterwards. */
  readonly link: LinkName
  /** Why it is down or suspected to be; null: it is neither. */
  readonly cause: Cause | null
  readonly auth: AuthState
  /** What the event itself says was seen: of a suspicion, or of a health check that failed. */
  readonly seen?: Cause
  /** How long the service asked to wait (ms): in a notice. */
  readonly hintMs?: number
  /** When the request began that was answered well. */
  readonly startedMs?: number
  /** A health check went out with this change. */
  readonly probe?: true
  /** Another process of the service answered than before. */
  readonly newBoot?: true
}

/** A decision about a request, after an attempt that was no success. */
export interface RequestLine {
  readonly what: 'request'
  readonly atMs: number
  /** The number of the request: its lines share it. */
  readonly id: number
  /** `OTHER`: none of the standard ones. */
  readonly method: string
  /** The first of the named routes that it fits; null: none. */
  readonly route: string | null
  readonly decision: Decision
  readonly why: Why
  /** How often it has been handed to the network so far. */
  readonly attempt: number
  /** How long it waits before it goes again (ms). */
  readonly delayMs?: number
  /** The status of the last answer; absent: there was none. */
  readonly status?: number
}

/** Requests have become silent, or are no longer. */
export interface SilenceLine {
  readonly what: 'silence'
  readonly atMs: number
  /** Since when the oldest request is silent; null: none has been for a second. */
  readonly sinceMs: number | null
}
