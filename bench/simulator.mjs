/**
 * How fast the simulator's time goes by, in Node and in a page, with ten requests a virtual second; and whether it can
 * be stepped to the millisecond.
 *
 *     npm run bench:simulator
 *
 * Prints one table, and ends with 1 if what docs/spec/simulator.md says of it is not reached. Others on the machine make it
 * slower; how many times as long as MSW alone a request takes stays the same.
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { BROWSER_FLAGS, ensureBrowser } from '../scripts/find-browser.mjs'
import { serveFolder } from '../tests/support/static-server.ts'
import { bundle } from './bundle.mjs'

/** Virtual seconds of a row, and what is wanted of them. */
const NODE = { seconds: 2_000, bar: 1_000 }
const PAGE = { seconds: 1_000, bar: 300 }
const STEPS = 2_000
const WAYS = ['fetch', 'axios']
const OF_PAGES = ["the page's own fetch", "the page's own XMLHttpRequest"]

async function measureAll(where, { measure, misses }, ways, { seconds, bar }) {
  const rows = []
  for (const way of ways) {
    for (const isBusy of [false, true]) {
      const { speed, bestSpeed, rate, ratio } = await measure(way, seconds, isBusy)
      rows.push({
        where,
        'by way of': way,
        faults: isBusy ? 'one in five' : 'none',
        'requests a virtual s': rate,
        'virtual s a real s': Math.round(speed),
        'best tenth': Math.round(bestSpeed),
        'at least': bar,
        '': speed >= bar ? '✓' : '✗',
        'times MSW alone': ratio.toFixed(2),
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
const isReached = results.every(({ rows, wrong }) => wrong === 0 && rows.every((row) => row[''] === '✓'))
process.exitCode = isReached ? 0 : 1
