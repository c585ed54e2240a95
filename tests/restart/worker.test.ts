/**
 * MSW's service worker in a real page, in real time: an application that knows of nothing lives through a scenario, and
 * its own files are not caught.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fault, Scenario, Step } from '../../mocks/index.js'
import { launchBrowser } from '../support/browser.js'
import { servePage } from '../support/built-page.js'
import { serveFiles, type StaticServer } from '../support/static-server.js'

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const WORKER = fileOf('../../public/mockServiceWorker.js')
const FILES: Readonly<Record<string, string>> = {
  '/mockServiceWorker.js': WORKER,
  '/application.js': fileOf('./worker-page/application.js'),
  '/api/real.js': fileOf('./worker-page/application.js'),
}

let browser: Browser
let built: StaticServer
let site: StaticServer

beforeAll(async () => {
  ;[built, browser] = await Promise.all([servePage(fileOf('./worker-page')), launchBrowser()])
  site = await serveFiles(async (path) => {
    const file = FILES[path]
    if (file) return readFile(file)
    const answer = await fetch(built.origin + path)
    return answer.ok ? answer.text() : null
  })
})
afterAll(async () => {
  await browser?.close()
  await Promise.all([site?.stop(), built?.stop()])
})

interface Application {
  ready?: boolean
  seen: string[]
  ask(path: string, init?: RequestInit): Promise<string>
  post(path: string): Promise<string>
  dial(): void
}
type There = Application & Window

async function inPage(run: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(site.origin)
    await page.waitForFunction(() => 'ready' in window)
    await run(page)
  } finally {
    await context.close()
  }
}

const ask = (page: Page, path: string) =>
  page.evaluate((path) => (window as unknown as There).ask(path), path)
const post = (page: Page) => page.evaluate(() => (window as unknown as There).post('/api/orders'))
const until = (page: Page, word: string) =>
  page.waitForFunction((word) => (window as unknown as There).seen.includes(word), word)
const seen = (page: Page) => page.evaluate(() => (window as unknown as There).seen.splice(0))
/** From now on, until the next. */
const play = (page: Page, ...steps: Step[]) =>
  page.evaluate((scenario) => window.run(scenario), { name: 'A', sentence: 'B', steps } satisfies Scenario)
const hold = (page: Page, fault: Fault) => play(page, { atMs: 0, do: fault })

test("the worker's file is MSW's own, as its command makes it", async () => {
  const own = await readFile(fileURLToPath(import.meta.resolve('msw/mockServiceWorker.js')), 'utf8')
  expect(await readFile(WORKER, 'utf8')).toBe(own)
})

test('what a handler passes through is answered by the real server, and meets the network once', async () => {
  await inPage(async (page) => {
    const { length } = await readFile(FILES['/api/real.js']!, 'utf8')
    expect(await ask(page, '/api/real.js')).toBe(`200 ${length}`)
    const ends = () => window.network.log.filter(({ url }) => url.endsWith('.js')).map(({ end }) => end)
    expect(await page.evaluate(ends)).toEqual(['answered'])
  })
})

test('an unmodified page with fetch, XMLHttpRequest, EventSource and WebSocket lives through an outage', async () => {
  await inPage(async (page) => {
    await until(page, 'socket hello')
    await until(page, 'stream first')
    expect(await ask(page, '/api/orders')).toBe('200 13')
    expect(await post(page)).toBe('201')
    await seen(page)

    await play(page, { atMs: 0, do: { type: 'restart.kill', downMs: 60_000 } })
    await until(page, 'socket close 1006 false')
    await until(page, 'stream error 0')
    expect(await ask(page, '/api/orders')).toBe('TypeError: Failed to fetch')
    expect(await post(page)).toBe('error 0')
    expect(await ask(page, '/application.js')).toMatch(/^200 /)
    const told = await seen(page)
    expect(told).not.toContain('socket error')

    await play(page)
    await until(page, 'stream first')
    await page.evaluate(() => (window as unknown as There).dial())
    await until(page, 'socket hello')
    expect(await post(page)).toBe('201')
    expect(await ask(page, '/api/health')).toBe('204 0')

    const log = await page.evaluate(() => window.network.log.map(({ who, end }) => `${who} ${end}`))
    expect(log).toContain('worker answered')
    expect(log).toContain('worker refused')
    expect(log).toContain('ws reset')
    expect(await page.evaluate(() => window.refusals)).toEqual([
      expect.stringContaining('hosts is "not given"'),
      expect.stringContaining('paths is undefined'),
      expect.stringContaining('installWorker.path is not an option'),
      expect.stringContaining('installWorker.paths is "/api/*"'),
    ])
  })
})

test('statuses, portals, slow answers, bodies that are cut, and a device without a network, as its page sees them', async () => {
  await inPage(async (page) => {
    await hold(page, { type: 'status', code: 503, retryAfter: 7, only: { path: '/api/orders' } })
    expect(await ask(page, '/api/orders')).toMatch(/^503 /)
    await hold(page, { type: 'portal', only: { path: '/api/orders' } })
    expect(await ask(page, '/api/orders')).toMatch(/^200 /)
    await hold(page, { type: 'portal', redirect: true })
    expect(await ask(page, '/api/orders')).toBe('TypeError: Failed to fetch')
    await hold(page, { type: 'truncate', bytes: 10 })
    expect(await ask(page, '/api/file')).toMatch(/^TypeError/)
    await hold(page, { type: 'latency', ms: 400 })
    const tookMs = await page.evaluate(async () => {
      const at = performance.now()
      await (window as unknown as There).ask('/api/orders')
      return performance.now() - at
    })
    expect(tookMs).toBeGreaterThanOrEqual(430)

    await seen(page)
    await play(
      page,
      { atMs: 0, do: { type: 'offline' }, forMs: 60_000 },
      { atMs: 0, do: { type: 'device.hidden' }, forMs: 60_000 },
    )
    expect(await ask(page, '/api/orders')).toBe('TypeError: Failed to fetch')
    await play(page)
    expect(await ask(page, '/api/file')).toBe('200 100000')
    const told = (await seen(page)).filter((line) => !/^(stream|socket)/.test(line))
    expect(told).toEqual(['offline false', 'hidden', 'visible', 'online true'])
  })
})

test('taken back, the page asks the real server again, and its browser speaks for itself', async () => {
  await inPage(async (page) => {
    await hold(page, { type: 'offline' })
    await page.evaluate(() => window.uninstall())
    await page.waitForFunction(
      async () => (await (window as unknown as There).ask('/api/orders')) === '404 0',
    )
    expect(await page.evaluate(() => navigator.onLine)).toBe(true)
    expect(await page.evaluate(() => Object.hasOwn(document, 'hidden'))).toBe(false)
  })
})
