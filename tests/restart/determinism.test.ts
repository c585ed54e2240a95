/** The simulator in a built page and a real browser, against the hash that Node and the stories get. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { WORKLOAD_HASH } from '../support/workload/workload.js'
import { servePage } from '../support/built-page.js'
import { stageWith } from '../support/stage.js'

const ROOT = fileURLToPath(new URL('./workload', import.meta.url))

/** In the soak 20 of 20. */
const RUNS = import.meta.env.MODE === 'soak' ? 20 : 2

const stage = stageWith(() => servePage(ROOT))

/** Hashes of so many runs in a page of its own, one after the other, and the timers that were left over. */
async function runInPage(runs: number, seed?: number) {
  const context = await stage.browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(stage.site.origin)
    return await page.evaluate(
      async ({ runs, seed }) => {
        const results = []
        for (let run = 0; run < runs; run++) {
          const { hash, pendingTimers, writes } = await window.runWorkload(seed === undefined ? {} : { seed })
          results.push({ hash, pendingTimers, isOnceEach: new Set(writes).size === 1 })
        }
        return results
      },
      { runs, seed },
    )
  } finally {
    await context.close()
  }
}

test('B02: a page with the queue on a real IndexedDB gives the same log as Node, run after run', async () => {
  const results = await runInPage(RUNS)
  expect(results).toEqual(Array(RUNS).fill({ hash: WORKLOAD_HASH, pendingTimers: 0, isOnceEach: true }))
})

test('another seed gives another log in a page, too', async () => {
  const [result] = await runInPage(1, 8)
  expect(result?.hash).not.toBe(WORKLOAD_HASH)
})

test('three networks on one page, side by side: each has the log that it has alone', async () => {
  const page = await stage.browser.newPage()
  try {
    await page.goto(stage.site.origin)
    const together = await page.evaluate(async () => {
      const runs = [7, 8, 7].map((seed) => window.runWorkload({ seed }))
      return (await Promise.all(runs)).map(({ hash }) => hash)
    })
    const [alone] = await runInPage(1, 8)
    expect(together).toEqual([WORKLOAD_HASH, alone?.hash, WORKLOAD_HASH])
  } finally {
    await page.close()
  }
})

test("through the page's own fetch and WebSocket the log is the same, streams included", async () => {
  const page = await stage.browser.newPage()
  try {
    await page.goto(stage.site.origin)
    const hash = await page.evaluate(async () => (await window.runInstalled()).hash)
    expect(hash).toBe(WORKLOAD_HASH)
  } finally {
    await page.close()
  }
})
