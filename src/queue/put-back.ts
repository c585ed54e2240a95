/** A store that was cleared under a living tab gets back what the tab still knows, in one transaction (I10). */
import type { Clock } from '../core/clock.js'
import type { Action } from './action.js'
import type { Canary } from './canary.js'
import type { Mirror } from './mirror.js'
import type { Reading } from './reading.js'
import { NEW_SCOPE, type Draft, type QueueStore, type ScopeMeta } from './store.js'
import type { Changes } from './writer.js'

/** What it needs. */
export interface PutBackPorts {
  readonly store: QueueStore
  readonly scope: string
  readonly clock: Clock
  readonly mirror: Mirror
  readonly canary: Canary
  readonly reading: Reading
}

/**
 * Puts back what the store has lost. It rejects if the store does not take it: then the mirror keeps the rows,
 * and the next transaction tries again. `seen`: the last place by the store's own account.
 */
export async function putBack(ports: PutBackPorts, seen: number): Promise<Changes> {
  const { store, scope, clock, canary, reading } = ports
  for (let account = seen; ;) {
    // Another tab may have been here first: its rows are in their place again.
    const { gone, rows } = await reading.all()
    const placed = place(ports, gone, account)
    const before = account
    let mended = null as ScopeMeta | null
    const work = (draft: Draft) => {
      account = draft.meta.position
      if (account !== before) return
      for (const row of placed) draft.put(row)
      mended = draft.meta = canary.mend(draft.meta)
    }
    await clock.track(store.write({ scope, positions: [], durability: 'strict' }, work))
    if (!mended) continue
    canary.note(mended)
    return { put: [...rows, ...placed].map((action) => ({ action })), ended: [] }
  }
}

/** Each in its old place; at the end if somebody has that by now. The mirror has them at once. */
function place({ mirror, canary }: PutBackPorts, rows: readonly Action[], account: number): Action[] {
  canary.reach(account)
  return rows.map((row) => {
    const taken = mirror.at(row.position) !== undefined
    const placed = taken ? { ...row, position: canary.mend(NEW_SCOPE).position + 1 } : row
    canary.reach(placed.position)
    mirror.put(placed)
    return placed
  })
}
