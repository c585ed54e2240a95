/** With real keys and a real pointer: much of what a dialog does the browser itself does, and for real ones alone. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { focusOf, openStage, show, type PageStage } from './page-stage.js'

let stage: PageStage
let page: Page
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
beforeEach(async () => {
  page = await stage.open({ viewport: { width: 800, height: 500 } })
})
afterEach(() => page.context().close())

const note = () => page.getByRole('textbox', { name: 'Note' })
const dialog = () => page.locator('.hf-dialog')
const isOpen = () => dialog().evaluate((element: HTMLDialogElement) => element.open)
const dismissed = () => page.evaluate(() => window.kit.dismissed())
const asked = () => page.evaluate(() => window.kit.asked())

/** Every state that the dialog tells of. */
const modals = () => page.evaluate(() => window.kit.names.filter((name) => name.startsWith('modal ')))

test('ux-18: the first Escape leads back to work from every state, wherever in the dialog one is, three times each', async () => {
  const stuck: string[] = []
  let presses = 0
  const escape = async (what: string) => {
    await page.keyboard.press('Escape')
    presses += 1
    const [open, count, focus] = [await isOpen(), await dismissed(), await focusOf(page)]
    if (open || count !== presses || focus !== 'input note') stuck.push(`${what}: ${open} ${count} ${focus}`)
  }
  await note().focus()
  const names = await modals()
  expect(names.length).toBeGreaterThan(8)
  for (const name of names) {
    for (const place of ['h2', '[data-action=retry]', '[data-action=keep-working]']) {
      await show(page, name)
      await dialog().locator(place).focus()
      await escape(`${name}, on ${place}`)
    }
  }
  // In the middle of an attempt by hand, and when the focus was clicked away.
  await show(page, 'modal disconnected')
  await dialog().getByRole('button', { name: 'Try now' }).click()
  await escape('trying by hand')
  await show(page, 'modal disconnected')
  await dialog().getByRole('paragraph').click()
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await escape('on nothing')
  expect(stuck).toEqual([])
})

test('ux-19: a click on the backdrop does nothing, on any side, however often', async () => {
  await show(page, 'modal disconnected')
  for (let time = 1; time <= 3; time++) {
    for (const [x, y] of [
      [5, 5],
      [795, 5],
      [5, 495],
      [795, 495],
      [400, 4],
    ] as const)
      await page.mouse.click(x, y)
  }
  expect([await isOpen(), await dismissed(), await asked()]).toEqual([true, 0, []])
  expect(await dialog().evaluate((element) => element.contains(document.activeElement))).toBe(true)
})

test('ux-17: who types while the modal opens presses nothing: not with letters, not with Space, not with Enter', async () => {
  await note().focus()
  await page.keyboard.press('End')
  await page.keyboard.type('hi')
  await page.evaluate(() => window.kit.show('modal disconnected'))
  await page.keyboard.type(' de f')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Space')
  expect([await isOpen(), await dismissed(), await asked()]).toEqual([true, 0, []])
  // What was typed before is there; what came after is in no field and on no button.
  expect(await note().inputValue()).toMatch(/^abcdefghi/)
  await page.keyboard.press('Escape')
  await page.keyboard.type('!')
  expect(await note().inputValue()).toMatch(/^abcdefghi.*!$/)
})

const selected = () =>
  note().evaluate((input: HTMLInputElement) => input.value.slice(input.selectionStart!, input.selectionEnd!))

test('ux-21: when the outage is over the modal gives focus and selection back, and without an opener to the bar', async () => {
  await note().focus()
  await note().evaluate((input: HTMLInputElement) => input.setSelectionRange(2, 5))
  await show(page, 'modal disconnected')
  expect(await focusOf(page)).toBe('h2 We can’t reach the server')
  await show(page, 'recovered')
  expect([await isOpen(), await focusOf(page), await selected()]).toEqual([false, 'input note', 'cde'])
  await show(page, 'modal disconnected')
  await note().evaluate((input) => input.remove())
  await page.keyboard.press('Escape')
  expect([await isOpen(), await focusOf(page)]).toEqual([false, 'button Try now'])
})

test.each(['bar', 'panel'])(
  'ux-23: with an escalation to the %s text is selected with the mouse, the wheel scrolls, and keys are written',
  async (surface) => {
    await note().focus()
    await page.keyboard.press('End')
    if (surface === 'bar') await show(page, 'disconnected')
    else await page.evaluate(() => window.kit.panel())
    await page.keyboard.type('h')
    expect(await note().inputValue()).toBe('abcdefgh')
    const box = (await page.getByRole('heading', { name: 'Order desk' }).boundingBox())!
    const middle = box.y + box.height / 2
    await page.mouse.move(box.x + 1, middle)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width - 1, middle, { steps: 4 })
    await page.mouse.up()
    expect(await page.evaluate(() => getSelection()!.toString().trim())).toBe('Order desk')
    await page.mouse.wheel(0, 200)
    await page.waitForFunction(() => scrollY > 0)
    await page.getByRole('link', { name: 'The end' }).click()
    expect(await focusOf(page)).toBe('a The end')
  },
)

/** Listens for how long after the next click the button says that it tries, with the focus on it (ms). */
const listen = (button: Locator) =>
  button.evaluateHandle((element: HTMLElement) => ({
    answered: new Promise<number>((done) => {
      let clickedAt = 0
      setTimeout(() => done(Infinity), 5_000)
      element.addEventListener('click', () => (clickedAt = performance.now()), { capture: true, once: true })
      new MutationObserver(() => {
        const isTrying = element.textContent?.trim() === 'Trying…' && element.ariaDisabled === 'true'
        if (isTrying && document.activeElement === element) done(performance.now() - clickedAt)
      }).observe(element, { subtree: true, childList: true, characterData: true, attributes: true })
    }),
  }))

test.each([
  ['the bar', '.hf-bar', 'disconnected'],
  ['the modal', '.hf-dialog', 'modal disconnected'],
])(
  'ux-13: Try now in %s says within 100 ms that it tries, and keeps the focus until and after it is over',
  async (_what, where, name) => {
    await show(page, name)
    const button = page.locator(`${where} [data-action=retry]`)
    const listening = await listen(button)
    await button.click()
    expect(await listening.evaluate(({ answered }) => answered)).toBeLessThan(100)
    expect(await asked()).toEqual(['RETRY_NOW'])
    await page.evaluate(async (again) => {
      await window.kit.advance(600)
      window.kit.show(again)
    }, name)
    await expect.poll(() => button.textContent()).toBe('Try now')
    expect(await focusOf(page)).toBe('button Try now')
  },
)
