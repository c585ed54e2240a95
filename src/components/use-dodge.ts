import { watch, type Ref } from 'vue'
import type { Stop } from '../core/state.js'
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

  whileMounted(() => {
    let unlisten: Stop = () => {}
    const unwatch = watch(
      floats,
      (on) => {
        unlisten()
        unlisten = on ? listen() : () => {}
        if (on) look()
      },
      { immediate: true, flush: 'post' },
    )
    return () => {
      unwatch()
      unlisten()
    }
  })

  /** The browser scrolls what gets the focus into view after it has said so. */
  function listen(): Stop {
    const how = { capture: true, passive: true }
    document.addEventListener('focusin', look, how)
    document.addEventListener('scroll', look, how)
    return () => {
      document.removeEventListener('focusin', look, how)
      document.removeEventListener('scroll', look, how)
    }
  }
}
