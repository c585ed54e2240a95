import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { Stop } from '../core/state.js'
import { useHoldfast } from '../vue/context.js'
import { whileMounted } from '../vue/follow.js'

/**
 * "Trying…" comes for an attempt that takes longer than this, and then stays as long (ms). Attempts that are
 * refused within a moment, twice a second in the first ones of an outage, would make the button flicker.
 */
const CALM_MS = 600

/** What `useBusy` returns. */
export interface Busy {
  /** An attempt runs that people are to know of: for `CALM_MS` already, or by hand. */
  readonly busy: Readonly<ShallowRef<boolean>>
  /** An attempt begins by hand: it is told at once, for `CALM_MS` at least. */
  begin(): void
}

/** Tells of attempts, and keeps calm. */
export function useBusy(isTrying: () => boolean): Busy {
  const { clock } = useHoldfast()
  const busy = shallowRef(false)
  let cancel: Stop | null = null
  const forget = () => {
    cancel?.()
    cancel = null
  }
  const later = (then: () => void) => {
    forget()
    cancel = clock.setTimeout(() => {
      cancel = null
      then()
    }, CALM_MS)
  }
  const begin = () => {
    busy.value = true
    later(() => (busy.value = isTrying()))
  }
  whileMounted(() =>
    watch(
      isTrying,
      (trying) => {
        if (busy.value) {
          if (!cancel) busy.value = trying
        } else if (trying) later(begin)
        else forget()
      },
      { immediate: true },
    ),
  )
  onScopeDispose(forget)
  return { busy, begin }
}
