import { computed, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { MessageKey, StatusView } from '../status/view.js'
import { useCountdown, useRetryCountdown } from '../vue/use-countdown.js'
import { useStatus, type UseStatusReturn } from '../vue/use-status.js'
import { about, say } from './locales/text.js'
import type { BaseLocale } from './locales/locale.js'
import { useBusy } from './use-busy.js'
import { useOnPage } from './use-on-page.js'

/** What `useTold` returns. */
export interface Told extends UseStatusReturn {
  /** Whether the component is to be seen; never on a server, nor before mounting, nor put aside by KeepAlive. */
  readonly shown: ComputedRef<boolean>
  /** What was last to be seen: stays while the surface goes away. */
  readonly told: Readonly<ShallowRef<StatusView>>
  /** An attempt that people are to know of: one that takes long, or that they began. */
  readonly busy: Readonly<ShallowRef<boolean>>
  /** Whether the icon turns. */
  readonly turns: ComputedRef<boolean>
  /** Whole seconds to the next attempt; null: no countdown. */
  readonly seconds: Readonly<Ref<number | null>>
  readonly title: ComputedRef<string>
  readonly detail: ComputedRef<string>
  /** The detail counts down: it is shown, and only read on demand. */
  readonly counts: ComputedRef<boolean>
}

/** The status in words, for a component that is seen while `isShown`. */
export function useTold(locale: ComputedRef<BaseLocale>, isShown: (view: StatusView) => boolean): Told {
  const status = useStatus()
  const { seconds } = useRetryCountdown()
  const estimate = useCountdown(() => status.view.value.estimateAt)
  const isOnPage = useOnPage()
  const shown = computed(() => isOnPage.value && isShown(status.view.value))
  const told = shallowRef(status.view.value)
  watch([shown, status.view], ([isSeen, view]) => {
    if (isSeen) told.value = view
  })

  const detail = computed(() => {
    const message = told.value.detail
    if (message === null) return ''
    const { key, params } = message
    const left = secondsOf(key)
    return say(locale.value, { key, params: left === null ? params : { ...params, seconds: left } })
  })
  /** A number that goes down by itself between two views. */
  function secondsOf(key: MessageKey): number | null {
    if (key === 'next-try') return seconds.value
    if (key === 'back-in-about' && estimate.seconds.value !== null) return about(estimate.seconds.value)
    return null
  }

  const { busy, begin } = useBusy(() => told.value.attempt === 'trying')

  return {
    ...status,
    retryNow() {
      begin()
      status.retryNow()
    },
    shown,
    told,
    busy,
    turns: computed(() => busy.value || (told.value.busy && told.value.attempt !== 'trying')),
    seconds,
    title: computed(() => (told.value.title ? say(locale.value, told.value.title) : '')),
    detail,
    counts: computed(() => told.value.detail?.key === 'next-try' && seconds.value !== null),
  }
}
