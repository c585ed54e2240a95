/** Applications that come and go in a real Chromium: what they leave behind, and what they need while they are there. */
import { fileURLToPath } from 'node:url'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { renderToString } from 'vue/server-renderer'
import { expect, onTestFinished, test } from 'vitest'
import { EVERY_ROW } from '../../stories/support/fixed-queue.js'
import { servePage } from '../support/built-page.js'
import { stageWith } from '../support/stage.js'
import { createTree } from './mounting/tree.js'

const stage = stageWith(() => servePage(fileURLToPath(new URL('./mounting', import.meta.url))))

/** A page of a browser without a cache, and everything that it complains of. */
async function open(context?: BrowserContext): Promise<{ page: Page; complaints: string[] }> {
  const own = context ?? (await stage.browser.newContext())
  if (!context) onTestFinished(() => own.close())
  const page = await own.newPage()
  const complaints: string[] = []
  page.on('console', (line) => {
    if (['error', 'warning'].includes(line.type())) complaints.push(line.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.addInitScript(countTimers)
  await page.goto(stage.site.origin)
  await page.waitForFunction(() => 'mounting' in window)
  return { page, complaints }
}

/** Runs in the page, before anything else: `realTimers` is how many of its own timers are pending. */
function countTimers(): void {
  const pending = new Set<unknown>()
  Object.defineProperty(window, 'realTimers', { get: () => pending.size })
  for (const [set, clear] of [
    ['setTimeout', 'clearTimeout'],
    ['setInterval', 'clearInterval'],
  ] as const) {
    const [start, stop] = [window[set].bind(window), window[clear].bind(window)]
    const begin = (work: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) => {
      const id = start(() => {
        if (set === 'setTimeout') pending.delete(id)
        work(...given)
      }, ms)
      pending.add(id)
      return id
    }
    const end = (id?: number) => {
      pending.delete(id)
      stop(id)
    }
    Object.assign(window, { [set]: begin, [clear]: end })
  }
}

/** What the browser itself counts, once nothing is left that could be collected. */
async function count(cdp: CDPSession) {
  for (let time = 0; time < 3; time++) await cdp.send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const of = (name: string) => metrics.find((metric) => metric.name === name)!.value
  return { nodes: of('Nodes'), listeners: of('JSEventListeners'), heap: of('JSHeapUsedSize') }
}

const CYCLES = 100
/** What the page itself remembers of a cycle: compiled code, names of databases. */
const MOST_LEFT_BYTES = 20_000

test(`ux-60: ${CYCLES} applications that come, lose their server and go with the dialog open leave no timer, no listener, no dialog and no node`, async () => {
  const { page, complaints } = await open()
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable')
  const cycle = async (times: number) => {
    await page.evaluate((many) => window.mounting.cycles(many), times)
    await page.waitForFunction(() => (window as unknown as { realTimers: number }).realTimers === 0)
    return count(cdp)
  }
  // What is made once for all is there after the first ones.
  const before = await cycle(5)
  const after = await cycle(CYCLES)
  expect(await page.evaluate(() => window.mounting.left)).toEqual({
    timers: 0,
    dialogs: 0,
    dialogsSeen: 5 + CYCLES,
  })
  expect(complaints).toEqual([])
  const perCycle = (of: (counts: typeof before) => number) => (of(after) - of(before)) / CYCLES
  const heap = perCycle((counts) => counts.heap)
  console.log(`${CYCLES} cycles: ${JSON.stringify(before)}, then ${JSON.stringify(after)}`)
  // A few come and go by themselves; what is left behind is left each time.
  expect({
    listeners: Math.round(perCycle((counts) => counts.listeners)),
    nodes: Math.round(perCycle((counts) => counts.nodes)),
    heap: heap < MOST_LEFT_BYTES ? 'hardly any' : `${Math.round(heap)} bytes`,
  }).toEqual({ listeners: 0, nodes: 0, heap: 'hardly any' })
})

test('ux-60: what a server has rendered is taken over without a warning, and only then tells of the outage', async () => {
  const { page, complaints } = await open()
  const html = await renderToString(createTree([]))
  const taken = await page.evaluate((text) => window.mounting.hydrate(text), html)
  expect(taken.elements).toBeGreaterThan(5)
  expect(taken).toMatchObject({ areKept: true, isModal: true })
  expect(complaints).toEqual([])
  expect(await page.locator('.hf-row').count()).toBe(EVERY_ROW.length)
})

test('ux-59: with the network cut right after it has loaded, a page has all that it needs for an outage of 60 s', async () => {
  const { page, complaints } = await open()
  const asked: string[] = []
  await page.route('**/*', (route) => {
    asked.push(route.request().url())
    return route.abort()
  })
  await page.evaluate(() => window.mounting.enter())
  await page.evaluate(() => window.mounting.lose())
  const seen: string[] = []
  for (const seconds of [0.9, 1, 9.9, 10.1, 59]) {
    await page.evaluate((to) => window.mounting.to(to), seconds)
    const { bar, isModal } = await page.evaluate(() => window.mounting.look())
    seen.push(`${seconds} ${isModal ? 'modal' : bar}`)
  }
  expect(seen).toEqual(['0.9 null', '1 reconnecting', '9.9 reconnecting', '10.1 modal', '59 modal'])
  // With its looks, its icon and its words.
  const dialog = page.getByRole('alertdialog', { name: 'We can’t reach the server' })
  expect(await dialog.locator('svg').first().isVisible()).toBe(true)
  expect(await dialog.evaluate((one) => getComputedStyle(one).borderRadius)).toBe('14px')
  await dialog.getByRole('button', { name: 'Keep working' }).click()
  await page.evaluate(() => window.mounting.heal())
  await page.evaluate(() => window.mounting.to(100))
  expect(await page.evaluate(() => window.mounting.look())).toMatchObject({ isModal: false, link: 'online' })
  expect(asked).toEqual([])
  expect(complaints).toEqual([])
})

test('ux-58: of three tabs all show the bar, the one that is seen alone the dialog, and the hidden ones ask nobody', async () => {
  const context = await stage.browser.newContext()
  onTestFinished(() => context.close())
  const pages: Page[] = []
  for (let tab = 0; tab < 3; tab++) pages.push((await open(context)).page)
  for (const [tab, page] of pages.entries()) {
    await page.evaluate(() => window.mounting.enter(true))
    // One is hidden before the loss, one after it.
    if (tab === 1) await page.evaluate(() => window.mounting.hide())
    await page.evaluate(() => window.mounting.doubt())
  }
  const at = async (seconds: number) => {
    const looks = []
    for (const page of pages) {
      await page.evaluate((to) => window.mounting.to(to), seconds)
      looks.push(await page.evaluate(() => window.mounting.look()))
    }
    return looks
  }
  const yellow = await at(1)
  expect(yellow.map(({ bar }) => bar)).toEqual(['reconnecting', 'reconnecting', 'reconnecting'])
  await pages[2]!.evaluate(() => window.mounting.hide())
  const unasked = yellow.slice(1).map(({ asked }) => asked)
  expect(unasked[0]).toBe(0)
  const red = await at(60)
  expect(red.map(({ bar }) => bar)).toEqual(['disconnected', 'reconnecting', 'reconnecting'])
  expect(red.map(({ isModal }) => isModal)).toEqual([true, false, false])
  expect(red[0]!.asked).toBeGreaterThan(5)
  expect(red.slice(1).map(({ asked }) => asked)).toEqual(unasked)
  // Only the first one's network is well again: the others take its word, and still ask nobody.
  await pages[0]!.evaluate(() => window.mounting.heal())
  await at(100)
  for (const page of pages) {
    await expect.poll(() => page.evaluate(() => window.mounting.look().link)).toBe('online')
  }
  expect((await at(101)).slice(1).map(({ asked }) => asked)).toEqual(unasked)
})
