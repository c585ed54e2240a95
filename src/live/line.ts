/**
 * The words of the live half: what one attempt of one transport is. No behaviour.
 *
 *     driver   knows one attempt, nothing else (websocket.ts, event-stream.ts, long-poll.ts)
 *     keeper   keeps one line open: when to dial, with what, when it is dead (keeper.ts over dialling.ts)
 *     channel  what is said over it: subscriptions, cursors, acknowledgements (channel.ts)
 */
import type { Clock } from '../core/clock.js'

/** How a line travels. */
export type Transport = 'websocket' | 'event-stream' | 'long-poll'

/** What a line is opened for: read at the moment of dialling, never kept. */
export interface LineRequest {
  /** Where to. Already checked: an origin of the channel's own list. */
  readonly url: URL
  /** Sub-protocols of a WebSocket. Others ignore them. */
  readonly protocols: readonly string[]
  /** Goes into `Authorization` of streams and polls; a socket says it in its first frame, which is its owner's. */
  readonly token: string | null
  /** What a stream or poll asks for; a socket asks after it is open. */
  readonly topics: readonly string[]
  /** Where to go on (`<epoch>:<offset>`), for streams and polls; null: from now on. */
  readonly cursor: string | null
}

/** What a line tells. After `end` it tells nothing. */
export type LineNews =
  /** The transport stands: the handshake of a socket, the head of a stream or of a poll's first answer. */
  | { readonly type: 'open' }
  /** One message. Text of a socket or the data of an event; a poll's are told one by one, as text too. */
  | { readonly type: 'message'; readonly data: unknown; readonly id?: string }
  /** A sign of life that says nothing else: a comment of a stream, the answer of a poll. */
  | { readonly type: 'alive' }
  /** The server named the least wait before coming back (`retry:`), in ms; already checked. */
  | { readonly type: 'retry'; readonly retryMs: number }
  | { readonly type: 'end'; readonly end: LineEnd }

/** What is to be done after a line has ended; which, the table in ends.ts says. */
export type Verdict =
  /** Dial again, at once or as the own schedule says. */
  | 'again'
  /** Dial again, not before `retryAfterMs` (none given: as the own schedule says); a restart, or too busy. */
  | 'later'
  /** A fresh token first. */
  | 'needs-auth'
  /** The session is unknown: sign in, and begin anew. */
  | 'session-lost'
  /** Never again by itself. */
  | 'fatal'
  /** This transport does not work here; another may. */
  | 'unsuitable'

/** How a line ended. */
export interface LineEnd {
  readonly verdict: Verdict
  /** As of a WebSocket's close event; 1006 where nobody said anything; streams and polls: 1000 or 1006. */
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
  /** The status of an answer that was no stream; absent for sockets and for what has opened. */
  readonly status?: number
  /** The least wait that the server named, in ms, at most an hour. */
  readonly retryAfterMs?: number
}

/** One open, or opening, line. */
export interface Line {
  readonly transport: Transport
  /** Bytes that have been given to the platform and have not left yet; 0 where nobody can tell. */
  readonly bufferedAmount: number
  /** Of an open socket: the sub-protocol that its server chose, and the extensions in use. */
  readonly protocol?: string
  readonly extensions?: string
  /** Says something. False: this line cannot (a stream, a poll: POST instead), or is not open. */
  send(data: string | ArrayBufferLike | ArrayBufferView | Blob): boolean
  /**
   * Ends it without waiting for the peer: after this call nothing more is told, an `end` neither. Listeners are off,
   * the socket is told to close and forgotten (reliability.md 1.4: its close event may come a minute later).
   */
  drop(code?: number, reason?: string): void
}

/** One transport. It dials once, and neither retries, nor resumes, nor judges when. */
export interface Driver {
  readonly transport: Transport
  /** Begins an attempt at once. Whatever happens is told later, never within this call. */
  open(request: LineRequest, ports: LinePorts): Line
}

/** What an attempt may use. */
export interface LinePorts {
  readonly clock: Clock
  tell(news: LineNews): void
}
