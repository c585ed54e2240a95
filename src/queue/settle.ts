/** What an answer makes of the row, in one transaction. */
import { createKey } from '../core/key.js'
import { known as only } from '../core/known.js'
import type { Action } from './action.js'
import type { Features, Resolved } from './feature.js'
import { detailOf } from './failure.js'
import type { Answer } from './handler.js'
import { followersOf, letGo } from './let-go.js'
import type { Next } from './patience.js'
import { isSame } from './sender.js'
import type { Edit } from './writer.js'

/** What is known when a sending is over. */
export interface Settlement {
  /** As it was sent. */
  readonly action: Action
  readonly answer: Answer
  readonly next: Next
  readonly resolved: Resolved
  /** What is kept: among it those that have to follow. */
  readonly rows: readonly Action[]
}

/** Settles it, if the row is still the one that was sent. `by`: what a new key is made with. */
export function settle(
  edit: Edit,
  known: Settlement,
  features: Features,
  by: Parameters<typeof createKey>,
): void {
  const { action, answer, next, resolved } = known
  const row = edit.row(action.position)
  if (row?.key !== action.key) return
  const outcome = next === 'refused' ? { ...answer.outcome, class: 'rejected' as const } : answer.outcome
  // A confirmed answer is the truth, whoever sends by now; any other one only from the one who does.
  if (outcome.class === 'ok') {
    edit.end(row, { outcome: 'confirmed', result: answer.result })
    return features.confirmed(row, answer.result, edit)
  }
  if (!isSame(row.claim, action.claim)) return
  if (resolved === 'theirs') return letGo(edit, row, followersOf(edit, known.rows, row.id))
  if (resolved !== 'ask') {
    // It was refused, so that nothing was applied: another request, with a key of its own, in its place.
    const unsent = { firstSentAt: null, attempts: 0, state: { name: 'queued' } } as const
    return edit.put({ ...row, ...unsent, ...resolved, key: createKey(...by) })
  }
  const told = only({
    type: 'ANSWER',
    outcome,
    next: next === 'person' ? 'person' : 'again',
    detail: detailOf(answer.error),
  })
  edit.step(row, answer.isUnsendable ? { type: 'UNSENDABLE' } : told, answer.error)
}
