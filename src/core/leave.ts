/** What is kept in a page alone dies with it: whoever leaves is asked first, and only then. */

/** The least of a window that is needed; `window` fits. */
export interface LeaveWindow {
  addEventListener(type: 'beforeunload', listener: (event: Event) => void): void
  removeEventListener(type: 'beforeunload', listener: (event: Event) => void): void
}

/** The browser asks in its own words; whoever stays loses nothing. */
function ask(event: Event): void {
  event.preventDefault()
  // Until 2023 Chromium and Safari asked only for this.
  Object.assign(event, { returnValue: true })
}

/**
 * Takes how many writes wait, each time that changes; null: there is no window. It listens only while there is one:
 * a listener for `beforeunload` keeps a page out of the back-forward cache.
 */
export function createLeaveGuard(window: LeaveWindow | null): (waiting: number) => void {
  let isOn = false
  // One of its own for each guard: two of them do not take away each other's.
  const listener = (event: Event) => ask(event)
  return (waiting) => {
    if (!window || waiting > 0 === isOn) return
    isOn = waiting > 0
    if (isOn) window.addEventListener('beforeunload', listener)
    else window.removeEventListener('beforeunload', listener)
  }
}
