/** How far the times of a page can be trusted. */

const BEAT_MS = 20

/** Watches the page's timers from now on; the returned function tells how late they came at worst, in ms. */
export function watchLateness(): () => number {
  let lateMs = 0
  let dueAt = performance.now() + BEAT_MS
  setInterval(() => {
    lateMs = Math.max(lateMs, performance.now() - dueAt)
    dueAt = performance.now() + BEAT_MS
  }, BEAT_MS)
  return () => lateMs
}
