/** The actions of one scope as this tab knows them: what the store holds, in order, at hand at once. */
import type { Action } from './action.js'

/** A copy of the store's rows, kept in order of acceptance. */
export interface Mirror {
  readonly rows: readonly Action[]
  /** The estimated size of all payloads together. */
  readonly bytes: number
  byId(id: string): Action | undefined
  at(position: number): Action | undefined
  put(action: Action): void
  remove(position: number): void
  clear(): void
}

/** An empty mirror. */
export function createMirror(): Mirror {
  const rows: Action[] = []
  const ids = new Map<string, Action>()
  let bytes = 0

  /** Where a place is, or would be. New ones belong to the end, and sent ones leave at the front. */
  const indexOf = (position: number): number => {
    let low = 0
    let high = rows.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (rows[middle]!.position < position) low = middle + 1
      else high = middle
    }
    return low
  }

  const at = (position: number) => {
    const row = rows[indexOf(position)]
    return row?.position === position ? row : undefined
  }

  return {
    rows,
    at,
    get bytes() {
      return bytes
    },
    byId: (id) => ids.get(id),
    put(action) {
      const old = at(action.position)
      rows.splice(indexOf(action.position), old ? 1 : 0, action)
      bytes += action.bytes - (old?.bytes ?? 0)
      if (old && old.id !== action.id && ids.get(old.id) === old) ids.delete(old.id)
      ids.set(action.id, action)
    },
    remove(position) {
      const old = at(position)
      if (!old) return
      rows.splice(indexOf(position), 1)
      bytes -= old.bytes
      // A retried action has already come back under its id, at the end.
      if (ids.get(old.id) === old) ids.delete(old.id)
    },
    clear() {
      rows.length = 0
      ids.clear()
      bytes = 0
    },
  }
}
