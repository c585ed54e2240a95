import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { focusOf, openStage, show, type PageStage } from './page-stage.js'

let stage: PageStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

/** Presses keys one after the other; says where the focus is after each. */
async function press(page: Page, ...keys: readonly string[]): Promise<string[]> {
  const seen: string[] = []
  for (const key of keys) {
    await page.keyboard.press(key)
    await page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => done())))
    seen.push(await focusOf(page))
  }
  return seen
}

test('ux-43, ux-44: an outage from end to end with the keyboard alone', async () => {
  const page = await stage.open()
  await show(page, 'disconnected')
  // The badge, the bar, and back to work.
  expect(await press(page, 'Tab', 'Tab', 'Tab', 'Tab')).toEqual([
    'button Can’t reach the server. 3 changes waiting',
    'button Try now',
    'button Details',
    'input note',
  ])
  // Details: open, read, copy is next, closed again; the focus is where it was.
  await press(page, 'Shift+Tab')
  expect(await press(page, 'Enter', 'Tab', 'Tab', 'Escape')).toEqual([
    'h2 Connection details',
    'button Close',
    'button Copy as text',
    'button Details',
  ])
  // The dialog comes while somebody works: its heading has the focus, no key is lost to a button.
  await press(page, 'Tab')
  await show(page, 'modal disconnected')
  expect(await focusOf(page)).toBe('h2 We can’t reach the server')
  expect(await press(page, 'Space', 'x', 'Tab', 'Tab')).toEqual([
    'h2 We can’t reach the server',
    'h2 We can’t reach the server',
    'button Try now',
    'button Keep working',
  ])
  expect(await page.evaluate(() => window.kit.asked())).toEqual([])
  expect(await press(page, 'Enter')).toEqual(['input note'])
  expect(await page.evaluate(() => window.kit.dismissed())).toBe(1)
  // The list: head, then row by row; a conflict is settled and taken back.
  expect(await press(page, 'Tab', 'Tab', 'Tab')).toEqual([
    'button Retry failed',
    'button Discard all…',
    'button Discard: Comment on “Launch checklist”',
  ])
  expect(await press(page, 'ArrowDown', 'Tab', 'Tab', 'Tab')).toEqual([
    'row c',
    'button Review: Delete “Old draft”',
    'button Keep mine: Delete “Old draft”',
    'button Keep theirs: Delete “Old draft”',
  ])
  expect(await press(page, 'Enter', 'ArrowUp', 'Tab', 'Enter')).toEqual([
    'row d',
    'row c',
    'button Undo: Delete “Old draft”',
    'row c',
  ])
  expect(await press(page, 'End', 'Tab', 'Tab')).toEqual([
    'row h',
    'button Discard: شارك "الخطة" مع الفريق.',
    'a The end',
  ])
})

/** What is cut off, hangs over, or cannot be reached, among all that is shown. */
const troubles = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = []
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide in ${clientWidth}`)
    const dialog = document.querySelector<HTMLDialogElement>('dialog[open]')
    for (const root of dialog ? [dialog] : document.querySelectorAll<HTMLElement>('.hf:not(dialog)')) {
      for (const one of [root, ...root.querySelectorAll<HTMLElement>('*')]) {
        const { overflow, display, clipPath } = getComputedStyle(one)
        if (one.closest('.hf-spoken') || display === 'inline' || clipPath !== 'none' || one.closest('svg'))
          continue
        const name = `${one.localName}.${one.className}`
        if (one.scrollWidth > one.clientWidth + 1 && overflow !== 'auto') found.push(`${name} is cut off`)
        if (one.scrollHeight > one.clientHeight + 1 && overflow !== 'auto')
          found.push(`${name} is ${one.scrollHeight} high in ${one.clientHeight}`)
        const { left, right } = one.getBoundingClientRect()
        if (right > innerWidth + 1 || left < -1) found.push(`${name} hangs over`)
      }
    }
    if (dialog) {
      const { top, bottom } = dialog.getBoundingClientRect()
      if (top < 0 || bottom > innerHeight) found.push('the dialog is higher than the window')
    }
    return found
  })

const everyPhase = async (page: Page): Promise<readonly string[]> => {
  const all: string[] = []
  for (const name of await page.evaluate(() => window.kit.names)) {
    await show(page, name)
    all.push(...(await troubles(page)).map((one) => `${name}: ${one}`))
  }
  return all
}

/** A window of 1,280 by 1,024 whose person has zoomed to 200 %: half as many CSS px, each two dots wide. */
const ZOOMED = { viewport: { width: 640, height: 512 }, deviceScaleFactor: 2 }

test('1.4.4: zoomed to 200 % every phase can be read, nothing is cut off, and the dialog fits', async () => {
  const page = await stage.open(ZOOMED)
  expect(await everyPhase(page)).toEqual([])
  // And pressed: the whole way again, in the small window.
  await show(page, 'modal disconnected')
  await press(page, 'Tab')
  for (const name of ['Try now', 'Keep working']) {
    const box = await page.getByRole('alertdialog').getByRole('button', { name }).boundingBox()
    expect(box!.y + box!.height).toBeLessThanOrEqual(512)
  }
  await press(page, 'Escape')
  await show(page, 'disconnected')
  await page.getByRole('button', { name: 'Details' }).click()
  expect(await troubles(page)).toEqual([])
})

test('1.4.10, ux-30: at 400 %, 320 px wide, the same', async () => {
  const page = await stage.open({ viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 })
  expect(await everyPhase(page)).toEqual([])
})

test('1.4.12, ux-30: with the spacing of text that people may set, nothing is cut off', async () => {
  const page = await stage.open({ viewport: { width: 640, height: 900 }, bypassCSP: true })
  await page.addStyleTag({
    content: `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
      p { margin-block-end: 2em !important }`,
  })
  expect(await everyPhase(page)).toEqual([])
})

test('ux-21: a panel that goes while the focus is in it gives it back to where it came from', async () => {
  const page = await stage.open()
  await page.getByRole('textbox').focus()
  await page.evaluate(() => window.kit.panel())
  await page.locator('dialog').getByRole('button', { name: 'Try now' }).focus()
  await show(page, 'recovered')
  expect(await focusOf(page)).toBe('input note')
})

test('ux-21: a dialog that is removed while it is open gives the focus back, too', async () => {
  const page = await stage.open()
  await page.getByRole('textbox').focus()
  await show(page, 'modal disconnected')
  await page.evaluate(() => window.kit.dialog(false))
  await expect.poll(() => page.locator('dialog').count()).toBe(0)
  expect(await focusOf(page)).toBe('input note')
})

test('details that are closed from outside take the focus from nobody who works', async () => {
  const page = await stage.open()
  await show(page, 'disconnected')
  await page.getByRole('button', { name: 'Details' }).press('Enter')
  expect(await focusOf(page)).toBe('h2 Connection details')
  await page.getByRole('textbox').focus()
  await page.evaluate(() => window.kit.details(false))
  await expect.poll(() => page.locator('.hf-details').count()).toBe(0)
  expect(await focusOf(page)).toBe('input note')
})
