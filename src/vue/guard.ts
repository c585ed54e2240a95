/** `holdfast/vue/guard`: what a guarded feature says, and how old that is (B15). */
import { computed, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'
import { checkNumber } from '../core/errors.js'
import type { Answer, Guard, GuardState } from '../guard/guard.js'
import { NOTHING, showGuarded, type Shown, type ShownFeature } from '../guard/shown.js'
import { follow, whileMounted } from './follow.js'

/** Options of `useGuarded`. */
export interface UseGuardedOptions {
  /** By what the answer is kept: all that it hangs on, such as `stock/42`. Another key is asked for at once. */
  key: MaybeRefOrGetter<string>
  /**
   * While what is shown is not fresh it is asked for again after so long, ± 25 %, in ms, from 1,000 to 1 hour; not
   * before the guard's rest is over, and not while the page is hidden. Default: 10,000.
   */
  againMs?: number
}

/** What `useGuarded` returns. */
export interface UseGuardedReturn<Value> {
  /** What is to be shown, and whether it is fresh; null: nothing was had yet. */
  readonly answer: Readonly<Ref<Answer<Value> | null>>
  /** How old that is, in ms: whole seconds, counted on while it is not fresh; 0 while it is. */
  readonly ageMs: Readonly<Ref<number>>
  /** With what the last call has failed, where nothing was kept that may still be shown; null: it has not. */
  readonly error: Readonly<Ref<unknown>>
  /** How the guard stands; follows each change. */
  readonly state: Readonly<ShallowRef<GuardState>>
  /** Asks now. Never rejects: see `error`. Before it is mounted nothing is asked. */
  refresh(): Promise<void>
}

const HOUR_MS = 3_600_000

/**
 * Asks once mounted, and again while what is shown is not fresh.
 *
 * ```ts
 * const { answer, ageMs } = useGuarded(stock, (signal) => load(props.id, signal), { key: () => props.id })
 * ```
 *
 * @throws `bad-option`
 */
export function useGuarded<Value>(
  guard: Guard,
  ask: (signal?: AbortSignal) => Promise<Value>,
  { key, againMs = 10_000 }: UseGuardedOptions,
): UseGuardedReturn<Value> {
  checkNumber('useGuarded.againMs', againMs, 1_000, HOUR_MS)
  const shown = shallowRef<Shown<Value>>(NOTHING)
  let feature: ShownFeature | null = null
  const page = () => globalThis.document
  const isHidden = () => page()?.visibilityState === 'hidden'
  const begin = (name: string) => {
    feature?.stop()
    // What is known of one thing is not shown as that of another.
    shown.value = NOTHING
    feature = showGuarded({ guard, ask, key: name, againMs, isHidden }, (next) => (shown.value = next))
  }
  whileMounted(() => {
    const unwatch = watch(() => toValue(key), begin, { immediate: true, flush: 'sync' })
    const seen = () => feature?.askAgain()
    page()?.addEventListener('visibilitychange', seen)
    return () => {
      unwatch()
      feature?.stop()
      page()?.removeEventListener('visibilitychange', seen)
    }
  })
  return {
    answer: computed(() => shown.value.answer),
    ageMs: computed(() => shown.value.ageMs),
    error: computed(() => shown.value.error),
    state: follow(
      () => guard.state,
      (listener) => guard.subscribe(listener),
    ),
    refresh: async () => feature?.refresh(),
  }
}
