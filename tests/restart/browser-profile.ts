/** A browser with a profile on the disk, to be killed without a word and started again over what it left. */
import { readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'
import { BROWSER_FLAGS, ensureBrowser } from '../../scripts/find-browser.mjs'

/** A running browser. */
export interface BrowserProfile {
  readonly context: BrowserContext
  /** SIGKILL to the browser process: nothing is flushed, nothing said. Resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts it over the profile in this folder. */
export async function openProfile(folder: string): Promise<BrowserProfile> {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: ensureBrowser().path,
    headless: true,
    args: [...BROWSER_FLAGS],
  })
  const gone = new Promise<void>((resolve) => void context.once('close', () => resolve()))
  // The link says which process has the profile: `<host>-<pid>`.
  const pid = Number((await readlink(join(folder, 'SingletonLock'))).split('-').at(-1))
  return {
    context,
    async kill() {
      process.kill(pid, 'SIGKILL')
      await gone
    },
  }
}
