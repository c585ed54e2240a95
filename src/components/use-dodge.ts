import { watch, type Ref } from 'vue'
import { whileMounted } from '../vue/follow.js'
import { focused } from './focused.js'

/**
 * A surface that floats over the page goes to its other edge rather than cover what has the focus (WCAG 2.4.11): at
 * the ends of a page nothing can be scrolled clear of it. What is as high as half the window is never covered.
 *
 * @param surface gets the attribute `data-dodging` while it is at its other edge
 * @param floats whether it is shown, and over the page
 */
export function useDodge(surface: Readonly<Ref<HTMLElement | null>>, floats: () => boolean): void {
  function look(): void {
    const [ours, theirs] = [surface.value, focused()]
    if (!ours || !theirs || theirs === document.body || ours.contains(theirs)) return
    const [a, b] = [ours.getBoundingClientRect(), theirs.getBoundingClientRect()]
    const isUnder = a.top < b.bottom && b.top < a.bottom && a.left < b.right && b.left < a.right
    if (isUnder && b.height < innerHeight / 2) ours.toggleAttribute('data-dodging')
  }

  whileMounted(() =>
    watch(
      floats,
      (on, _before, onCleanup) => {
        if (!on) return
        const listening = new AbortController()
        const how = { capture: true, passive: true, signal: listening.signal }
        document.addEventListener('focusin', look, how)
        // The browser scrolls what gets the focus into view after it has said so.
        document.addEventListener('scroll', look, how)
        onCleanup(() => listening.abort())
        look()
      },
      { immediate: true, flush: 'post' },
    ),
  )
}
