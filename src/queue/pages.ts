/** The page's coming and going: a frozen one runs nothing, hears nothing, and may never come back (1.8, 1.12). */
import type { Stop } from '../core/state.js'

/** What tells of it: `freeze`, `pagehide`, `resume`, `pageshow`. */
export type PageLike = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>

/** This page; none outside of browsers. */
export function thisPage(): readonly PageLike[] {
  return typeof document === 'undefined' ? [] : [document, window]
}

/** Calls `go` when the page is put aside, and `come` when it is shown again after that. */
export function onPresence(pages: readonly PageLike[], { go, come }: { go?: Stop; come: Stop }): Stop {
  let isHere = true
  const on = ({ type }: Pick<Event, 'type'>) => {
    const before = isHere
    isHere = type === 'resume' || type === 'pageshow'
    if (before && !isHere) go?.()
    if (!before && isHere) come()
  }
  const types = ['freeze', 'pagehide', 'resume', 'pageshow']
  for (const page of pages) for (const type of types) page.addEventListener(type, on)
  return () => {
    for (const page of pages) for (const type of types) page.removeEventListener(type, on)
  }
}
