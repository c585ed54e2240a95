/** Never sent in time: such an action fails, visibly, whether or not the link is up. */
import type { Clock } from '../core/clock.js'
import { transition } from './action-state.js'
import type { Action } from './action.js'
import { isExpired } from './line-up.js'
import type { Edit, Writer } from './writer.js'

/** Fails what has expired by now, in one transaction; rejects if the store does not take it. */
export async function expire(rows: readonly Action[], writer: Writer, clock: Clock): Promise<void> {
  const positions = rows.filter((row) => isExpired(row, clock.now())).map(({ position }) => position)
  if (positions.length === 0) return
  await writer.commit({
    positions,
    work(edit: Edit) {
      for (const position of positions) {
        const row = edit.row(position)
        const next = row && isExpired(row, clock.now()) && transition(row, { type: 'EXPIRE' })
        if (next) edit.put(next)
      }
    },
  })
}
