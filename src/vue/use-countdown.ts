import { onScopeDispose, readonly, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue'
import type { Stop } from '../core/state.js'
import { useHoldfast, type ContextOption } from './context.js'
import { whileMounted } from './follow.js'
import { useStatus } from './use-status.js'

/** What `useCountdown` and `useRetryCountdown` return. */
export interface UseCountdownReturn {
  /** Whole seconds to go, at least 1; null: there is nothing to count. */
  readonly seconds: Readonly<Ref<number | null>>
}

/** Counts down to an instant (epoch ms; null: none): one timer, on the whole seconds, and only while there is one. */
export function useCountdown(
  at: MaybeRefOrGetter<number | null>,
  options?: ContextOption,
): UseCountdownReturn {
  const { clock } = useHoldfast(options)
  const seconds = shallowRef<number | null>(null)
  let cancel: Stop | null = null
  const tick = () => {
    cancel?.()
    const dueAt = toValue(at)
    const left = dueAt === null ? 0 : dueAt - clock.now()
    seconds.value = dueAt === null ? null : Math.max(1, Math.ceil(left / 1000))
    if (left > 1000) cancel = clock.setTimeout(tick, left % 1000 || 1000)
  }
  whileMounted(() => watch(() => toValue(at), tick, { immediate: true, flush: 'sync' }))
  onScopeDispose(() => cancel?.())
  return { seconds: readonly(seconds) }
}

/** What `useRetryCountdown` returns. */
export type UseRetryCountdownReturn = UseCountdownReturn

/** Seconds to the next attempt; null where no countdown is to be shown (waits under 3 s, device offline). */
export function useRetryCountdown(options?: ContextOption): UseRetryCountdownReturn {
  const { view } = useStatus(options)
  return useCountdown(() => view.value.nextAttemptAt, options)
}
