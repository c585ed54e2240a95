import { computed, onMounted, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { Stop } from '../core/state.js'
import type { MessageKey, StatusView } from '../status/view.js'
import { useHoldfast } from '../vue/context.js'
import { whileMounted } from '../vue/follow.js'
import { useCountdown, useRetryCountdown } from '../vue/use-countdown.js'
import { useStatus, type UseStatusReturn } from '../vue/use-status.js'
import { about, say } from './locales/text.js'
import type { Locale } from './locales/locale.js'

/** "Trying…" stays this long, so that an attempt that is refused within a moment does not flicker. */
const LEAST_BUSY_MS = 600

/** What `useTold` returns. */
export interface Told extends UseStatusReturn {
  /** Whether the component is to be seen; never on a server, nor before mounting. */
  readonly shown: ComputedRef<boolean>
  /** What was last to be seen: stays while the surface goes away. */
  readonly told: Readonly<ShallowRef<StatusView>>
  /** An attempt runs, or ended a moment ago. */
  readonly busy: Readonly<ShallowRef<boolean>>
  /** Whole seconds to the next attempt; null: no countdown. */
  readonly seconds: ComputedRef<number | null>
  readonly title: ComputedRef<string>
  readonly detail: ComputedRef<string>
  /** The detail counts down: it is shown, and only read on demand. */
  readonly counts: ComputedRef<boolean>
}

/** The status in words, for a component that is seen while `isShown`. */
export function useTold(locale: ComputedRef<Locale>, isShown: (view: StatusView) => boolean): Told {
  const status = useStatus()
  const { seconds } = useRetryCountdown()
  const estimate = useCountdown(() => status.view.value.estimateAt)
  const mounted = shallowRef(false)
  onMounted(() => {
    mounted.value = true
  })
  const shown = computed(() => mounted.value && isShown(status.view.value))
  const told = shallowRef(status.view.value)
  watch([shown, status.view], ([isSeen, view]) => {
    if (isSeen) told.value = view
  })

  const detail = computed(() => {
    const message = told.value.detail
    if (message === null) return ''
    const left = secondsOf(message.key)
    return say(
      locale.value,
      left === null ? message : { ...message, params: { ...message.params, seconds: left } },
    )
  })
  /** A number that goes down by itself between two views. */
  function secondsOf(key: MessageKey): number | null {
    if (key === 'next-try') return seconds.value
    if (key === 'back-in-about' && estimate.seconds.value !== null) return about(estimate.seconds.value)
    return null
  }

  return {
    ...status,
    shown,
    told,
    busy: useBusy(() => told.value.attempt === 'trying'),
    seconds: computed(() => seconds.value),
    title: computed(() => (told.value.title ? say(locale.value, told.value.title) : '')),
    detail,
    counts: computed(() => told.value.detail?.key === 'next-try' && seconds.value !== null),
  }
}

/** True while `isTrying`, and for at least `LEAST_BUSY_MS`. */
function useBusy(isTrying: () => boolean): Readonly<ShallowRef<boolean>> {
  const { clock } = useHoldfast()
  const busy = shallowRef(false)
  let cancel: Stop | null = null
  const release = () => {
    cancel = null
    busy.value = isTrying()
  }
  whileMounted(() => {
    const unwatch = watch(
      isTrying,
      (trying) => {
        if (!trying && cancel) return
        busy.value = trying
        if (trying) cancel ??= clock.setTimeout(release, LEAST_BUSY_MS)
      },
      { immediate: true },
    )
    return () => {
      unwatch()
      cancel?.()
    }
  })
  return busy
}
