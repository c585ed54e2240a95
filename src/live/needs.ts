/** Who needs a line, said to the keeper, which dials for a hidden page only then. */
import type { Stop } from '../core/state.js'
import type { Keeper, NeedKind } from './keeper-state.js'

/** What is needed now. */
export interface Needs {
  set(needs: Readonly<Record<NeedKind, boolean>>): void
}

/** Nothing is needed. */
export function createNeeds(keeper: Pick<Keeper, 'need'>): Needs {
  const held = new Map<NeedKind, { stop: Stop }>()
  return {
    set(needs) {
      for (const kind of ['subscribed', 'unacknowledged'] as const) {
        if (needs[kind] === held.has(kind)) continue
        const own = { stop: () => {} }
        held.get(kind)?.stop()
        held.delete(kind)
        if (!needs[kind]) continue
        // What it sets off may come back here: it is held already, and may be over by then.
        held.set(kind, own)
        own.stop = keeper.need(kind)
        if (held.get(kind) !== own) own.stop()
      }
    },
  }
}
