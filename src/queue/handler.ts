/** Who sends an action, and one sending of it. */
import type { Outcome } from '../core/outcome.js'
import type { Action } from './action.js'
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
}

/** Sends one kind of action. */
export interface Handler {
  /** Whether the server honours Idempotency-Keys: only then is an unknown outcome sent again by itself. */
  readonly honoursKeys: boolean
  /** Resolves when the server has confirmed, rejects otherwise; `classifyFailure` reads the rejection. */
  send(sending: Sending): Promise<unknown>
}

/** What one sending has come to. */
export interface Answer {
  readonly outcome: Outcome
  /** What the handler resolved with. */
  readonly result?: unknown
  /** What it rejected with. */
  readonly error?: unknown
}

/** Calls the handler once; never rejects. After an abort nobody waits for it any more. */
export async function sendOnce(handler: Handler, action: Action, signal: AbortSignal): Promise<Answer> {
  const { key, attempts: attempt } = action
  try {
    const payload = structuredClone(action.payload)
    // Async, so that a handler that throws is one that rejects.
    const sent = (async () => handler.send({ payload, key, signal, attempt }))()
    return { outcome: { class: 'ok' }, result: await Promise.race([sent, aborted(signal)]) }
  } catch (error) {
    return { outcome: signal.aborted ? { class: 'maybe-committed' } : classifyFailure(error), error }
  }
}

/** Rejects when the signal aborts; what a handler still does after that is no longer waited for. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}
