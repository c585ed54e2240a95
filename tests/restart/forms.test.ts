/** Forms and lazy parts in a real browser, over reloads, crashes, outages and a deploy in the middle of a session. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { launchBrowser } from '../support/browser.js'
import { buildVersion, startSite } from './forms/site.js'

let browser: Browser
let versions: readonly string[]
beforeAll(async () => {
  versions = [await buildVersion('1'), await buildVersion('2')]
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

const TYPED = { item: 'Rye bread', qty: '12', note: 'sliced,\nfor “Ünal” 🍞' }

async function open(query = '') {
  const site = await startSite(versions[0]!)
  const context = await browser.newContext()
  onTestFinished(async () => {
    await context.close()
    await site.leave().catch(() => {})
  })
  const page = await openPage(context, `${site.origin}/${query}`)
  return { site, context, ...page }
}

async function openPage(context: BrowserContext, url: string) {
  const page = await context.newPage()
  /** Loads of the page itself: what is reloaded over somebody's head is in here. */
  const loads: string[] = []
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.isNavigationRequest()) loads.push(new URL(request.url()).pathname)
  })
  page.on('dialog', (dialog) => {
    asked.push(dialog.type())
    void dialog.dismiss()
  })
  await page.goto(url)
  await page.getByRole('heading').waitFor()
  return { page, loads, asked }
}

async function fill(page: Page): Promise<void> {
  for (const [name, value] of Object.entries(TYPED)) await page.locator(`[name=${name}]`).fill(value)
  await page.locator('[name=access]').fill('hunter2hunter2')
}

const said = (page: Page, id: 'state' | 'found') => page.locator(`#${id}`).textContent()
const becomes = (page: Page, text: string) => page.locator('#state', { hasText: text }).waitFor()
const heading = (page: Page, text: string) => page.getByRole('heading', { name: text }).waitFor()
const bar = (page: Page, phase: string) => page.locator(`.hf-bar[data-phase=${phase}]`).waitFor()

async function expectTyped(page: Page): Promise<void> {
  for (const [name, value] of Object.entries(TYPED)) {
    expect(await page.locator(`[name=${name}]`).inputValue(), name).toBe(value)
  }
  expect(await page.locator('[name=access]').inputValue()).toBe('')
}

const stored = (page: Page) => page.evaluate(() => JSON.stringify({ ...localStorage }))

test('B10 I16 ux-48 what was typed is there after a reload, after a crash of the tab and in another tab; the password is nowhere, and another person sees nothing', async () => {
  const { page, context, site, asked } = await open()
  await fill(page)
  await page.reload()
  await heading(page, 'Order')
  await expectTyped(page)
  expect(await said(page, 'found')).toBe('restored')

  await page.locator('[name=item]').fill('Oat rolls')
  await becomes(page, 'kept')
  const cdp = await context.newCDPSession(page)
  const crashed = new Promise<void>((resolve) => void page.once('crash', () => resolve()))
  void cdp.send('Page.crash').catch(() => {})
  await crashed
  const after = await openPage(context, site.origin)
  expect(await after.page.locator('[name=item]').inputValue()).toBe('Oat rolls')
  await after.page.locator('[name=item]').fill(TYPED.item)
  await becomes(after.page, 'kept')
  await expectTyped(after.page)

  const bob = await openPage(context, `${site.origin}/?person=bob`)
  expect(await said(bob.page, 'found')).toBe('nothing')
  expect(await bob.page.locator('[name=note]').inputValue()).toBe('')
  expect(await stored(bob.page)).toContain('Rye bread')
  expect(await stored(bob.page)).not.toContain('hunter2')
  // Kept on the device it needs nobody's consent to leave.
  expect([...asked, ...after.asked]).toEqual([])
})

test('B10 sent in one tab it is gone in the other one that shows it, and nothing is left on the device', async () => {
  const { page, context, site } = await open()
  await fill(page)
  await becomes(page, 'kept')
  const other = await openPage(context, site.origin)
  await expectTyped(other.page)
  await page.getByRole('button', { name: 'Send' }).click()
  await becomes(page, 'untouched')
  await becomes(other.page, 'untouched')
  expect(await other.page.locator('[name=note]').inputValue()).toBe('')
  expect(await stored(page)).toBe('{}')
})

