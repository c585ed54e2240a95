/** The actions of one scope as this tab knows them: what the store holds, in order, at hand at once. */
import type { Action } from './action.js'

/** A copy of the store's rows, kept in order of acceptance. */
export interface Mirror {
  readonly rows: readonly Action[]
  /** The estimated size of all payloads together. */
  readonly bytes: number
  byId(id: string): Action | undefined
  put(action: Action): void
  remove(position: number): Action | undefined
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

  return {
    rows,
    get bytes() {
      return bytes
    },
    byId: (id) => ids.get(id),
    put(action) {
      const index = indexOf(action.position)
      const old = rows[index]?.position === action.position ? rows[index] : undefined
      rows.splice(index, old ? 1 : 0, action)
      bytes += action.bytes - (old?.bytes ?? 0)
      ids.set(action.id, action)
    },
    remove(position) {
      const index = indexOf(position)
      const old = rows[index]
      if (old?.position !== position) return undefined
      rows.splice(index, 1)
      bytes -= old.bytes
      // A retried action has already come back under its id, at the end.
      if (ids.get(old.id) === old) ids.delete(old.id)
      return old
    },
    clear() {
      rows.length = 0
      ids.clear()
      bytes = 0
    },
  }
}
