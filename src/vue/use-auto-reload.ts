import { computed, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue'
import { checkKeys, checkNumber } from '../core/errors.js'
import type { Stop } from '../core/state.js'
import { useHoldfast, type ContextOption } from './context.js'
import { whileMounted } from './follow.js'
import { useCountdown } from './use-countdown.js'
import { useStatus } from './use-status.js'

/** Options of `useAutoReload`. */
export interface AutoReloadOptions extends ContextOption {
  /** So long it is counted down, in ms, from 20,000 (WCAG 2.2.1) to one day. Default: 60,000. */
  afterMs?: number
  /** Whether the page is to be reloaded. Followed. Default: while the status says that the session is lost. */
  when?: MaybeRefOrGetter<boolean>
  /** Default: `location.reload()`. */
  reload?: () => void
}

/** What `useAutoReload` returns. Show it all: nobody is reloaded without having been able to say no. */
export interface UseAutoReloadReturn {
  /** Whole seconds until the page is reloaded; null: it will not be. */
  readonly seconds: Readonly<Ref<number | null>>
  /** Not now: counts from the beginning again. As often as one likes. */
  later(): void
  /** Not at all, until there is a new reason. */
  cancel(): void
}

const LEAST_MS = 20_000
const DAY_MS = 86_400_000
/** A timer on a busy page is not as late as this. */
const LATE_MS = 2_000
const ACTIVITY = ['keydown', 'paste', 'beforeinput', 'pointerdown'] as const

/**
 * Reloads the page by itself. Nothing of the kit does that unless an application asks for it here (ux-50). It counts
 * only while the page is seen, and from the beginning again with each key and press, and after a sleep: it never comes
 * over somebody who works, nor over somebody who has just opened the lid.
 *
 * @throws `bad-option` for an unknown or impossible option
 */
export function useAutoReload(options: AutoReloadOptions = {}): UseAutoReloadReturn {
  checkKeys('useAutoReload', options, ['afterMs', 'when', 'reload', 'context'])
  const { afterMs = 60_000, reload = () => location.reload() } = options
  checkNumber('useAutoReload.afterMs', afterMs, LEAST_MS, DAY_MS)
  const { clock } = useHoldfast(options)
  const { view } = useStatus(options)
  const dueAt = shallowRef<number | null>(null)
  const isSeen = shallowRef(true)
  const isDeclined = shallowRef(false)
  const isWanted = computed(() =>
    options.when === undefined ? view.value.phase === 'sessionLost' : toValue(options.when),
  )
  let cancelTimer: Stop | null = null

  function count(on: boolean): void {
    cancelTimer?.()
    dueAt.value = on ? clock.now() + afterMs : null
    cancelTimer = on ? clock.setTimeout(due, afterMs) : null
  }
  function due(): void {
    // What comes so late was slept through: nobody has seen it counted down.
    const isLate = clock.now() > dueAt.value! + LATE_MS
    count(isLate)
    if (!isLate) reload()
  }
  function later(): void {
    if (dueAt.value !== null) count(true)
  }

  whileMounted(() => {
    const looked = () => (isSeen.value = document.visibilityState !== 'hidden')
    looked()
    document.addEventListener('visibilitychange', looked)
    for (const type of ACTIVITY) document.addEventListener(type, later, { capture: true, passive: true })
    const stops = [
      watch(isWanted, () => (isDeclined.value = false), { flush: 'sync' }),
      watch(() => isWanted.value && isSeen.value && !isDeclined.value, count, {
        immediate: true,
        flush: 'sync',
      }),
    ]
    return () => {
      document.removeEventListener('visibilitychange', looked)
      for (const type of ACTIVITY) document.removeEventListener(type, later, { capture: true })
      stops.forEach((stop) => stop())
      count(false)
    }
  })

  return {
    seconds: useCountdown(dueAt, options).seconds,
    later,
    cancel: () => void (isDeclined.value = true),
  }
}
