import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, show, type PageStage } from './page-stage.js'

let stage: PageStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

test('under a strict Content-Security-Policy every phase shows, and nothing is an inline style', async () => {
  const page = await stage.open({ reducedMotion: 'no-preference' })
  const names = await page.evaluate(() => window.kit.names)
  expect(names.length).toBeGreaterThan(30)
  for (const name of names) await show(page, name)
  await show(page, 'reconnecting')
  await page.locator('.hf-badge').click()
  await page.locator('[data-id=c] [data-hand=theirs]').click()
  await page.locator('[data-id=b] [data-hand=discard]').click()
  const found = await page.evaluate(() => ({
    violations: window.violations,
    styled: [...document.querySelectorAll('[style], style')].map((one) => one.outerHTML),
    tones: getComputedStyle(document.querySelector('.hf-bar')!).backgroundColor,
  }))
  expect(found).toEqual({ violations: [], styled: [], tones: 'rgb(255, 244, 214)' })
})

test('that policy is in force: the page itself may not style inline', async () => {
  const page = await stage.open()
  const violations = await page.evaluate(async () => {
    const told = new Promise((tell) => window.addEventListener('securitypolicyviolation', tell))
    document.body.setAttribute('style', 'color: red')
    await told
    return window.violations
  })
  expect(violations).toEqual([expect.stringMatching(/^style-src-attr inline/)])
})

test('P12: of 10,000 rows at most 200 nodes are in the page, under the same policy, however far it is scrolled', async () => {
  const page = await stage.open({ viewport: { width: 1280, height: 800 } }, '/?rows=10000')
  const nodes = () =>
    page.evaluate(() => document.querySelector('.hf-queue')!.querySelectorAll('*').length + 1)
  expect(await nodes()).toBeLessThanOrEqual(200)
  for (const part of [0.5, 1]) {
    await page.evaluate((share) => scrollTo(0, share * document.documentElement.scrollHeight), part)
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.hf-row')].some((row) => {
        const { top, bottom } = row.getBoundingClientRect()
        return top < innerHeight && bottom > 0
      }),
    )
    expect(await nodes()).toBeLessThanOrEqual(200)
  }
  await page.waitForFunction(() => document.querySelector('[data-id=n9999]') !== null)
  expect(await page.evaluate(() => [window.violations, document.querySelectorAll('[style]').length])).toEqual(
    [[], 0],
  )
})
