import { onScopeDispose, watch, type Ref } from 'vue'
import type { Stop } from '../core/state.js'
import { focused } from './focused.js'

/** How a dialog is to be open. `panel` leaves the page alone: no focus, nothing inert. */
export type Openness = 'closed' | 'panel' | 'modal'

/** What `useDialog` needs. */
export interface DialogOptions {
  /** The dialog; null while it is not rendered: then nothing opens. */
  readonly dialog: Readonly<Ref<HTMLDialogElement | null>>
  /** Gets the focus: the heading, so that no key of a typing person presses a button. */
  readonly heading: Readonly<Ref<HTMLElement | null>>
  /** How it is to be open now; followed. */
  readonly openness: () => Openness
  /** Escape, or the browser closed it: the person goes on working. */
  readonly leave: () => void
  /** The element that had the focus is gone. */
  readonly orphaned: () => void
}

/**
 * Opens and closes a native dialog; that makes the page inert and brings the focus back. Escape is heard on the
 * first press wherever the focus is, because `cancel` alone does not hold it (docs/spec/ux.md, section 5, 4).
 */
export function useDialog({ dialog, heading, openness, leave, orphaned }: DialogOptions): void {
  let opener: Element | null = null
  let unlisten: Stop | null = null

  function open(element: HTMLDialogElement, how: Openness) {
    opener = focused()
    if (how === 'panel') return element.setAttribute('open', '')
    element.showModal()
    heading.value?.focus({ preventScroll: true })
    document.addEventListener('keydown', onKey, { capture: true })
    element.addEventListener('close', onClose)
    unlisten = () => {
      document.removeEventListener('keydown', onKey, { capture: true })
      element.removeEventListener('close', onClose)
    }
  }

  function close(element: HTMLDialogElement) {
    unlisten?.()
    unlisten = null
    element.close()
    // Fading out, the dialog may keep a focus that found no way back.
    const now = focused()
    const isLost = !now || now === document.body || element.contains(now)
    if (opener && !opener.isConnected && isLost) orphaned()
    opener = null
  }

  function onKey(event: KeyboardEvent) {
    if (event.key !== 'Escape' || event.isComposing) return
    event.preventDefault()
    event.stopPropagation()
    leave()
  }

  function onClose() {
    // Told a moment later: it may be that of the time before, and the dialog open again.
    if (openness() === 'modal' && !dialog.value?.open) leave()
  }

  watch(
    openness,
    (how, before) => {
      const element = dialog.value
      if (!element) return
      if (before !== 'closed') close(element)
      if (how !== 'closed') open(element, how)
    },
    { flush: 'post' },
  )
  onScopeDispose(() => unlisten?.())
}
