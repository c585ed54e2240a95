/** Starts the Chromium that scripts/find-browser.mjs finds. */
import { type Browser, chromium } from 'playwright-core'
import { BROWSER_FLAGS, ensureBrowser, ensureShell } from '../../scripts/find-browser.mjs'

const launch = (executablePath: string, flags: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath, headless: true, args: [...BROWSER_FLAGS, ...flags] })

/** A headless browser without windows, which starts soon; close it when done. `flags`: beside those of all. */
export const launchBrowser = (flags?: readonly string[]): Promise<Browser> =>
  launch(ensureShell().path, flags)

/** The one that draws as people see it, where the width of a text counts. */
export const launchDrawingBrowser = (): Promise<Browser> => launch(ensureBrowser().path)