test('B10 with no room left on the device that is said, and whoever reloads is asked first', async () => {
  const { page, asked } = await open()
  await page.evaluate(() => {
    for (let size = 1 << 22; size >= 1; size >>= 1) {
      for (let at = 0; ; at++) {
        try {
          localStorage.setItem(`ballast ${size} ${at}`, 'x'.repeat(size))
        } catch {
          break
        }
      }
    }
  })
  await page.locator('[name=note]').fill('only here')
  await becomes(page, 'not-kept full')
  await page.reload({ timeout: 2_000 }).catch(() => {})
  expect(asked).toEqual(['beforeunload'])
  expect(await page.locator('[name=note]').inputValue()).toBe('only here')
  await page.evaluate(() => localStorage.clear())
  await page.locator('[name=note]').fill('kept again')
  await becomes(page, 'kept')
  await page.reload()
  await heading(page, 'Order')
  expect(asked).toHaveLength(1)
  expect(await page.locator('[name=note]').inputValue()).toBe('kept again')
})

for (const answer of ['a 404', 'its page'] as const) {
  test(`B21 B10 ux-50 a deploy in the middle of a session: a missing part (${answer}) breaks nothing, a new version is offered, and after the reload all that was typed is there`, async () => {
    const { page, site, loads } = await open()
    await fill(page)
    site.deploy(versions[1]!)
    if (answer === 'its page') site.answerWithPage()
    await page.getByRole('link', { name: 'Reports' }).click()
    await bar(page, 'attention')
    expect(new URL(page.url()).pathname).toBe('/')
    expect(await page.locator('[name=note]').inputValue()).toBe(TYPED.note)
    // It is offered for as long as one likes, and never done.
    await page.waitForTimeout(1_500)
    expect(loads).toEqual(['/'])
    await heading(page, 'Order, version 1')

    await page.getByRole('button', { name: 'Reload' }).click()
    await heading(page, 'Order, version 2')
    await expectTyped(page)
    expect(loads).toEqual(['/', '/'])
    await page.getByRole('link', { name: 'Reports' }).click()
    await heading(page, 'Reports, version 2')
    await page.getByRole('link', { name: 'Back' }).click()
    await expectTyped(page)
  })
}

test('B21 the server is away when a part is asked for: the page stays, and goes on by itself, with its looks, once it is back', async () => {
  const { page, site, loads } = await open()
  await fill(page)
  await site.leave()
  await page.getByRole('link', { name: 'Reports' }).click()
  await bar(page, 'reconnecting')
  await page.locator('[name=item]').fill('typed meanwhile')
  await site.comeBack()
  await heading(page, 'Reports, version 1')
  expect(await page.locator('h1').evaluate((h1) => getComputedStyle(h1).letterSpacing)).toBe('7px')
  await page.getByRole('link', { name: 'Back' }).click()
  expect(await page.locator('[name=item]').inputValue()).toBe('typed meanwhile')
  expect(loads).toEqual(['/'])
})

test('B21 a browser asks again for a part that it could not have: one without a stylesheet of its own, asked for twice in an outage', async () => {
  const { page, site } = await open()
  await site.leave()
  await page.getByRole('link', { name: 'Plain' }).click()
  await bar(page, 'reconnecting')
  await page.getByRole('link', { name: 'Plain' }).click()
  await site.comeBack()
  await heading(page, 'Plain, version 1')
})

test('B21 a part that nobody has wrapped: the new version is offered all the same', async () => {
  const { page, site, loads } = await open()
  site.deploy(versions[1]!)
  await page.getByRole('link', { name: 'Unwrapped' }).click()
  await bar(page, 'attention')
  await page.getByRole('button', { name: 'Reload' }).click()
  await heading(page, 'Order, version 2')
  expect(loads).toEqual(['/', '/'])
})
