/** The built Storybook of a consumer in a real browser: the toolbar's outage reaches its own MSW handlers. */
import { chromium } from 'playwright-core'
import { serveFolder } from '../tests/support/static-server.ts'
import { usePanel } from './consumer-panel.mjs'
import { BROWSER_FLAGS, ensureBrowser } from './find-browser.mjs'

const LIMIT_MS = 20_000

/** What its story says, one after the other. */
const OUTAGE = ['In your cart: rope', 'The shop cannot be reached', 'In your cart: rope']

/** In the page: what stands there for half a second only is seen, too. */
function writeDown(words) {
  window.seen = []
  const look = () => {
    const shown = words.find((one) => document.body?.innerText.includes(one))
    if (shown && shown !== window.seen.at(-1)) window.seen.push(shown)
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true })
}

/** Plays it below a sub-path of the site; gives what went wrong, in words. */
export async function playOutage(folder, below) {
  const faults = []
  const site = await serveFolder(folder)
  const browser = await chromium.launch({ executablePath: ensureBrowser().path, args: BROWSER_FLAGS })
  try {
    const page = await browser.newPage()
    page.on('pageerror', (error) => faults.push(`the page has an error: ${error.message}`))
    page.on('requestfailed', (request) => faults.push(`not there: ${request.url()}`))
    const globals = 'globals=network:server-killed;networkSpeed:10'
    await page.addInitScript(writeDown, OUTAGE)
    await page.goto(`${site.origin}/${below}/iframe.html?id=shopcart--filled&viewMode=story&${globals}`)
    try {
      await page.waitForFunction((count) => window.seen.length >= count, OUTAGE.length, { timeout: LIMIT_MS })
    } catch {
      // Told below.
    }
    const seen = await page.evaluate(() => window.seen)
    if (String(seen) !== String(OUTAGE)) return [...faults, `its story said ${seen}, and not ${OUTAGE}`]
    await page.goto(`${site.origin}/${below}/index.html?path=/story/shopcart--filled`)
    for (const name of ['Network: all well', 'Network']) {
      const found = page.getByRole(name === 'Network' ? 'tab' : 'button', { name }).first()
      await found.waitFor({ timeout: LIMIT_MS }).catch(() => faults.push(`its Storybook shows no "${name}"`))
    }
    if (faults.length > 0) return faults
    return await usePanel(page).catch((error) => [`its panel cannot be used: ${error.message}`])
  } finally {
    await browser.close()
    await site.stop()
  }
}
