/** Reads what is kept into the mirror. What other tabs tell meanwhile is newer, and so is read once more. */
import type { Clock } from '../core/clock.js'
import { isAction, type Action } from './action.js'
import type { Canary } from './canary.js'
import type { Mirror } from './mirror.js'
import { ALL_PLACES, type PlaceRange, type QueueStore } from './store.js'

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

/** A part of everything. */
export interface Page extends Found {
  /** The last place that it reaches to; null: it was the last page. */
  readonly last: number | null
}

/** One reading at a time: its caller sees to that. */
export interface Reading {
  /** Where records of the scope are that cannot be read as actions. They stay there, and their places are taken. */
  readonly aside: ReadonlySet<number>
  /** Everything. */
  all(): Promise<Found>
  /** So many rows at most, behind this place. */
  page(after: number, most: number): Promise<Page>
  /** These places. */
  some(positions: readonly number[]): Promise<Found>
  /** Others have changed these places. Whether the reading under way sees to it; false: there is none. */
  hear(positions: readonly number[]): boolean
}

/** Makes the reader of a scope. */
export function createReading({ store, scope, clock, mirror, canary }: ReadingPorts): Reading {
  /** Places still to be read; null: nothing is being read. */
  let due: Set<number> | null = null
  const aside = new Set<number>()

  const check = (row: unknown): Action | null => {
    if (isAction(row, scope)) return row
    const position = (row as Partial<Action> | undefined)?.position
    if (typeof position !== 'number') return null
    aside.add(position)
    if (Number.isSafeInteger(position)) canary.reach(position)
    return null
  }

  /** Reads the range if there is one, and whatever is heard of meanwhile. */
  const read = async (positions: Set<number>, range?: PlaceRange): Promise<Page> => {
    const found = new Map<number, Action | null>()
    due = positions
    const places: number[] = []
    const take = (rows: readonly unknown[]) => {
      for (const row of rows) {
        const { position } = row as Partial<Action>
        // A store that knows no ranges hands over everything each time.
        if (position === undefined || position <= range!.after) continue
        places.push(position)
        found.set(position, check(row))
      }
    }
    try {
      if (range) await clock.track(store.load(scope, take, range))
      while (positions.size > 0) {
        const late = [...positions]
        positions.clear()
        const rows = await clock.track(store.read(scope, late))
        late.forEach((position, index) => {
          aside.delete(position)
          found.set(position, check(rows[index]))
        })
      }
    } finally {
      due = null
    }
    const last = range && places.length >= range.most ? places.at(-1)! : null
    const isRead = (position: number) =>
      range !== undefined && position > range.after && position <= (last ?? Infinity)
    return { ...replace(found, isRead), last }
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

  /** Puts it into the mirror. `isRead`: whether everything was read there. */
  const replace = (found: Map<number, Action | null>, isRead: (position: number) => boolean): Found => {
    const gone = mirror.rows.filter((row) => isRead(row.position) && found.get(row.position)?.id !== row.id)
    for (const { position } of gone) mirror.remove(position)
    for (const [position, row] of found) {
      const known = mirror.at(position)
      if (isRead(position) || !known || known.id === row?.id) continue
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
    all: () => read(new Set(), ALL_PLACES),
    page: (after, most) => read(new Set(), { after, most }),
    aside,
    some: (positions) => read(new Set(positions)),
    hear(positions) {
      for (const position of positions) due?.add(position)
      return due !== null
    },
  }
}
