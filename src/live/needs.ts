/** Who needs a line, said to the keeper, which dials for a hidden page only then. */
import type { Stop } from '../core/state.js'
import type { Keeper, NeedKind } from './keeper-state.js'

/** What is needed now. */
export interface Needs {
  set(needs: Readonly<Record<NeedKind, boolean>>): void
}

/** Nothing is needed. */
export function createNeeds(keeper: Pick<Keeper, 'need'>): Needs {
  const held = new Map<NeedKind, Stop>()
  return {
    set(needs) {
      for (const kind of ['subscribed', 'unacknowledged'] as const) {
        if (needs[kind] === held.has(kind)) continue
        if (needs[kind]) held.set(kind, keeper.need(kind))
        else {
          held.get(kind)?.()
          held.delete(kind)
        }
      }
    },
  }
}
