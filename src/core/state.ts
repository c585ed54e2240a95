/**
 * What a connection is, in words only: unions and shapes, no behaviour.
 *
 * Three small unions, because they are three questions: can the service be reached (`LinkState`), may we
 * speak to it (`AuthState`), and does the person want us to (`Intent`). See docs/spec/architecture.md.
 */
import type { RetryBudget } from './budget.js'
import type { Clock, Random, Stop } from './clock.js'
import type { Tally } from './outages.js'
import type { Memory } from './remembered.js'

export type { Stop } from './clock.js'
export type { Memory, Plan, WakeKind } from './remembered.js'

/** Why a link is down, or is suspected to be. */
export type Cause = 'device' | 'server' | 'timeout' | 'planned' | 'portal'

/** Can the service be reached? Down means waiting, trying or stopped. */
export type LinkState =
  | { readonly name: 'idle'; readonly memory: Memory }
  | {
      readonly name: 'connecting'
      readonly since: number
      readonly attempt: number
      readonly cause: Cause | null
      readonly memory: Memory
    }
  | { readonly name: 'online'; readonly since: number; readonly memory: Memory }
  | {
      readonly name: 'suspect'
      /** When the first evidence of this suspicion came. */
      readonly since: number
      /** Since when the link had been up before: given back if the suspicion is nothing. */
      readonly onlineSince: number
      readonly cause: Cause
      /** A delay that a notice from a socket or stream named, in ms; null: none. */
      readonly hint: number | null
      readonly memory: Memory
    }
  | {
      readonly name: 'waiting'
      readonly since: number
      readonly cause: Cause
      readonly attempt: number
      /** When the next attempt is due; null: none is planned (hidden, and nothing wanted). */
      readonly nextAttemptAt: number | null
      readonly memory: Memory
    }
  | {
      readonly name: 'trying'
      readonly since: number
      readonly cause: Cause
      readonly attempt: number
      readonly memory: Memory
    }
  | {
      readonly name: 'stopped'
      readonly since: number
      readonly cause: Cause
      readonly reason: 'gave-up'
      readonly memory: Memory
    }

/** The states in which the link is down. */
export type Down = Extract<LinkState, { name: 'waiting' | 'trying' | 'stopped' }>

/** The name of a state of the link. */
export type LinkName = LinkState['name']

/** May we speak to the service? */
export type AuthState = 'unknown' | 'valid' | 'refreshing' | 'required'

/** Does the person want us to? `offline` is by choice. */
export type Intent = 'online' | 'offline'

/** The steps after a recovery (`onRecovered`): none running, running, or failed three times with the link up. */
export type Resync = 'none' | 'running' | 'failed'

/** The one verdict about a service. */
export interface ConnectionState {
  readonly link: LinkState
  readonly auth: AuthState
  readonly intent: Intent
  readonly resync: Resync
}

/** Evidence, wishes and the passing of time: everything enters through one door. */
export type ConnectionEvent =
  | { readonly type: 'START' }
  | { readonly type: 'STOP' }
  | { readonly type: 'GO_OFFLINE' }
  | { readonly type: 'GO_ONLINE' }
  /** One request's misfortune, or a notice that a socket brought (cause planned, with its hint). */
  | { readonly type: 'SUSPICION'; readonly cause: Cause; readonly hintMs?: number }
  /** A recognised answer to a request that began at `startedAt`. */
  | { readonly type: 'GOOD_ANSWER'; readonly startedAt: number; readonly boot?: string }
  | { readonly type: 'PROBE_OK'; readonly boot?: string }
  | { readonly type: 'PROBE_FAILED'; readonly cause: 'server' | 'timeout' | 'portal' }
  /** A 503 to the probe with our marker. */
  | { readonly type: 'NOTICE'; readonly retryAfterMs?: number; readonly boot?: string }
  | { readonly type: 'WAKE' }
  | { readonly type: 'VISIBLE' }
  | { readonly type: 'HIDDEN' }
  | { readonly type: 'NAV_ONLINE' }
  | { readonly type: 'NAV_OFFLINE' }
  | { readonly type: 'RETRY_NOW' }
  /** Something began to wait (a held request, a queued write). */
  | { readonly type: 'WANTED' }
  | { readonly type: 'TIMER' }
  | { readonly type: 'UNAUTHORIZED' }
  | { readonly type: 'REFRESHED' }
  | { readonly type: 'REFRESH_REFUSED' }
  | { readonly type: 'REFRESH_LOST' }
  | { readonly type: 'SIGNED_IN' }
  /** The person has left: what they still had waiting is nobody else's. */
  | { readonly type: 'SIGNED_OUT' }
  | { readonly type: 'RESYNC'; readonly resync: Resync }

