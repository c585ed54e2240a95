/** Reads what is kept into the mirror. What other tabs tell meanwhile is newer, and so is read once more. */
import type { Clock } from '../core/clock.js'
import { isAction, type Action } from './action.js'
import type { Canary } from './canary.js'
import type { Mirror } from './mirror.js'
import type { QueueStore } from './store.js'

/** What reading needs. */
export interface ReadingPorts {
  readonly store: QueueStore
  readonly scope: string
  readonly clock: Clock
  readonly mirror: Mirror
  readonly canary: Canary
}

/** What a reading has found. */
export interface Found {
  /** The rows as they are now; the mirror has them. */
  readonly rows: readonly Action[]
  /** Rows that the mirror had and the store has not, nowhere. The mirror has forgotten them. */
  readonly gone: readonly Action[]
}

/** One reading at a time: its caller sees to that. */
export interface Reading {
  /** Everything. */
  all(): Promise<Found>
  /** These places. */
  some(positions: readonly number[]): Promise<Found>
  /** Others have changed these places. Whether the reading under way sees to it; false: there is none. */
  hear(positions: readonly number[]): boolean
}

/** Makes the reader of a scope. */
export function createReading({ store, scope, clock, mirror, canary }: ReadingPorts): Reading {
  /** Places still to be read; null: nothing is being read. */
  let due: Set<number> | null = null

  const read = async (positions: Set<number>, isAll: boolean): Promise<Found> => {
    const found = new Map<number, Action | null>()
    due = positions
    try {
      if (isAll) {
        await clock.track(
          store.load(scope, (page) => {
            for (const row of page) if (isAction(row, scope)) found.set(row.position, row)
          }),
        )
      }
      while (positions.size > 0) {
        const late = [...positions]
        positions.clear()
        const rows = await clock.track(store.read(scope, late))
        late.forEach((position, index) => {
          const row = rows[index]
          found.set(position, isAction(row, scope) ? row : null)
        })
      }
    } finally {
      due = null
    }
    return isAll ? replaceAll(found) : replace(found)
  }

  const keep = (found: ReadonlyMap<number, Action | null>, gone: readonly Action[]): Found => {
    const rows = [...found.values()].filter((row) => row !== null)
    for (const row of rows) {
      mirror.put(row)
      canary.reach(row.position)
    }
    // One that was tried again has only moved.
    return { rows, gone: gone.filter(({ id }) => !mirror.byId(id)) }
  }

  const replaceAll = (found: ReadonlyMap<number, Action | null>): Found => {
    const gone = mirror.rows.filter(({ id, position }) => found.get(position)?.id !== id)
    for (const { position } of gone) mirror.remove(position)
    return keep(found, gone)
  }

  const replace = (found: Map<number, Action | null>): Found => {
    const gone: Action[] = []
    for (const [position, row] of found) {
      const known = mirror.at(position)
      if (!known || known.id === row?.id) continue
      if (row) {
        // Places are given out once: whoever gave this one out again knew of nothing.
        canary.raise()
        found.delete(position)
      } else {
        mirror.remove(position)
        gone.push(known)
      }
    }
    return keep(found, gone)
  }

  return {
    all: () => read(new Set(), true),
    some: (positions) => read(new Set(positions), false),
    hear(positions) {
      for (const position of positions) due?.add(position)
      return due !== null
    },
  }
}
