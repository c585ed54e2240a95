/**
 * What a list of 10,000 waiting changes costs (docs/spec/performance.md, P12): the kit's beside a plain v-for,
 * @tanstack/vue-virtual and VueUse's useVirtualList, and beside the least that a window can be, in one run of a real
 * Chromium. Every one shows the same rows in the same style, below a heading
 * that counts them.
 *
 *     npm run bench:list
 *
 * Prints one table, and ends with 0 unless something broke: what is not reached is said.
 */
import { writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { BROWSER_FLAGS, ensureBrowser } from '../scripts/find-browser.mjs'
import { serveFolder } from '../tests/support/static-server.ts'
import { bundle } from './bundle.mjs'

const ROWS = 10_000
const SAMPLES = 15
/** The rounds go through all contestants in turn: what the machine does besides meets each of them. */
const ROUNDS = 3
const MOST_NODES = 200
const MOST_UPDATE = 1.5
const MOST_APPEND = 2

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

const folder = await bundle('list', { page: 'bench/list/page.ts' })
await writeFile(
  path.join(folder, 'index.html'),
  '<!doctype html><style>.box { height: 800px }</style><link rel="stylesheet" href="/page.css"><body class="hf"><script type="module" src="/page.js"></script>',
)
const site = await serveFolder(folder)
const browser = await chromium.launch({ executablePath: ensureBrowser().path, args: [...BROWSER_FLAGS] })
const runs = new Map()
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.on('pageerror', (error) => console.error(error))
  for (let round = 0; round < ROUNDS; round++) {
    await page.goto(site.origin)
    await page.waitForFunction(() => 'bench' in globalThis)
    for (const name of await page.evaluate(() => globalThis.bench.names)) {
      // Of the plain list a single sample takes as long as all of another.
      const samples = name === 'plain v-for' ? 3 : SAMPLES
      const run = await page.evaluate(
        ([one, rows, many]) => globalThis.bench.measure(one, rows, many),
        [name, ROWS, samples],
      )
      const { nodes, updates, appends } = runs.get(name) ?? { nodes: 0, updates: [], appends: [] }
      runs.set(name, {
        nodes: Math.max(nodes, run.nodes),
        updates: [...updates, ...run.updates],
        appends: [...appends, ...run.appends],
      })
    }
  }
} finally {
  await browser.close()
  await site.stop()
}

const results = [...runs].map(([name, { nodes, updates, appends }]) => ({
  ...{ name, nodes, update: median(updates), append: median(appends) },
}))
const { update, append } = results.find(({ name }) => name === 'floor')
const times = (ms, floor) => `${ms.toFixed(2)} ms, ${(ms / floor).toFixed(2)}×`
const WIDTHS = [28, 10, 20, 20]
const line = (cells) => cells.map((cell, place) => String(cell).padEnd(WIDTHS[place])).join('')

console.log(line([`P12  ${ROWS.toLocaleString('en')} rows`, 'nodes', 'update', 'append']))
for (const one of results)
  console.log(
    line([one.name, one.nodes.toLocaleString('en'), times(one.update, update), times(one.append, append)]),
  )
const ours = results.find(({ name }) => name === 'holdfast')
const verdict = (isReached) => (isReached ? '✓ reached' : '✗ not reached')
console.log(
  [
    '',
    `at most ${MOST_NODES} nodes: ${verdict(ours.nodes <= MOST_NODES)}`,
    `update of a row in sight at most ${MOST_UPDATE}× the floor: ${verdict(ours.update <= MOST_UPDATE * update)}`,
    `append at most ${MOST_APPEND}× the floor: ${verdict(ours.append <= MOST_APPEND * append)}`,
    '',
    'Nodes: elements in the page, 1280 × 800, heading included. Times: from the new rows to a page that is laid out.',
    `Load of this machine: ${loadavg()[0].toFixed(1)} on ${availableParallelism()} cores; compare the ratios.`,
  ].join('\n'),
)
