import { watch, type Ref, type WatchSource } from 'vue'
import { focused } from './focused.js'

/**
 * A focused button that is no longer offered hands its focus on: the person's place is not lost. Looks before
 * and after what `changes` does to the page (update hooks would miss what a Transition renders).
 */
export function useKeptFocus(
  root: Readonly<Ref<HTMLElement | null>>,
  changes: WatchSource,
  heir: () => HTMLElement | null | undefined,
): void {
  const holds = () => root.value?.contains(focused()) ?? false
  let held = false
  watch(changes, () => {
    held = holds()
  })
  watch(
    changes,
    () => {
      if (held && !holds()) heir()?.focus({ preventScroll: true })
    },
    { flush: 'post' },
  )
}
