/** Uses the panel in a consumer's Storybook: by hand, by keys, and by the link that comes of it. */
import { panelOf } from './panel-page.mjs'

/** Begins with a story on the page; gives what went wrong, in words. */
export async function usePanel(page) {
  const faults = []
  const expect = (what, isSo) => {
    if (!isSo) faults.push(`its panel: ${what}`)
  }
  const panel = panelOf(page)
  await page.getByRole('tab', { name: 'Network' }).click()
  await panel.timeline.waitFor()
  await panel.button('Pause').click()
  await panel.button('Play').waitFor()
  const from = await panel.time()
  await panel.button('Kill').click()
  await page.waitForFunction(() => document.querySelector('[data-lane=server] .hfs-mark'))
  expect('what was done by hand is drawn', (await panel.bars('server')).join() === 'down')
  await panel.scrubber.focus()
  await page.keyboard.press('Home')
  await panel.standsAt(0)
  await page.keyboard.press('PageUp')
  await panel.standsAt(1)
  await page.waitForFunction(() => location.search.includes('at_1000'))
  await page.goto(page.url())
  await panel.timeline.waitFor()
  await panel.standsAt(1)
  expect('the link has it', (await panel.bars('server')).join() === 'down' && from > 0)
  return faults
}
