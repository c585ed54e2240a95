/** What the browser says about the device and the page: hints, turned into events. */
import type { Signal, Stop } from '../core/state.js'

/** The least of a window that is needed; `window` fits. */
export interface SignalWindow extends EventTarget {
  readonly navigator: { readonly onLine: boolean }
  readonly document: EventTarget & { readonly visibilityState: string }
}

/** Options of `browserSignals`. */
export interface BrowserSignalOptions {
  /** Where to listen. Default: the global window; where there is none (a server) it does nothing. */
  window?: SignalWindow
}

/**
 * online and offline, visibility, pageshow from the back-forward cache, and resume after a freeze.
 * On start it says at once if the device is offline or the page hidden.
 */
export function browserSignals(options: BrowserSignalOptions = {}): Signal {
  return (send) => {
    const page = options.window ?? (typeof window === 'undefined' ? undefined : (window as SignalWindow))
    if (!page) return () => {}
    const stops: Stop[] = []
    const listen = (target: EventTarget, type: string, tell: (event: Event) => void) => {
      target.addEventListener(type, tell)
      stops.push(() => target.removeEventListener(type, tell))
    }
    const isHidden = () => page.document.visibilityState === 'hidden'
    listen(page, 'online', () => send({ type: 'NAV_ONLINE' }))
    listen(page, 'offline', () => send({ type: 'NAV_OFFLINE' }))
    listen(page.document, 'visibilitychange', () => send({ type: isHidden() ? 'HIDDEN' : 'VISIBLE' }))
    listen(page.document, 'resume', () => send({ type: 'WAKE' }))
    listen(page, 'pageshow', (event) => {
      if ('persisted' in event && event.persisted === true) send({ type: 'WAKE' })
    })
    if (!page.navigator.onLine) send({ type: 'NAV_OFFLINE' })
    if (isHidden()) send({ type: 'HIDDEN' })
    return () => stops.reverse().forEach((stop) => stop())
  }
}
