/** Who sends an action, and one sending of it. */
import { untilAborted } from '../core/clock.js'
import type { Outcome } from '../core/outcome.js'
import type { Action, FailureReason } from './action.js'
import { classifyFailure } from './failure.js'

/** What a handler is called with. */
export interface Sending {
  /** A copy of its own: what is kept stays the same on every attempt. */
  readonly payload: unknown
  /** The Idempotency-Key, the same on every attempt. */
  readonly key: string
  /** Aborts when the link is lost, when it takes too long, and when the queue stops. */
  readonly signal: AbortSignal
  /** From 1. */
  readonly attempt: number
  /** The version of the payload: one of the handler's `versions`. */
  readonly version: number
  /** Somebody has decided that it goes over what the server has: no If-Match, or that of the newest. */
  readonly override: boolean
}

/** Why an optimistic change is taken back. `edited`: the changed one is applied next; `unconfirmed`: it left the
 * store in another tab, and how was not heard. */
export type RollbackReason = FailureReason | 'conflict' | 'discarded' | 'replaced' | 'edited' | 'unconfirmed'

/** A conflict, as `resolve` sees it. */
export interface Conflict {
  /** A copy of what was sent. */
  readonly payload: unknown
  /** What the handler rejected with: its `response` has the server's view, if the handler's client keeps it. */
  readonly answer: unknown
  /** Aborts when the link is lost, when it takes too long, and when the queue stops. */
  readonly signal: AbortSignal
}

/**
 * How a conflict goes on. `retry`: with another payload, in its place and under a new key; `mine`: the same
 * once more, `override` set; `theirs`: it ends `discarded`; `ask`: a person decides.
 */
export type Resolution = { readonly retry: unknown } | 'mine' | 'theirs' | 'ask'

/** What a handler may have beside `send`; each is called by the feature that is named with it. */
export interface HandlerHooks {
  /** `coalescing()`: by name, makes one payload of an earlier one that was never sent and a later one. */
  readonly merges?: Readonly<Record<string, (earlier: unknown, later: unknown) => unknown>>
  /** `optimistic()`: shows the change before the server has confirmed it. Called once for each action. */
  apply?(payload: unknown): void
  /** `optimistic()`: takes back what `apply` was called with. Called once, and only after `apply`. */
  rollback?(payload: unknown, why: RollbackReason): void
  /**
   * `optimistic()`: whether actions found after a reload, or made in other tabs, are applied in this page as
   * well. Default: no, and then they are not rolled back either.
   */
  readonly rehydrate?: boolean
  /** `temporaryIds()`: the real ids in what `send` resolved with, in the order of the action's `tempIds`. */
  idsOf?(answer: unknown): readonly (string | number)[]
  /** `resolving()`: decides a conflict (412, or 409 without Retry-After). A rejection while the link is up: `ask`. */
  resolve?(conflict: Conflict): Resolution | Promise<Resolution>
}

/** Sends one kind of action. */
export interface Handler extends HandlerHooks {
  /** Whether the server honours Idempotency-Keys: only then is an unknown outcome sent again by itself. Default: false. */
  readonly honoursKeys?: boolean
  /**
   * The versions of payloads that it can send; new actions are of the last one. An action of another version
   * that is still kept becomes `failed`, `unsendable`, and holds nobody up. Default: [1].
   */
  readonly versions?: readonly number[]
  /**
   * Whether it can send now. While it says no its actions wait, unclaimed; it calls `again` when it is worth asking
   * once more. Default: it always can.
   */
  ready?(again: () => void): boolean
  /**
   * Resolves when the server has confirmed, rejects otherwise; `classifyFailure` reads the rejection. One that
   * throws before it has returned a promise has sent nothing: `unsendable`.
   */
  send(sending: Sending): Promise<unknown>
}

/** What one sending has come to. */
export interface Answer {
  readonly outcome: Outcome
  /** No request could be made of it. */
  readonly isUnsendable?: true
  /** What the handler resolved with. */
  readonly result?: unknown
  /** What it rejected with. */
  readonly error?: unknown
}

/** Calls the handler once; never rejects. After an abort nobody waits for it any more, whatever it still does. */
export async function sendOnce(
  handler: Handler,
  action: Action,
  hand: (payload: unknown) => unknown,
  signal: AbortSignal,
): Promise<Answer> {
  const { key, attempts: attempt, version = 1, override = false } = action
  let sent: unknown
  try {
    const payload = hand(structuredClone(action.payload))
    sent = handler.send({ payload, key, signal, attempt, version, override })
  } catch (error) {
    const outcome = classifyFailure(error)
    // It says itself what it was; otherwise it is a mistake in the page, which trying again does not mend.
    return outcome.class === 'maybe-committed'
      ? { outcome: { class: 'rejected' }, error, isUnsendable: true }
      : { outcome, error }
  }
  try {
    return { outcome: { class: 'ok' }, result: await untilAborted(signal, Promise.resolve(sent)) }
  } catch (error) {
    return { outcome: signal.aborted ? { class: 'maybe-committed' } : classifyFailure(error), error }
  }
}
