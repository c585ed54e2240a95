/** Never sent in time: such an action fails, visibly, whether or not the link is up. */
import { createAlarm } from '../core/alarm.js'
import type { Clock } from '../core/clock.js'
import type { Action } from './action.js'
import { isExpired } from './line-up.js'
import { rowsAt, type Edit, type Writer } from './writer.js'

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
  /** Off: all has been stopped, or nothing is due any more. */
  let isOn = false
  const alarm = createAlarm(clock, () => {
    onDue()
    expire(rows, writer, clock).catch(() => isOn && alarm.set(clock.now() + AGAIN_MS))
  })
  return (at) => {
    isOn = at < Infinity
    alarm.set(at)
  }
}

/** Fails what has expired by now, in one transaction; rejects if the store does not take it. */
async function expire(rows: readonly Action[], writer: Writer, clock: Clock): Promise<void> {
  const isDue = (row: Action) => isExpired(row, clock.now())
  const positions = rows.filter(isDue).map(({ position }) => position)
  if (positions.length === 0) return
  await writer.commit({
    positions,
    work(edit: Edit) {
      for (const row of rowsAt(edit, positions)) if (isDue(row)) edit.step(row, { type: 'EXPIRE' })
    },
  })
}
