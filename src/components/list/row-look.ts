/** How a row looks and what can be done with it, by the state of its change. Pure. */
import type { IconName, Tone } from '../../status/view.js'
import type { Action } from '../../vue/queue-port.js'
import type { RowText, Words } from '../locales/locale.js'
import { ago, fill } from '../locales/text.js'
import { isDiscardable, isSentAgain } from './tally.js'

/** What a row is: the state of its change, sent a moment ago, or let go. */
export type RowState = RowText | 'discarded'

/** What a person can do. `discard` lets it go or asks first, `yes` is the answer to that. */
export type Hand =
  | 'review'
  | 'retry'
  | 'mine'
  | 'theirs'
  | 'edit'
  | 'markSaved'
  | 'sendAgain'
  | 'discard'
  | 'undo'
  | 'keep'
  | 'yes'

/** What a row does now besides showing itself. */
export type RowMode = 'rest' | 'asking' | 'editing'

/** Icon and colour. */
export const LOOKS: Readonly<Record<RowState, readonly [IconName, Tone]>> = {
  queued: ['clock', 'idle'],
  sending: ['sync', 'info'],
  unconfirmed: ['triangle', 'warn'],
  blocked: ['clock', 'idle'],
  failed: ['triangle', 'bad'],
  conflict: ['triangle', 'bad'],
  sent: ['check-circle', 'ok'],
  discarded: ['x', 'idle'],
}

/** The state of a change, as people are told of it. */
export const stateOf = (action: Action): RowText => (isSentAgain(action) ? 'queued' : action.state.name)

/** The server's own words, where it gave some. They are of its language, not of ours. */
export const saidOf = ({ state }: Action): string | undefined =>
  state.name === 'failed' && state.why === 'rejected' ? state.detail : undefined

/** Why it was not sent: in the server's words, else in ours. */
export function reasonOf({ list }: Words<'list'>, action: Action): string {
  const { state } = action
  return state.name === 'failed' ? (saidOf(action) ?? list.reasons[state.why]) : list.reasons.conflict
}

/** Where a change is, in words. `passedMs`: since it was handed over. */
export function whereOf(words: Words<'list'>, action: Action, state: RowState, passedMs: number): string {
  const { list } = words
  if (state === 'discarded') return list.discarded
  return fill(words, list.states[state], { reason: reasonOf(words, action), ago: ago(words, passedMs) })
}

/** What can be done with a change, the likeliest first. */
export function handsOf(
  action: Action,
  state: RowState,
  can: { review: boolean; edit: boolean },
): readonly Hand[] {
  const edit: readonly Hand[] = can.edit ? ['edit'] : []
  switch (state) {
    case 'sent':
      return []
    case 'discarded':
      return ['undo']
    case 'conflict':
      return [...(can.review ? (['review'] as const) : []), 'mine', 'theirs', ...edit]
    case 'failed':
      return ['retry', ...edit, 'discard']
    case 'unconfirmed':
      return ['markSaved', 'sendAgain', 'discard']
    default:
      return isDiscardable(action) ? ['discard'] : []
  }
}

/** What its button says. */
export function textOf({ list, actions }: Words<'list'>, hand: Hand): string {
  if (hand === 'review') return actions.review
  if (hand === 'markSaved') return list.wasSaved
  return hand === 'yes' ? list.discard : list[hand]
}
