/** XMLHttpRequest over the simulated network does what the browser's own does: event by event, in Chromium. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { servePage } from '../support/built-page.js'
import { stageWith } from '../support/stage.js'
import { cases } from './xhr/cases.js'
import { startService } from './xhr/service.js'

const ROOT = fileURLToPath(new URL('./xhr', import.meta.url))

const stage = stageWith(() => servePage(ROOT))
let service: Awaited<ReturnType<typeof startService>>
let page: Page
beforeAll(async () => {
  service = await startService()
  page = await stage.browser.newPage()
  await page.goto(stage.site.origin)
})
afterAll(async () => {
  await page?.close()
  service?.stop()
})

test.each(Object.keys(cases))('XMLHttpRequest is as true as the browser’s own: %s', async (name) => {
  const { base, nobody } = service
  const native = await page.evaluate(([name, base, nobody]) => window.trials.native(name, base, nobody), [
    name,
    base,
    nobody,
  ] as const)
  expect(native.length).toBeGreaterThan(2)
  expect(await page.evaluate((name) => window.trials.simulated(name), name)).toEqual(native)
})

test('a page under the network is told of its cookies as by the browser, so that its XSRF token is sent', async () => {
  expect(await page.evaluate(() => window.trials.cookies())).toEqual(['a=b', null, 'a=b', 'a=b'])
})
