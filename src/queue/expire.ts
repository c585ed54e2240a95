/** Never sent in time: such an action fails, visibly, whether or not the link is up. */
import type { Clock } from '../core/clock.js'
import type { Stop } from '../core/state.js'
import { transition } from './action-state.js'
import type { Action } from './action.js'
import { isExpired } from './line-up.js'
import type { Edit, Writer } from './writer.js'

/** How long to wait before a store that would not take it is asked again. */
const AGAIN_MS = 1_000

/** What expiry needs. */
export interface ExpiryPorts {
  readonly rows: readonly Action[]
  readonly writer: Writer
  readonly clock: Clock
  /** The time has come: something may look different, even if nothing has expired. */
  onDue(): void
}

/** Makes the timer of a queue: it is set to the next instant (epoch ms) at which something is due; Infinity: none. */
export function createExpiry({ rows, writer, clock, onDue }: ExpiryPorts): (at: number) => void {
  let cancel: Stop | null = null
  const dueAt = (at: number) => {
    cancel?.()
    cancel = at === Infinity ? null : clock.setTimeout(run, at - clock.now())
  }
  const run = () => {
    onDue()
    expire(rows, writer, clock).catch(() => {
      // Null: nothing is due any more, or all has been stopped.
      if (cancel) dueAt(clock.now() + AGAIN_MS)
    })
  }
  return dueAt
}

/** Fails what has expired by now, in one transaction; rejects if the store does not take it. */
async function expire(rows: readonly Action[], writer: Writer, clock: Clock): Promise<void> {
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
