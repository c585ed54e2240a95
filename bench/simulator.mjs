/**
 * How fast the simulator's time goes by, in Node and in a page, with ten requests a virtual second; and whether it can
 * be stepped to the millisecond.
 *
 *     npm run bench:simulator
 *
 * Prints one table, and ends with 0 unless something broke: what is not reached is said.
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { BROWSER_FLAGS, ensureBrowser } from '../scripts/find-browser.mjs'
import { serveFolder } from '../tests/support/static-server.ts'
import { bundle } from './bundle.mjs'

/** Virtual seconds a run, and how many of them; the middle one counts. */
const NODE = { seconds: 1_000, rounds: 5, bar: 1_000 }
const PAGE = { seconds: 300, rounds: 5, bar: 300 }
const STEPS = 2_000
const WAYS = ['fetch', 'axios']
const OF_PAGES = ["the page's own fetch", "the page's own XMLHttpRequest"]

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

async function measureAll(where, { measure, misses }, ways, { seconds, rounds, bar }) {
  const rows = []
  for (const way of ways) {
    for (const isBusy of [false, true]) {
      const runs = []
      for (let round = 0; round < rounds; round++) runs.push(await measure(way, seconds, isBusy))
      const speed = median(runs.map((run) => run.speed))
      rows.push({
        where,
        'by way of': way,
        faults: isBusy ? 'one in five' : 'none',
        'requests a virtual s': runs[0].requests / seconds,
        'virtual s a real s': Math.round(speed),
        'at least': bar,
        '': speed >= bar ? '✓' : '✗',
      })
    }
  }
  return { rows, wrong: await misses(STEPS) }
}

async function inNode() {
  const folder = await bundle('simulator-node', { measure: 'bench/simulator/measure.ts' }, [
    'axios',
    /^msw/,
    /^@mswjs\//,
  ])
  const made = await import(pathToFileURL(path.join(folder, 'measure.js')).href)
  return measureAll('Node', made, WAYS, NODE)
}

async function inPage() {
  const folder = await bundle('simulator-page', { measure: 'bench/simulator/measure.ts' })
  await writeFile(path.join(folder, 'index.html'), '<script type="module" src="/measure.js"></script>')
  const site = await serveFolder(folder)
  const browser = await chromium.launch({
    executablePath: ensureBrowser().path,
    headless: true,
    args: [...BROWSER_FLAGS],
  })
  try {
    const page = await browser.newPage()
    page.on('pageerror', (error) => console.error(error))
    await page.goto(site.origin)
    await page.waitForFunction(() => 'bench' in globalThis)
    const ask =
      (task) =>
      (...args) =>
        page.evaluate(([name, given]) => globalThis.bench[name](...given), [task, args])
    return await measureAll(
      'page',
      { measure: ask('measure'), misses: ask('misses') },
      [...WAYS, ...OF_PAGES],
      PAGE,
    )
  } finally {
    await browser.close()
    await site.stop()
  }
}

const results = [await inNode(), await inPage()]
console.table(results.flatMap(({ rows }) => rows))
for (const [where, { wrong }] of [
  ['Node', results[0]],
  ['a page', results[1]],
]) {
  console.log(`${wrong === 0 ? '✓' : '✗'} ${STEPS} steps of a millisecond in ${where}: ${wrong} wrong`)
}
