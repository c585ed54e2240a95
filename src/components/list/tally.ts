/** Counts of what waits, kept up with each change instead of counted anew: ten thousand rows cost as much as ten. */
import type { Action } from '../../vue/queue-port.js'
import { stretchBetween } from './stretch.js'

/** How many changes of each kind. */
export interface Counts {
  /** Go, or will go, by themselves. */
  readonly waiting: number
  /** Need a person. */
  readonly needy: number
  /** "Retry failed" sends them again. */
  readonly failed: number
  /** "Discard all…" lets them go. */
  readonly discardable: number
}

/** None. */
export const NO_COUNTS: Counts = { waiting: 0, needy: 0, failed: 0, discardable: 0 }

/** The counts with these actions more (`sign` 1) or less (-1). */
export function counted(counts: Counts, actions: Iterable<Action>, sign: 1 | -1): Counts {
  let { waiting, needy, failed, discardable } = counts
  for (const action of actions) {
    if (needsPerson(action)) needy += sign
    else waiting += sign
    if (action.state.name === 'failed') failed += sign
    if (isDiscardable(action)) discardable += sign
  }
  return { waiting, needy, failed, discardable }
}

/** The counts after a change; the same object if they are the same. */
export function recounted(counts: Counts, before: readonly Action[], after: readonly Action[]): Counts {
  const { from, oldTo, newTo } = stretchBetween(before, after)
  const next = counted(counted(counts, before.slice(from, oldTo), -1), after.slice(from, newTo), 1)
  const isSame = (Object.keys(next) as (keyof Counts)[]).every((kind) => next[kind] === counts[kind])
  return isSame ? counts : next
}

/** What the queue sends again by itself needs nobody: to people it waits, and that is all. */
export function isSentAgain({ state }: Action): boolean {
  return state.name === 'unconfirmed' && state.next === 'again'
}

/** Whether it stays as it is until a person decides. */
export function needsPerson(action: Action): boolean {
  const { name } = action.state
  return name === 'failed' || name === 'conflict' || (name === 'unconfirmed' && !isSentAgain(action))
}

/** Not what is on its way, or may have been applied already: discarding that would say what is not known. */
export function isDiscardable(action: Action): boolean {
  return action.state.name !== 'sending' && !isSentAgain(action)
}
