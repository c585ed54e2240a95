/** Goes through a page by real keys, and says of each stop whether somebody sees where they are. */
import type { Page } from 'playwright-core'

/** Where the focus is. */
export interface Stop {
  /** What it is called: its label, else its text. */
  readonly name: string
  /** The film's frame that it is in; null: none. */
  readonly cell: string | null
  /** CSS px. */
  readonly width: number
  readonly height: number
  /** What is wrong with it: no ring, a part of it out of sight, or something over it. Empty: nothing. */
  readonly wrong: readonly string[]
}

/** No page of a story has more. */
const MOST_STOPS = 120

/** Presses Tab from the beginning of the page to its end. */
export async function walk(page: Page): Promise<readonly Stop[]> {
  const stops: Stop[] = []
  await page.evaluate(() => {
    document.body.tabIndex = -1
    document.body.focus()
    document.body.removeAttribute('tabindex')
  })
  for (let presses = 0; presses < MOST_STOPS; presses++) {
    await page.keyboard.press('Tab')
    const stop = await stopOf(page)
    if (!stop) return stops
    stops.push(stop)
  }
  throw new Error(`More than ${MOST_STOPS} stops: ${stops.at(-1)!.name}`)
}

/** Where the focus is now; null: nowhere in the page. */
export const stopOf = (page: Page): Promise<Stop | null> =>
  page.evaluate(() => {
    const focused = document.activeElement
    if (!(focused instanceof HTMLElement) || focused === document.body) return null
    const { left, top, right, bottom, width, height } = focused.getBoundingClientRect()
    const wrong: string[] = []
    // What is drawn by another part for an input that cannot be seen is that part's ring.
    const drawn = focused.matches('.hfs-scrub') ? document.querySelector('.hfs-now')! : focused
    const { outlineStyle, outlineWidth } = getComputedStyle(drawn, drawn === focused ? null : '::before')
    if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) wrong.push('no ring')
    for (let box = focused.parentElement; box; box = box.parentElement) {
      if (getComputedStyle(box).overflow === 'visible') continue
      const edge = box === document.body ? document.documentElement : box
      const clip = edge.getBoundingClientRect()
      if (left < clip.left - 1 || top < clip.top - 1 || right > clip.right + 1 || bottom > clip.bottom + 1)
        wrong.push(`cut by ${box.className}`)
    }
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
    if (over && over !== focused && !focused.contains(over) && !over.contains(focused))
      wrong.push(`under ${over.className}`)
    return {
      name: focused.getAttribute('aria-label') ?? focused.textContent?.trim() ?? '',
      cell: focused.closest<HTMLElement>('[data-cell]')?.dataset['cell'] ?? null,
      ...{ width, height, wrong },
    }
  })
