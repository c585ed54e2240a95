/** The simulator in a built page and a real browser, against the hash that Node and the stories get. */
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WORKLOAD_HASH } from '../../mocks/determinism.js'
import { launchBrowser } from '../support/browser.js'
import { servePage } from '../support/built-page.js'
import type { StaticServer } from '../support/static-server.js'

const ROOT = fileURLToPath(new URL('./workload', import.meta.url))

let browser: Browser
let site: StaticServer
beforeAll(async () => {
  ;[site, browser] = await Promise.all([servePage(ROOT), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
})

/** Hashes of so many runs in a page of its own, one after the other, and the timers that were left over. */
async function runInPage(runs: number, seed?: number) {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(site.origin)
    return await page.evaluate(
      async ({ runs, seed }) => {
        const results = []
        for (let run = 0; run < runs; run++) {
          const { hash, pendingTimers } = await window.runWorkload(seed === undefined ? {} : { seed })
          results.push({ hash, pendingTimers })
        }
        return results
      },
      { runs, seed },
    )
  } finally {
    await context.close()
  }
}

test('a page with a real IndexedDB gives the same log as Node, run after run', async () => {
  const results = await runInPage(2)
  expect(results).toEqual(Array(2).fill({ hash: WORKLOAD_HASH, pendingTimers: 0 }))
})

test('another seed gives another log in a page, too', async () => {
  const [result] = await runInPage(1, 8)
  expect(result?.hash).not.toBe(WORKLOAD_HASH)
})

test("through the page's own fetch the log is the same, streams included", async () => {
  const page = await browser.newPage()
  try {
    await page.goto(site.origin)
    const hash = await page.evaluate(async () => (await window.runInstalled()).hash)
    expect(hash).toBe(WORKLOAD_HASH)
  } finally {
    await page.close()
  }
})