/** What the interpreter is asked to do. One probe and one timer at most exist at any time. */
export type Effect =
  | { readonly type: 'probe' }
  | { readonly type: 'abort' }
  | { readonly type: 'timer'; readonly at: number }
  | { readonly type: 'no-timer' }
  | { readonly type: 'refresh' }
  | { readonly type: 'recover' }

/** What the pure function is told about the moment. */
export interface Stamp {
  readonly now: number
  /** In [0, 1); drawn once per attempt. */
  readonly roll: number
  /** Something waits for the link. */
  readonly wanted: boolean
  /** There are steps to be run after a recovery. */
  readonly steps: boolean
  /** Since the last sign of life. */
  readonly silentMs: number
}

/** A source of evidence: listens while it runs, returns its stop. */
export type Signal = (send: (event: ConnectionEvent) => void, ports: SignalPorts) => Stop

/** What a signal may ask of its connection. */
export interface SignalPorts {
  readonly clock: Clock
  /** The connection that it listens for: for signals that wait for the verdict. Absent for a probe. */
  readonly connection?: Connection
}

/** What a probe found out. */
export type ProbeResult =
  | { readonly kind: 'good'; readonly boot?: string }
  | { readonly kind: 'draining'; readonly retryAfterMs?: number; readonly boot?: string }
  | { readonly kind: 'portal' }
  | { readonly kind: 'unauthorized'; readonly boot?: string }
  | { readonly kind: 'failed' }

/** The health check: one attempt. Rejections count as `failed`; it ends when `signal` aborts. */
export interface Probe {
  (signal: AbortSignal, ports: SignalPorts): Promise<ProbeResult>
  /** The origin that it asks; null: unknown. */
  readonly origin?: string | null
}

/** Tokens. `refresh` rejects with an error whose `code` is `unauthorized` when sign-in is needed. */
export interface AuthPort {
  token(): string | null | Promise<string | null>
  refresh(signal: AbortSignal): Promise<void>
}

export type { RetryBudget } from './budget.js'
export type { Facts, FactSource, QueueFacts } from './facts.js'
export type { OutageReport, Tally } from './outages.js'

/** The only holder of the verdict. Made by `createConnection`; handed to http, live, queue and status. */
export interface Connection {
  readonly state: ConnectionState
  /** The origins of the service; evidence and holding concern these alone. */
  readonly origins: readonly string[]
  readonly clock: Clock
  readonly random: Random
  /** The auth port, if one was given. Without it a 401 is the caller's, never a phase. */
  readonly auth: AuthPort | null
  /** What all its callers may repeat together. */
  readonly budget: RetryBudget
  /** What its outages did to requests: counted by whoever holds them. */
  readonly tally: Tally
  /** Calls after each event that changed something, with the new state and that event. */
  subscribe(listener: (state: ConnectionState, event: ConnectionEvent) => void): Stop
  /** The one door for evidence. Events sent by a subscriber wait their turn. */
  send(event: ConnectionEvent): void
  start(): void
  stop(): void
  /** A person asked for an attempt. */
  retryNow(): void
  setIntent(intent: Intent): void
  /** Sign-in is done: auth is valid again. */
  signedIn(): void
  /**
   * The person leaves: auth is unknown again, and whatever of theirs waits for the link, a token or a pause is
   * rejected (`signed-out`) instead of being sent as the next one. `queue.signOut` calls it; without a queue, call it
   * at log-out, before the next person's token is there. What is in the air ends by itself and is not repeated.
   */
  signedOut(): void
  /** What must be done after a loss (refetch, resubscribe); steps run in order, before the queue drains. */
  onRecovered(step: (signal: AbortSignal) => Promise<void>): Stop
  /** Says that something waits for the link; the returned stop says that it no longer does. */
  want(): Stop
}

/** Whether requests may go out: not down, not stopped, not offline by choice. */
export function isDown(link: LinkState): link is Down {
  return link.name === 'waiting' || link.name === 'trying' || link.name === 'stopped'
}
