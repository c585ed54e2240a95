/** A real Chromium on the page with every part of the kit, under a strict Content-Security-Policy. */
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.js'
import { servePage } from '../support/built-page.js'
import type { StaticServer } from '../support/static-server.js'
import type { Kit } from './page/main.js'

declare global {
  interface Window {
    /** On the page of `tests/components/page`. */
    kit: Kit
    violations: string[]
  }
}

/** A browser and the page that it opens, as often as is asked. */
export interface PageStage {
  /** A page of its own; what it violates of its policy is in `window.violations`. */
  open(options?: BrowserContextOptions, query?: string): Promise<Page>
  close(): Promise<void>
}

/** Builds the page, serves it and starts a browser. */
export async function openStage(): Promise<PageStage> {
  const folder = fileURLToPath(new URL('./page', import.meta.url))
  const [site, browser]: [StaticServer, Browser] = await Promise.all([servePage(folder), launchBrowser()])
  return {
    async open(options = {}, query = '') {
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
      const page = await context.newPage()
      await page.addInitScript(() => {
        window.violations = []
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
          window.violations.push(`${effectiveDirective} ${blockedURI} ${sample}`),
        )
      })
      page.on('pageerror', (error) => console.error(error))
      await page.goto(site.origin + query)
      await page.waitForFunction(() => document.querySelector('.hf-row') !== null)
      return page
    },
    async close() {
      await browser.close()
      await site.stop()
    },
  }
}

/** Shows a status by its name in the tables of the stories, and waits until the page has rendered it. */
export async function show(page: Page, name: string): Promise<void> {
  await page.evaluate(async (wanted) => {
    window.kit.show(wanted)
    await new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))
  }, name)
}

/** What has the focus, as people know it: its name, and of a row or a heading what it is. */
export const focusOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const now = document.activeElement as HTMLElement
    if (now === document.body) return 'page'
    if (now.dataset['id']) return `row ${now.dataset['id']}`
    const name = now.ariaLabel ?? (now instanceof HTMLInputElement ? now.name : now.textContent)
    return `${now.localName} ${name?.trim()}`
  })
