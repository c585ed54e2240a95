/** Who needs a line, said where it matters: to the keeper, which dials for a hidden page only then, and to the verdict. */
import type { Connection, Stop } from '../core/state.js'
import type { Keeper, NeedKind } from './keeper-state.js'

/** What is needed now. */
export interface Needs {
  set(needs: Readonly<Record<NeedKind, boolean>>): void
}

/** Nothing is needed. */
export function createNeeds(connection: Connection, keeper: Pick<Keeper, 'need'>): Needs {
  const held = new Map<NeedKind | 'want', Stop>()
  const hold = (kind: NeedKind | 'want', isNeeded: boolean, begin: () => Stop): void => {
    if (isNeeded === held.has(kind)) return
    if (isNeeded) held.set(kind, begin())
    else {
      held.get(kind)?.()
      held.delete(kind)
    }
  }
  return {
    set({ subscribed, unacknowledged }) {
      hold('subscribed', subscribed, () => keeper.need('subscribed'))
      hold('unacknowledged', unacknowledged, () => keeper.need('unacknowledged'))
      hold('want', subscribed || unacknowledged, () => connection.want())
    },
  }
}
