/** An action leaves without having been applied: what had to follow it fails because of it. */
import { transition } from './action-state.js'
import type { Action } from './action.js'
import type { Edit } from './writer.js'

/** The places of those that have to follow it. */
export function placesAfter(rows: readonly Action[], id: string): number[] {
  return rows.filter(({ after }) => after.includes(id)).map(({ position }) => position)
}

/** Ends it `discarded`; `followers` as the transaction has them. */
export function letGo(edit: Edit, row: Action, followers: readonly (Action | undefined)[]): void {
  edit.end(row, { outcome: 'discarded' })
  for (const follower of followers) {
    const next = follower && transition(follower, { type: 'DEPENDS' })
    if (next && next !== follower) edit.put(next)
  }
}
