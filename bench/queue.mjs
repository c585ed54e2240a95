/**
 * What keeping writes costs: the kit's queue beside unmodified idb-keyval, workbox-background-sync and axios-retry, and
 * IndexedDB itself as the floor, all in one run (docs/spec/performance.md, P4 and P9 to P11). A real Chromium with a
 * profile on the disk, so that there is a disk to write to; workbox in a service worker, beside a floor of the same place.
 *
 *     npm run bench:queue
 *
 * Prints one table, and ends with 0 unless something broke: what is not reached is said.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { BROWSER_FLAGS, ensureBrowser } from '../scripts/find-browser.mjs'
import { serveFolder } from '../tests/support/static-server.ts'
import { bundle } from './bundle.mjs'
import { printCosts, printTable } from './queue/table.mjs'

const ITEMS = 1_000
const ROUNDS = 5
const KEPT = [10_000, 100_000]
const OPENINGS = 9
const WRITES = 200
/** Lengths of outages, and how often each is tried. */
const OUTAGES = [16, 5]

const FLOOR = 'raw, relaxed'
const IN_PAGE = [FLOOR, 'raw, strict', 'holdfast', 'idb-keyval']
const IN_WORKER = [FLOOR, 'workbox']
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

/** Chromium over a profile of its own, with the page of the bench. */
async function openPage() {
  const folder = await bundle('queue', { page: 'bench/queue/page.ts', worker: 'bench/queue/worker.ts' })
  await writeFile(path.join(folder, 'index.html'), '<script type="module" src="/page.js"></script>')
  const site = await serveFolder(folder)
  const profile = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: ensureBrowser().path,
    headless: true,
    args: [...BROWSER_FLAGS],
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => console.error(error))
  const ask = (task, ...args) =>
    page.evaluate(([name, given]) => globalThis.bench[name](...given), [task, args])
  let life = 0
  return {
    ask,
    /** In a service worker that nobody has asked anything yet. */
    askWorker: (task, name, db, count) => ask('worker', `life-${++life}`, { task, name, db, count }),
    async reload() {
      await page.goto(site.origin)
      await page.waitForFunction(() => 'bench' in globalThis)
    },
    async close() {
      await context.close()
      await site.stop()
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** P9 and P10: medians by contestant, as a ratio to the floor of the same place; more is faster. */
async function keepAndReplay({ ask, askWorker, reload }) {
  const runs = new Map()
  const note = (name, run) => runs.set(name, [...(runs.get(name) ?? []), run])
  for (let round = 0; round < ROUNDS; round++) {
    await reload()
    for (const name of IN_PAGE) note(name, await ask('keepAndReplay', name, `${name}-${round}`, ITEMS))
    for (const name of IN_WORKER)
      note(`worker: ${name}`, await askWorker('keepAndReplay', name, `${name}-${round}-worker`, ITEMS))
  }
  const summary = (what, name, floor) => {
    const ms = (of) => median(runs.get(of).map((run) => run[what].ms))
    const transactions = median(runs.get(name).map((run) => run[what].transactions))
    return { ms: ms(name), ratio: ms(floor) / ms(name), transactions: transactions / ITEMS }
  }
  const all = (what) => ({
    ...Object.fromEntries(IN_PAGE.map((name) => [name, summary(what, name, FLOOR)])),
    workbox: summary(what, 'worker: workbox', `worker: ${FLOOR}`),
  })
  return { enqueue: all('enqueue'), replay: all('replay') }
}

/** P11: medians in ms by contestant, each time in a page or worker that has opened nothing yet. */
async function reopen({ ask, askWorker, reload }, count) {
  // Workbox keeps each write in a transaction of its own: more of them would take minutes.
  const withWorkbox = count === KEPT[0]
  const names = [FLOOR, 'holdfast', 'idb-keyval']
  const runs = Object.fromEntries([...names, ...(withWorkbox ? ['workbox'] : [])].map((name) => [name, []]))
  await reload()
  for (const name of names) await ask('fill', name, `${name}-${count}`, count)
  if (withWorkbox) await askWorker('fill', 'workbox', 'kept', count)
  for (let opening = 0; opening < OPENINGS; opening++) {
    for (const name of names) {
      await reload()
      runs[name].push(await ask('reopen', name, `${name}-${count}`))
    }
    if (withWorkbox) runs.workbox.push(await askWorker('reopen', 'workbox', 'kept'))
  }
  const medians = (all) => ({
    known: median(all.map(({ knownMs }) => knownMs)),
    sent: median(all.map(({ sentMs }) => sentMs)),
  })
  return Object.fromEntries(Object.entries(runs).map(([name, all]) => [name, medians(all)]))
}

async function outages() {
  const folder = await bundle('outage', { outage: 'bench/outage.ts' }, ['axios', 'axios-retry'])
  const { measureOutages } = await import(pathToFileURL(path.join(folder, 'outage.js')).href)
  return measureOutages(...OUTAGES)
}

const delivered = await outages()
const page = await openPage()
try {
  const kept = await keepAndReplay(page)
  const opened = []
  for (const count of KEPT) opened.push({ count, by: await reopen(page, count) })
  await page.reload()
  const costs = await page.ask('online', 'online', WRITES)
  printTable({ delivered, ...kept, opened, items: ITEMS, rounds: ROUNDS, openings: OPENINGS, floor: FLOOR })
  printCosts(costs, WRITES)
} finally {
  await page.close()
}
process.exit()
