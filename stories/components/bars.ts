/** Bars of stories, and looks at them. */
import { h } from 'vue'
import { expect, waitFor } from 'storybook/test'
import { StatusBar, type Locale } from '../../src/components/index.js'

/** A bar in that language. */
export const bar = (locale: Locale, args: Record<string, unknown>) => h(StatusBar, { ...args, locale })

/** A language whose bar has a name of its own: where a page has several, people tell them apart by it. */
export const localeNamed = (locale: Locale, name: string): Locale => ({
  ...locale,
  bar: { label: `${locale.bar.label}: ${name}` },
})

/** The live regions of the bars. */
export const live = (root: HTMLElement) => [
  ...root.querySelectorAll('.hf-frame [role=status], .hf-frame [role=alert]'),
]

/** A page with two dozen bars on a busy machine. */
const SLOW_MACHINE = { timeout: 10_000 }

/** Waits until every bar that comes has come: before that it is less high. */
export async function settled(root: HTMLElement): Promise<void> {
  await waitFor(() => {
    const heights = [...root.querySelectorAll('.hf-height')]
    // Counts: whoever expects elements prints them, with all that is in them, each time that it is not yet so.
    expect(heights.length).toBeGreaterThan(0)
    expect(heights.filter((one) => one.classList.contains('hf-bar-enter-active'))).toHaveLength(0)
    expect(heights.flatMap((one) => one.getAnimations())).toHaveLength(0)
  }, SLOW_MACHINE)
}

/** Waits until nothing of it moves: colours that are on their way have another contrast. */
export const atRest = (element: Element): Promise<void> =>
  waitFor(() => expect(element.getAnimations({ subtree: true })).toHaveLength(0), SLOW_MACHINE)

/** The heights that there are among them (CSS px). */
export const heightsOf = (bars: readonly HTMLElement[]): number[] =>
  [...new Set(bars.map((one) => one.getBoundingClientRect().height))].sort((one, other) => one - other)

/** Where something begins on a page from right to left: 0 is its right edge (CSS px). */
export const startOf = (element: Element): number => innerWidth - element.getBoundingClientRect().right
