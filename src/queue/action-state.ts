/** What becomes of an action: one pure, total function. */
import { known } from '../core/known.js'
import type { Outcome } from '../core/outcome.js'
import { isNeverSent, type Action, type ActionState, type Claim } from './action.js'

/** What happens to an action. */
export type ActionEvent =
  /** It is about to be handed to its handler. */
  | { readonly type: 'CLAIM'; readonly at: number; readonly claim: Claim }
  /** Its handler is done. `next` says who goes on if the outcome is unknown. */
  | {
      readonly type: 'ANSWER'
      readonly outcome: Outcome
      readonly next: 'again' | 'person'
      readonly detail?: string
    }
  /** A new sender finds it `sending`: whoever sent it is gone. */
  | { readonly type: 'FOUND' }
  | { readonly type: 'EXPIRE' }
  /** What it had to follow was discarded. */
  | { readonly type: 'DEPENDS' }
  | { readonly type: 'NO_HANDLER' }
  /** No request can be made of it. */
  | { readonly type: 'UNSENDABLE' }
  /** A person wants it tried again. */
  | { readonly type: 'RETRY' }

/** The action after the event; the same one if the event does not concern it; null: it leaves the store. */
export function transition(action: Action, event: ActionEvent): Action | null {
  const { state } = action
  switch (event.type) {
    case 'CLAIM': {
      if (state.name !== 'queued' && state.name !== 'unconfirmed') return action
      const firstSentAt = action.firstSentAt ?? event.at
      const claimed = { ...action, firstSentAt, attempts: action.attempts + 1, claim: event.claim }
      return { ...claimed, state: { name: 'sending', from: state.name } }
    }
    case 'ANSWER':
      return state.name === 'sending' ? answered(action, state.from, event) : action
    case 'FOUND':
      return state.name === 'sending' ? { ...action, state: { name: 'unconfirmed', next: 'again' } } : action
    case 'EXPIRE':
      return isNeverSent(action) ? { ...action, state: { name: 'failed', why: 'expired' } } : action
    case 'DEPENDS':
      return state.name === 'queued' ? { ...action, state: { name: 'failed', why: 'depends' } } : action
    case 'NO_HANDLER':
      return state.name === 'queued' ? { ...action, state: { name: 'failed', why: 'no-handler' } } : action
    case 'UNSENDABLE': {
      const from = state.name === 'sending' ? state.from : state.name
      // It may have been applied by an earlier attempt: that is not known to have failed.
      if (from === 'unconfirmed') return { ...action, state: { name: 'unconfirmed', next: 'person' } }
      return from === 'queued' ? { ...action, state: { name: 'failed', why: 'unsendable' } } : action
    }
    case 'RETRY':
      // A person wants it now: the application's time limit is over.
      if (state.name === 'unconfirmed' && state.next === 'person')
        return { ...action, state: { name: 'unconfirmed', next: 'again' } }
      return state.name === 'failed' || state.name === 'conflict'
        ? { ...action, expiresAt: null, state: { name: 'queued' } }
        : action
  }
}

type Answer = Extract<ActionEvent, { type: 'ANSWER' }>

function answered(
  action: Action,
  from: 'queued' | 'unconfirmed',
  { outcome, next, detail }: Answer,
): Action | null {
  const unknown: ActionState = { name: 'unconfirmed', next }
  const before: ActionState = from === 'queued' ? { name: 'queued' } : { name: 'unconfirmed', next: 'again' }
  const said = known({ status: outcome.status, detail })
  switch (outcome.class) {
    case 'ok':
      return null
    case 'not-sent':
      // The first attempt that never left is none: the action may still be changed.
      return action.attempts === 1
        ? { ...action, state: before, attempts: 0, firstSentAt: null }
        : { ...action, state: before }
    case 'overloaded':
      // 409 with Retry-After: the same key is being worked on, so it may well have been applied.
      return { ...action, state: outcome.status === 409 ? { ...unknown, next: 'again' } : before }
    case 'unauthorized':
      return { ...action, state: before }
    case 'maybe-committed':
    case 'cancelled':
      return { ...action, state: unknown }
    case 'conflict':
      return { ...action, state: { name: 'conflict', ...said } }
    case 'rejected':
      return { ...action, state: { name: 'failed', why: 'rejected', ...said } }
  }
}
