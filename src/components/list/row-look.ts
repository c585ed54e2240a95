/** How a row looks, what it says and what can be done with it, by the state of its change. Pure. */
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

/** What a row is made of. */
export interface RowFacts {
  readonly words: Words<'list'>
  readonly action: Action
  readonly state: RowState
  readonly mode: RowMode
  /** The time for "2 min ago" (epoch ms). */
  readonly now: number
  /** What the application can do: show what the server has, change what was refused. */
  readonly can: { readonly review: boolean; readonly edit: boolean }
  /** Nothing can be done with it any more. */
  readonly isFinal: boolean
}

/** What a row says, and what can be done with it. */
export interface RowSpeech {
  /** Where the change is, and why; while it is asked about, the question. */
  readonly text: string
  /** The text is the server's own, and of its language: give it `dir="auto"` and no `lang`. */
  readonly isQuoted: boolean
  /** The likeliest first. */
  readonly hands: readonly Hand[]
}

/** The state of a change, as people are told of it. */
export const stateOf = (action: Action): RowText => (isSentAgain(action) ? 'queued' : action.state.name)

/** The server's own words, where it gave some. They are of its language, not of ours. */
const saidOf = ({ state }: Action): string | undefined =>
  state.name === 'failed' && state.why === 'rejected' ? state.detail : undefined

/** Why it was not sent: in the server's words, else in ours. */
export function reasonOf({ list }: Words<'list'>, action: Action): string {
  const { state } = action
  return state.name === 'failed' ? (saidOf(action) ?? list.reasons[state.why]) : list.reasons.conflict
}

/** What a row says now. */
export function speechOf({ words, action, state, mode, now, can, isFinal }: RowFacts): RowSpeech {
  const { list } = words
  if (mode === 'asking') return { text: list.askOne, isQuoted: false, hands: ['keep', 'yes'] }
  const where = state === 'discarded' ? list.discarded : list.states[state]
  return {
    text: fill(words, where, { reason: reasonOf(words, action), ago: ago(words, now - action.createdAt) }),
    isQuoted: state === 'failed' && saidOf(action) !== undefined,
    hands: isFinal || mode === 'editing' ? [] : handsOf(action, state, can),
  }
}

function handsOf(action: Action, state: RowState, can: RowFacts['can']): readonly Hand[] {
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

/** Its name, where several stand on a page: an answer has the focus, and who hears it alone hears what it answers. */
export const nameOf = (words: Words<'list'>, hand: Hand, { label }: Action): string =>
  `${textOf(words, hand)}: ${['keep', 'yes'].includes(hand) ? words.list.askOne : label}`

/** How much there is, each kind only if there is any of it: "4 changes waiting · 1 change needs you". */
export function countsText(words: Words<'list'>, counts: { waiting: number; needy: number }): string {
  const { waiting, needy } = counts
  const parts = [
    waiting > 0 ? fill(words, words.list.count, { count: waiting }) : '',
    needy > 0 ? fill(words, words.list.needy, { count: needy }) : '',
  ]
  return parts.filter(Boolean).join(' · ')
}
