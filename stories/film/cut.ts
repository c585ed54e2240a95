/** What a frame of a film does not show whole. */

/** Rounded edges may stand over by so much (px). */
const ROUNDING_PX = 1

/**
 * What reaches over the edge of its frame, by the frame's name. Under a dialog more may lie than fits: nobody sees it.
 */
export function cutIn(strip: HTMLElement): readonly string[] {
  return [...strip.querySelectorAll<HTMLElement>('.strip-frame')].flatMap((frame) => {
    const { left, right, top, bottom } = frame.getBoundingClientRect()
    const parts = frame.querySelectorAll<HTMLElement>(
      frame.dataset['modal'] === undefined ? '.strip-under *' : '.hf-dialog, .hf-dialog *',
    )
    const over = [...parts].filter((part) => {
      // What is spoken alone is a point.
      if (part.offsetWidth <= 1 || part.offsetHeight <= 1) return false
      const rect = part.getBoundingClientRect()
      return (
        Math.max(left - rect.left, rect.right - right, top - rect.top, rect.bottom - bottom) > ROUNDING_PX
      )
    })
    const { cell } = frame.closest<HTMLElement>('[data-cell]')!.dataset
    return over.map((part) => `${cell}: ${part.className || part.tagName}`)
  })
}
