/** The words of the keeper, which keeps one line open: its contract with whoever owns it. No behaviour. */
import type { Connection, Stop } from '../core/state.js'
import type { Schedule } from '../core/schedule.js'
import type { Heartbeat } from './heartbeat.js'
import type { Line, LineEnd, LineRequest, Transport } from './line.js'
import type { Routes } from './routes.js'

/** What its keeper is doing. */
export type KeeperState =
  /** Not started, or closed by hand: final until `start()`. */
  | { readonly name: 'closed' }
  /** The service cannot be reached, nor is there another server; or the connection is not running. */
  | { readonly name: 'waiting-link' }
  /** An attempt is out: what it is opened for is being asked, or its transport is not open yet. */
  | {
      readonly name: 'dialling'
      /** When it began (epoch ms). */
      readonly since: number
      /** From 1, since a line was last `proven`. */
      readonly attempt: number
      readonly transport: Transport
    }
  /** The transport stands; its owner has not said `proven` yet. */
  | {
      readonly name: 'greeting'
      readonly since: number
      readonly attempt: number
      readonly transport: Transport
    }
  /** Proven, and in use. */
  | { readonly name: 'open'; readonly since: number; readonly transport: Transport }
  /** The own attempt failed, or a ticket stands, though the service is up or another server may be dialled. */
  | {
      readonly name: 'backoff'
      /** When it dials next; null: the page is hidden and nobody needs the line, so not before that changes. */
      readonly nextAttemptAt: number | null
      /** The number of the attempt that is waited for. */
      readonly attempt: number
    }
  /** A fresh token or a sign-in is waited for. */
  | { readonly name: 'auth' }
  /** Never again by itself; a person may (`retryNow`, `start`). */
  | { readonly name: 'fatal'; readonly end: LineEnd }

/**
 * What a keeper tells its owner. `generation` numbers the attempts; a line of an older one tells nothing more.
 * Whoever holds a line drops his reference when its end is told, or when he has said `proven` for a newer one.
 */
export type KeeperNews =
  /** A transport stands; the owner greets (AUTH, HELLO …), then says `proven`, or the attempt ends in time. */
  | {
      readonly type: 'opened'
      readonly line: Line
      readonly generation: number
      /** A better line beside the one in use, which serves on until this one is `proven` and is dropped then. */
      readonly isProbation: boolean
    }
  | {
      readonly type: 'message'
      readonly data: unknown
      readonly id?: string
      readonly generation: number
    }
  /**
   * The attempt or the line is over: also by a missed pong or a deadline (1006, the reason in words), also before
   * it opened. What the owner asked for himself (`stop`, `reopen`, a hand-over) is not told.
   */
  | { readonly type: 'ended'; readonly end: LineEnd; readonly generation: number }
  /** An open line that was asked for a sign of life gave one. */
  | { readonly type: 'alive'; readonly generation: number }
  | { readonly type: 'state'; readonly state: KeeperState }

/**
 * What an attempt is opened for, asked at the moment of dialling. The keeper adds the URL of an endpoint; a `url` of
 * one's own (a query that is made anew each time) must lie on the origin of an endpoint if a token goes along.
 */
export type DialRequest = Omit<LineRequest, 'url'> & { readonly url?: URL }

/** Options of `createKeeper`. */
export interface KeeperOptions {
  /** Whose verdict is waited for while the service is down, and which hears what lines tell about it. */
  connection: Connection
  /** The ways to dial: `createRoutes(drivers, endpoints)`, or `oneRoute(driver, url?)` where there is but one. */
  routes: Routes
  /** Asked for each attempt; a rejection is a failed attempt, one with code `unauthorized` needs a token. */
  request(transport: Transport, signal: AbortSignal): DialRequest | Promise<DialRequest>
  /** Hears everything, never within a call of the keeper's own methods but `start`, `stop` and their kind. */
  tell(news: KeeperNews): void
  /**
   * Waits between own failed attempts, while the link is up or at a server that its verdict is not about. Default: the
   * preset `live` (1, 2, 4 … 30 s, ± 50 %).
   */
  schedule?: Schedule
  /** For what `request` asks, once more for an attempt to open, and once more to be `proven`, in ms. Default 10,000. */
  dialTimeoutMs?: number
  /** When an open line is asked for a sign of life. Default: `adaptive()`; null: never. */
  heartbeat?: Heartbeat | null
  /**
   * Where it is heard that somebody uses the page (`pointerdown`, `keydown`), only while a line is open. Default: the
   * global window, if there is one; null: only what is sent counts as use.
   */
  window?: EventTarget | null
}

/** What an owner knows once the greeting is done. */
export interface Proof {
  /** The server's own interval (HELLO): an upper bound of the heartbeat's. */
  readonly heartbeatMs?: number
  /** The server's boot id. */
  readonly boot?: string
}

/** Why somebody needs the line. `unacknowledged` also quickens the heartbeat. */
export type NeedKind = 'subscribed' | 'unacknowledged'

/** Keeps one line open. Made by `createKeeper`; does nothing until `start()`. */
export interface Keeper {
  readonly state: KeeperState
  /** Dials, or begins to wait for the link. Does nothing while it is not closed or fatal. */
  start(): void
  /** Drops everything: no timer, listener or line is left. Final until `start()`. Default code: 1000. */
  stop(code?: number, reason?: string): void
  /** The newest opened line has done its greeting. It is evidence that the service is up. */
  proven(proof?: Proof): void
  /** The server says that it is going (DRAIN): nobody dials before that many ms, and the connection is told. */
  noticed(retryAfterMs?: number): void
  /** Drops this line and dials anew at once (what it was opened for has changed); the reason is for logs. */
  reopen(reason: string): void
  /** A person asks: an attempt at once, at most one a second. It cuts a wait short and revives `fatal` and `auth`. */
  retryNow(): void
  /** Asks an open line for a sign of life now: `alive` or `ended` follows within the pong timeout. */
  prove(): void
  /** Somebody needs the line, and so the link, until the returned stop: a hidden page dials and pings only then. */
  need(kind?: NeedKind): Stop
  /** Says something on the line in use, once it is opened. False: it cannot. */
  send(data: string | ArrayBufferLike | ArrayBufferView | Blob): boolean
}
