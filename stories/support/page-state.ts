/** A page that is put away and shown again, as far as a script can tell. */

/** From now on the document says that it is hidden, or visible again, and tells so. */
export function setHidden(isHidden: boolean): void {
  const state = isHidden ? 'hidden' : 'visible'
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
  document.dispatchEvent(new Event('visibilitychange'))
}

/** The document's own word counts again. */
export function forgetHidden(): void {
  Reflect.deleteProperty(document, 'visibilityState')
}
