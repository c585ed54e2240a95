import { nextTick, watch, type Ref, type WatchSource } from 'vue'
import { focused } from './focused.js'

/**
 * A focused button that is no longer offered hands its focus on: the person's place is not lost. Looks before
 * and after what `changes` does to the page (update hooks would miss what a Transition renders).
 */
export function useKeptFocus(
  root: Readonly<Ref<HTMLElement | null>>,
  changes: WatchSource,
  heir: Readonly<Ref<HTMLElement | null>>,
): void {
  const holds = () => root.value?.contains(focused()) ?? false
  watch(changes, async () => {
    const held = holds()
    await nextTick()
    if (held && !holds()) heir.value?.focus({ preventScroll: true })
  })
}
