/** Starts the Chromium that scripts/find-browser.mjs finds. */
import { type Browser, chromium } from 'playwright-core'
import { BROWSER_FLAGS, ensureBrowser } from '../../scripts/find-browser.mjs'

/** A headless browser; close it when done. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: ensureBrowser().path, headless: true, args: [...BROWSER_FLAGS] })
}
