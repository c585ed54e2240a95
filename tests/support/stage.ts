/** A served page and a browser for the tests of a file: there before the first one, gone after the last. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { launchBrowser } from './browser.js'
import type { StaticServer } from './static-server.js'

/** What the tests of a file share; read it inside of tests only. */
export interface Stage {
  readonly site: StaticServer
  readonly browser: Browser
}

/** Serves and launches side by side. */
export function stageWith(serve: () => Promise<StaticServer>): Stage {
  const stage = {} as { site: StaticServer; browser: Browser }
  beforeAll(async () => {
    ;[stage.site, stage.browser] = await Promise.all([serve(), launchBrowser()])
  })
  afterAll(async () => {
    await stage.browser?.close()
    await stage.site?.stop()
  })
  return stage
}
