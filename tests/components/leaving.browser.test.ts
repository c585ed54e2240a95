/** Whoever leaves a page that alone knows the changes is asked by the browser itself; nobody else is. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type PageStage } from './page-stage.js'

let stage: PageStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

/** Reloads the page as a person would; whether the browser has asked first. Whoever is asked stays. */
async function asksOnReload(page: Page): Promise<boolean> {
  const asked: string[] = []
  const stay = (dialog: { type(): string; dismiss(): Promise<void> }) => {
    asked.push(dialog.type())
    void dialog.dismiss()
  }
  page.on('dialog', stay)
  // A browser asks only where somebody has done something.
  await page.getByRole('textbox', { name: 'Note' }).press('End')
  await page.evaluate(() => void Object.assign(window, { isOld: true }))
  const loaded = page.waitForEvent('load').then(() => [])
  const question = page.waitForEvent('dialog').then(() => ['beforeunload'])
  await page.evaluate(() => setTimeout(() => location.reload()))
  const told = await Promise.race([loaded, question])
  for (const late of [loaded, question]) late.catch(() => {})
  page.off('dialog', stay)
  expect(asked).toEqual(told)
  expect(await page.evaluate(() => 'isOld' in window)).toBe(told.length > 0)
  return told.length > 0
}

test('ux-47: a tab with changes that it alone knows is not left without a question', async () => {
  const page = await stage.open({}, '?stored=tab')
  expect(await asksOnReload(page)).toBe(true)
  // Kept on the device from now on they need nobody.
  await page.evaluate(() => window.kit.stored('device'))
  expect(await asksOnReload(page)).toBe(false)
})

test('ux-47: nor is anybody asked once all of them have arrived', async () => {
  const page = await stage.open({}, '?stored=tab')
  await page.evaluate(() => window.kit.confirm('a', 'b', 'c', 'd', 'e', 'f', 'g'))
  expect(await asksOnReload(page), 'one is left').toBe(true)
  await page.evaluate(() => window.kit.confirm('h'))
  expect(await asksOnReload(page)).toBe(false)
})

test('ux-47: changes that are kept on the device let everybody go', async () => {
  expect(await asksOnReload(await stage.open())).toBe(false)
})
