import { toValue, watch, type MaybeRefOrGetter } from 'vue'
import { createLeaveGuard } from '../core/leave.js'
import { whileMounted } from './follow.js'

/**
 * Whoever leaves or reloads the page is asked first, while something would be lost by it. The browser asks, in its own
 * words, and listens only as long as it has to: a page with this listener is not kept for going back and forth.
 *
 * @param isUnsaved whether something would be lost now; followed while mounted
 */
export function useLeaveGuard(isUnsaved: MaybeRefOrGetter<boolean>): void {
  whileMounted(() => {
    const guard = createLeaveGuard(globalThis.window ?? null)
    const unwatch = watch(
      () => toValue(isUnsaved),
      (on) => guard(on ? 1 : 0),
      { immediate: true, flush: 'sync' },
    )
    return () => {
      unwatch()
      guard(0)
    }
  })
}
