/** An action leaves without having been applied: what had to follow it fails because of it. */
import type { Action } from './action.js'
import { rowsAt, type Edit } from './writer.js'

/** The places of those that have to follow it. */
export function placesAfter(rows: readonly Action[], id: string): number[] {
  return rows.filter(({ after }) => after.includes(id)).map(({ position }) => position)
}

/** The same as the transaction has them: what it has accepted itself is in no mirror yet. */
export function followersOf(edit: Edit, rows: readonly Action[], id: string): readonly Action[] {
  const fresh = edit.changes.put.map(({ action }) => action)
  const places = new Set([...placesAfter(rows, id), ...placesAfter(fresh, id)])
  return rowsAt(edit, places).filter(({ after }) => after.includes(id))
}

/** Ends it `discarded`. */
export function letGo(edit: Edit, row: Action, followers: readonly Action[]): void {
  edit.end(row, { outcome: 'discarded' })
  for (const follower of followers) edit.step(follower, { type: 'DEPENDS' })
}
