import { watch, type Ref } from 'vue'
import type { Stop } from '../core/state.js'
import { focused, isLostWith } from './focused.js'

/** How a dialog is to be open. `panel` leaves the page alone: no focus, nothing inert. */
export type Openness = 'closed' | 'panel' | 'modal'

/** What `useDialog` needs. */
export interface DialogOptions {
  /** The dialog; null while it is not rendered: then nothing opens. */
  readonly dialog: Readonly<Ref<HTMLDialogElement | null>>
  /** Gets the focus: the heading, so that no key of a typing person presses a button. */
  readonly heading: Readonly<Ref<HTMLElement | null>>
  /** How it is to be open now; followed. */
  readonly openness: Readonly<Ref<Openness>>
  /** Escape, or the browser closed it: the person goes on working. */
  readonly leave: () => void
  /** The element that had the focus is gone, or takes it no more. */
  readonly orphaned: () => void
}

/**
 * Opens and closes a native dialog; that makes the page inert and brings the focus back. Escape is heard on the
 * first press wherever the focus is, because `cancel` alone does not hold it (docs/spec/ux.md, section 5, 4).
 */
export function useDialog({ dialog, heading, openness, leave, orphaned }: DialogOptions): void {
  /** Returns its closing. */
  function open(element: HTMLDialogElement, how: Openness): Stop {
    const opener = focused() as HTMLElement | null
    const listening = new AbortController()
    const heard = { capture: true, signal: listening.signal }
    const isPanel = how === 'panel'
    // A panel leaves the page its keys.
    const place: EventTarget = isPanel ? element : document
    place.addEventListener('keydown', onKey, heard)
    element.addEventListener('close', onClose, heard)
    if (isPanel) element.setAttribute('open', '')
    else {
      element.showModal()
      heading.value?.focus({ preventScroll: true })
    }
    return () => {
      listening.abort()
      element.close()
      // Put aside with its page: where the focus goes there is not ours to say.
      if (!element.isConnected) return
      // A panel gives nothing back by itself; and fading out, a dialog may keep a focus that found no way back.
      if (isLostWith(element)) opener?.focus()
      if (opener !== document.body && isLostWith(element)) orphaned()
    }
  }

  function onKey(event: Event) {
    const { key, isComposing } = event as KeyboardEvent
    // An input method's takes back its composition.
    if (key !== 'Escape' || isComposing) return
    event.preventDefault()
    event.stopPropagation()
    leave()
  }

  function onClose() {
    // Told a moment later: it may be that of the time before, and the dialog open again.
    if (openness.value === 'modal' && !dialog.value?.open) leave()
  }

  watch(
    openness,
    (how, _before, onCleanup) => {
      // Also when it is removed while it is open: the browser gives no focus back then.
      if (dialog.value && how !== 'closed') onCleanup(open(dialog.value, how))
    },
    { flush: 'post' },
  )
}
