/** With the keyboard through a long page over which a bar stands: what has the focus can always be seen. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, show, type PageStage } from './page-stage.js'

let stage: PageStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

/** What has the focus, and whether any of it is covered by a surface of ours that it does not belong to. */
const look = (page: Page): Promise<{ name: string; isHidden: boolean; isAway: boolean }> =>
  page.evaluate(async () => {
    await new Promise<void>((next) => requestAnimationFrame(() => next()))
    const now = document.activeElement as HTMLElement
    const { left, right, top, bottom } = now.getBoundingClientRect()
    const ours = document.querySelector('.hf-bar, .hf-dialog[open]')!
    const bar = document.querySelector('.hf-bar')!.getBoundingClientRect()
    const isUnder = top < bar.bottom && bottom > bar.top && left < bar.right && right > bar.left
    return {
      name: now === document.body ? 'page' : (now.ariaLabel ?? now.textContent ?? '').trim(),
      isHidden: isUnder && !ours.contains(now),
      isAway: document.querySelector('.hf-frame')!.hasAttribute('data-dodging'),
    }
  })

/** Presses the key until the focus is at a place; names everything on the way that could not be seen. */
async function walk(page: Page, key: 'Tab' | 'Shift+Tab', to: string) {
  const hidden: string[] = []
  const seen: string[] = []
  let edges = 0
  let wasAway = (await look(page)).isAway
  for (let step = 0; step < 200 && seen.at(-1) !== to; step++) {
    await page.keyboard.press(key)
    const { name, isHidden, isAway } = await look(page)
    seen.push(name)
    if (isHidden) hidden.push(name)
    if (isAway !== wasAway) edges++
    wasAway = isAway
  }
  return { hidden, edges, last: seen.at(-1), steps: seen.length }
}

/** The first stop of the page: it stands at its very top. */
const FIRST = 'Can’t reach the server. 3 changes waiting'
const LAST = 'Link 15'

for (const placement of ['sticky', 'floating'] as const) {
  test.concurrent(
    `ux-35: ${placement}: with Tab to the end of a long page, back, and to the end again, nothing is under the bar`,
    async () => {
      const window = { viewport: { width: 640, height: 480 } }
      const page = await stage.open(window, `?placement=${placement}&links=16`)
      await show(page, 'disconnected')
      await page.getByRole('textbox', { name: 'Note' }).focus()
      const down = await walk(page, 'Tab', LAST)
      expect(down).toMatchObject({ hidden: [], last: LAST })
      const up = await walk(page, 'Shift+Tab', FIRST)
      expect(up).toMatchObject({ hidden: [], last: FIRST })
      const again = await walk(page, 'Tab', LAST)
      expect(again).toMatchObject({ hidden: [], last: LAST })
      // The floating one has to go to its other edge on the way up, and again on the way down.
      const isFloating = placement === 'floating'
      expect([up.edges > 0, again.edges > 0]).toEqual([isFloating, isFloating])
    },
  )
}
