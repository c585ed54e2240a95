import type { Stop } from '../core/state.js'

/** Calls when the page may be gone in a moment: hidden (on a phone often the last word), frozen, or left. */
export function watchGoing(going: () => void): Stop {
  if (typeof document === 'undefined') return () => {}
  const hidden = () => {
    if (document.visibilityState === 'hidden') going()
  }
  document.addEventListener('visibilitychange', hidden)
  document.addEventListener('freeze', going)
  window.addEventListener('pagehide', going)
  return () => {
    document.removeEventListener('visibilitychange', hidden)
    document.removeEventListener('freeze', going)
    window.removeEventListener('pagehide', going)
  }
}
