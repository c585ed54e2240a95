/** Pages that are put aside with all that is in them, and come back as they were (Vue's KeepAlive). */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { focusOf, openStage, show, type PageStage } from './page-stage.js'

let stage: PageStage
let page: Page
let errors: string[]
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
beforeEach(async () => {
  errors = []
  page = await stage.open()
  page.on('pageerror', ({ message }) => errors.push(message))
})

const away = (on: boolean) =>
  page.evaluate(async (isAway) => {
    window.kit.away(isAway)
    await new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))
  }, on)
const hasModal = () => page.evaluate(() => document.querySelector('dialog:modal') !== null)
const dismissed = () => page.evaluate(() => window.kit.dismissed())

test('ux-57: a dialog that falls due while its page is put aside opens when that is back, and hears no key before', async () => {
  await away(true)
  await show(page, 'modal disconnected')
  await page.keyboard.press('Escape')
  expect([errors, await hasModal(), await dismissed()]).toEqual([[], false, 0])
  await away(false)
  expect([errors, await hasModal()]).toEqual([[], true])
  expect(await focusOf(page)).toBe('h2 We can’t reach the server')
})

test('an open dialog is put aside with its page: the page in its place is not inert, and Escape is that one’s', async () => {
  await page.getByRole('textbox').focus()
  await show(page, 'modal disconnected')
  expect(await hasModal()).toBe(true)
  await away(true)
  await page.keyboard.press('Escape')
  expect([await hasModal(), await dismissed()]).toEqual([false, 0])
  await page.keyboard.press('Tab')
  expect(await focusOf(page)).toBe('button Try now')
  await away(false)
  expect(await hasModal()).toBe(true)
  await page.keyboard.press('Escape')
  expect([await dismissed(), errors]).toEqual([1, []])
})

test('ux-26: what is spoken is spoken by a bar that is on the page, not by an older one that is put aside', async () => {
  const spoken = () =>
    page.evaluate(async () => {
      window.kit.announce({ politeness: 'polite', message: { key: 'recovered', params: {} } })
      await new Promise<void>((done) => requestAnimationFrame(() => done()))
      return document.querySelector('.hf-frame [role=status]')?.textContent
    })
  await away(true)
  expect(await spoken()).toBe('Back online')
  await away(false)
  expect(await spoken()).toBe('Back online')
})

test('ux-8: a bar that is put aside under the pointer does not keep the green for ever', async () => {
  await show(page, 'recovered')
  await page.hover('.hf-bar')
  expect(await page.evaluate(() => window.kit.engaged())).toBe(true)
  await away(true)
  expect(await page.evaluate(() => window.kit.engaged())).toBe(false)
})
