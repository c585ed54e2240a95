/** What the page does that matters to what is shown: each watcher is (send) => stop. */
import { createLeaveGuard } from '../core/leave.js'
import type { FactSource, Stop } from '../core/state.js'
import { countKept } from '../status/facts.js'
import type { PageEvent } from '../status/view.js'

type Send = (event: PageEvent) => void

/** Marks what is ours: keys pressed there are no typing, and our dialog is not a foreign one. */
export const OURS = '[data-hf]'

/** In a dialog of a library, which lets nothing be put on its own element, this says that the dialog is ours. */
const IN_OURS = '[data-hf="dialog"]'

/** A page of which a part is hidden from assistive technology by the package aria-hidden. */
const HIDING = 'body:has([data-aria-hidden])'

/**
 * A modal dialog, native or not, and those of Reka UI, which say nothing of being modal but hide the rest of the page.
 * Some libraries keep theirs in the page, hidden: it must be visible, too.
 */
const DIALOGS = `:is(dialog:modal, [aria-modal="true"], ${HIDING} [role$="dialog"][data-state="open"]):not(${OURS})`

/** Whatever the page does with an event, it is heard before. */
const FIRST = { capture: true, passive: true }

/** In a shadow tree the document only knows the host. In a form in our list somebody works (`data-hf="work"`). */
const isOurs = (event: Event) =>
  (event.composedPath()[0] as Partial<Element>).closest?.(OURS)?.matches(':not([data-hf=work])')

/** Typing, composing and being hidden. Listeners only, no timer. */
export function watchPage(send: Send): Stop {
  const visibilitychange = () => send({ type: 'HIDDEN', hidden: document.visibilityState === 'hidden' })
  const typed = (event: Event) => {
    if (!isOurs(event)) send({ type: 'TYPED' })
  }
  const composing = ({ type }: Event) => send({ type: 'COMPOSING', on: type === 'compositionstart' })
  const heard = Object.entries({
    keydown: typed,
    paste: typed,
    // What is dictated, or chosen from a picture keyboard, has no keys.
    beforeinput: typed,
    compositionstart: composing,
    compositionend: composing,
    visibilitychange,
  })
  visibilitychange()
  for (const [type, hear] of heard) document.addEventListener(type, hear, FIRST)
  return () => {
    for (const [type, hear] of heard) document.removeEventListener(type, hear, FIRST)
  }
}

/** Whoever leaves a page that alone knows his changes is asked first; kept on the device they need nobody (ux-47). */
export function watchLeaving(queue: FactSource): Stop {
  const guard = createLeaveGuard(globalThis.window ?? null)
  const stop = queue.subscribe(({ queue: facts }) => {
    if (facts) guard(facts.persisted ? 0 : countKept(facts))
  })
  return () => {
    stop()
    guard(0)
  }
}

/** Modal dialogs that are not ours. Run it only while something could open over them: it watches the whole page. */
export function watchDialogs(send: Send): Stop {
  let open = false
  let dialogs: readonly Element[] = []
  const look = () => {
    dialogs = [...document.querySelectorAll(DIALOGS)]
    const now = dialogs.some((dialog) => dialog.checkVisibility() && !dialog.querySelector(IN_OURS))
    if (now !== open) send({ type: 'FOREIGN_DIALOG', open: (open = now) })
  }
  // A page may change at any time: all of it is looked at only where a dialog is, or may have come.
  const observer = new MutationObserver((records) => {
    if (dialogs[0] || records.some(mayBring)) look()
  })
  observer.observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: [...MAKES, 'class', 'style', 'hidden'],
  })
  look()
  return () => {
    observer.disconnect()
    if (open) send({ type: 'FOREIGN_DIALOG', open: false })
  }
}

/** Attributes that make a modal dialog of what was none. */
const MAKES = ['open', 'aria-modal', 'data-aria-hidden', 'data-state']

/** What may be one, or hide the page for one. */
const MAY_BE = 'dialog, [aria-modal], [role$="dialog"], [data-aria-hidden]'

const mayBring = ({ attributeName, addedNodes }: MutationRecord) =>
  attributeName
    ? MAKES.includes(attributeName)
    : [...(addedNodes as NodeListOf<Element>)].some(
        (node) => node.matches?.(MAY_BE) || node.querySelector?.(MAY_BE),
      )
