/** Looks for words that have no room. */

/** Boxes that words are in. */
const BOXES =
  '.hf-bar, .hf-message, .hf-dialog, .hf-dialog-actions, .hf-next, .hf-queue, .hf-queue-head, .hf-row, .hf-button'

/** Every text that is wider or higher than its box, or that reaches out of the one around it, as "box: text". */
export function cutOff(root: HTMLElement): string[] {
  return [...root.querySelectorAll<HTMLElement>(BOXES)]
    .filter(isCut)
    .map((box) => `${box.className}: ${(box.textContent ?? '').trim().slice(0, 60)}`)
}

function isCut(box: HTMLElement): boolean {
  // A pixel is rounding.
  if (box.scrollWidth > box.clientWidth + 1) return true
  const clips = getComputedStyle(box).overflow !== 'visible'
  if (clips && box.scrollHeight > box.clientHeight + 1) return true
  const around = box.closest('[data-cell]')?.getBoundingClientRect()
  const { left, right } = box.getBoundingClientRect()
  return around !== undefined && (left < around.left - 1 || right > around.right + 1)
}
