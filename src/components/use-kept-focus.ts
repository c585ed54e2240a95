import { onBeforeUpdate, onUpdated, type Ref } from 'vue'

/** A focused button that is no longer offered hands its focus on: the person's place is not lost. */
export function useKeptFocus(
  root: Readonly<Ref<HTMLElement | null>>,
  heir: () => HTMLElement | null | undefined,
): void {
  const holds = () => root.value?.contains(document.activeElement) ?? false
  let held = false
  onBeforeUpdate(() => {
    held = holds()
  })
  onUpdated(() => {
    if (held && !holds()) heir()?.focus({ preventScroll: true })
  })
}
