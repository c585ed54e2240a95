/** Who uses a line: whoever needs it, and a person at the page. */
import type { Stop } from '../core/state.js'
import type { Clock } from '../core/clock.js'
import type { NeedKind } from './keeper-state.js'

/** What is known of the use of a line. */
export interface Use {
  /** Somebody needs the line. */
  readonly isNeeded: boolean
  /** Something is unacknowledged, or the page was used within so many ms. */
  isQuick(isHidden: boolean, idleAfterMs: number): boolean
  need(kind: NeedKind): Stop
  /** The page is used just now. */
  used(): void
  /** Listens to the page until the returned stop. */
  listen(): Stop
}

/** What a person does at a page that is no accident, and is cheap to hear. */
const DEEDS = ['pointerdown', 'keydown'] as const

/** Makes it; `onUse` is called when something about it may have changed. */
export function createUse(clock: Clock, page: EventTarget | null, onUse: () => void): Use {
  const needs = new Map<object, NeedKind>()
  let usedAt = -Infinity

  function used(): void {
    usedAt = clock.now()
    onUse()
  }

  return {
    get isNeeded() {
      return needs.size > 0
    },
    isQuick: (isHidden, idleAfterMs) =>
      [...needs.values()].includes('unacknowledged') || (!isHidden && clock.now() - usedAt < idleAfterMs),
    need(kind) {
      const own = {}
      needs.set(own, kind)
      onUse()
      return () => {
        if (needs.delete(own)) onUse()
      }
    },
    used,
    listen() {
      const how = { capture: true, passive: true }
      for (const deed of DEEDS) page?.addEventListener(deed, used, how)
      return () => DEEDS.forEach((deed) => page?.removeEventListener(deed, used, how))
    },
  }
}
