/** Three tabs of one browser and one channel: the one that holds the socket is closed, crashes or is frozen. */
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { systemTime } from '../../server/time.js'
import { servePage } from '../support/built-page.js'
import { sendMessage } from '../support/live-client.js'
import { startServer } from '../support/live-server.js'
import { stageWith } from '../support/stage.js'

const ROOT = fileURLToPath(new URL('./channel-page', import.meta.url))
/** Between two messages that are published, in ms. */
const EVERY_MS = 20
/** The longest silence that a tab may notice when another one takes over, in ms (issue 5, item 6). */
const TAKEOVER_MS = 1_000

const stage = stageWith(() => servePage(ROOT))

const report = (page: Page) => page.evaluate(() => window.tab.report())

/** A server, its sockets, and so many tabs of one browser, the first of which holds the one socket. */
async function openTabs(count: number) {
  const server = await startServer({ origins: [stage.site.origin], time: systemTime })
  onTestFinished(() => server.stop())
  const open = new Set<Socket>()
  const sockets = { all: 0, most: 0, open: () => open.size }
  server.app.server.on('upgrade', (_request, socket: Socket) => {
    open.add(socket)
    sockets.all += 1
    sockets.most = Math.max(sockets.most, open.size)
    socket.once('close', () => open.delete(socket))
  })
  const context = await stage.browser.newContext()
  onTestFinished(() => context.close())
  const tabs: Page[] = []
  for (let n = 1; n <= count; n++) {
    const page = await context.newPage()
    await page.goto(`${stage.site.origin}?api=${encodeURIComponent(server.origin)}`)
    await expect.poll(async () => (await report(page)).state, { timeout: 10_000 }).toBe('live')
    tabs.push(page)
  }
  return { origin: server.origin, sockets, context, tabs }
}

/** Publishes to `chat` until it is stopped; what is published is in it by its offset. */
function publishTo(origin: string) {
  const published: number[] = []
  let isOn = true
  const done = (async () => {
    for (let n = 1; isOn; n++) {
      const { body } = await sendMessage(origin, { id: `p-${n}`, topic: 'chat', data: { n } })
      published.push(body['offset'] as number)
      await wait(EVERY_MS)
    }
  })()
  const stop = async (): Promise<void> => {
    isOn = false
    await done
  }
  onTestFinished(stop)
  return { published, stop }
}

/**
 * Freezes it, until the returned thaw: a page is told, and then nothing of it runs. A browser freezes what is hidden,
 * and one without a window hides nothing: the debugger stands for it.
 */
async function freeze(page: Page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Debugger.enable')
  await page.evaluate(() => void document.dispatchEvent(new Event('freeze')))
  const paused = new Promise<void>((resolve) => void cdp.once('Debugger.paused', () => resolve()))
  await cdp.send('Debugger.pause')
  await paused
  return async () => {
    await cdp.send('Debugger.resume')
    await cdp.detach()
    await page.evaluate(() => void document.dispatchEvent(new Event('resume')))
  }
}

const say = (page: Page, text: string) => page.evaluate((what) => window.tab.send(what), text)

/**
 * A tab that goes on is told all that is published until now, each once and in order, from what it was told first; so
 * many messages of its own have arrived. Returns what it was told, and its longest silence between these times.
 */
async function expectWhole(page: Page, published: readonly number[], messages: number, since = 0) {
  const last = published.at(-1)!
  await expect
    .poll(async () => (await report(page)).events.some(([offset]) => offset >= last), { timeout: 5_000 })
    .toBe(true)
  await expect.poll(async () => (await report(page)).sent.includes('waits'), { timeout: 5_000 }).toBe(false)
  const { events, told, sent } = await report(page)
  const offsets = events.map(([offset]) => offset)
  const from = offsets[0]!
  expect(offsets).toEqual(offsets.map((_, index) => from + index))
  expect(from).toBeLessThanOrEqual(published[0]!)
  expect(told).toEqual([])
  expect(sent).toHaveLength(messages)
  expect(sent.filter((one) => !one.startsWith('ok '))).toEqual([])
  const silence = longestSilence(events.filter(([, at]) => at >= since))
  expect(silence).toBeLessThan(TAKEOVER_MS)
  return { events: events.length, silence }
}

test('I33 R17 B06 of three tabs with one socket the one that holds it is closed, and the next one crashes: to no tab that is left anything is lost or doubled, and each goes on within a second', async () => {
  const { origin, sockets, context, tabs } = await openTabs(3)
  const [first, second, third] = tabs as [Page, Page, Page]
  expect([sockets.all, sockets.open()]).toEqual([1, 1])
  const { published, stop } = publishTo(origin)
  await wait(1_000)
  await Promise.all(tabs.map((page, n) => say(page, `before ${n}`)))
  await Promise.all([say(second, 'while the first closes'), first.close()])
  await wait(1_500)
  expect(sockets.open()).toBe(1)
  const afterClose = [
    await expectWhole(second, [...published], 2),
    await expectWhole(third, [...published], 1),
  ]

  const crashed = new Promise<void>((resolve) => void second.once('crash', () => resolve()))
  const cdp = await context.newCDPSession(second)
  await say(third, 'before the second crashes')
  void cdp.send('Page.crash').catch(() => {})
  await crashed
  await say(third, 'after the second has crashed')
  await wait(1_500)
  await stop()
  const afterCrash = await expectWhole(third, published, 3)
  console.log(
    `${sockets.all} sockets in all, ${sockets.most} at a time; told and longest silence, when the leader was closed: ` +
      `second tab ${afterClose.map(({ events, silence }) => `${events}, ${silence} ms`).join('; third tab ')}; ` +
      `with the crash: third tab ${afterCrash.events}, ${afterCrash.silence} ms`,
  )
  expect(sockets.all).toBe(3)
  expect(sockets.most).toBeLessThanOrEqual(2)
})

test('I32 I33 a tab that holds the socket and is frozen, not closed, is replaced within a second; when it thaws it is told what it has missed, once', async () => {
  const { origin, sockets, tabs } = await openTabs(3)
  const [first, second, third] = tabs as [Page, Page, Page]
  const { published, stop } = publishTo(origin)
  await wait(500)
  const [thaw] = await Promise.all([freeze(first), say(second, 'while the first freezes')])
  await wait(1_500)
  expect(sockets.all).toBe(2)
  const others = [await expectWhole(second, [...published], 1), await expectWhole(third, [...published], 0)]
  await thaw()
  const thawedAt = Date.now()
  await wait(500)
  await stop()
  const thawed = await expectWhole(first, published, 0, thawedAt)
  const stoodMs = longestSilence((await report(first)).events)
  expect(stoodMs, 'it was frozen').toBeGreaterThan(TAKEOVER_MS)
  for (const page of [second, third]) await expectWhole(page, published, page === second ? 1 : 0)
  console.log(
    `a leader froze: second tab ${others.map(({ events, silence }) => `${events}, ${silence} ms`).join('; third tab ')}; ` +
      `the one that thawed after ${stoodMs} ms ${thawed.events}; ${sockets.all} sockets in all`,
  )
})

/** Longer than a tab waits for a leader that says nothing, and than two rolls without an answer (30 s each). */
const QUIET_MS = 95_000

if (import.meta.env.MODE === 'soak')
  test(
    `I33 two tabs in which nothing has happened for ${QUIET_MS / 1000} s share one socket still, and are told what comes then`,
    async () => {
      const { origin, sockets, tabs } = await openTabs(2)
      await wait(QUIET_MS)
      const offsets: number[] = []
      for (let n = 1; n <= 10; n++) {
        const { body } = await sendMessage(origin, { id: `q-${n}`, topic: 'chat', data: { n } })
        offsets.push(body['offset'] as number)
      }
      await Promise.all(tabs.map((page) => say(page, 'after the quiet')))
      for (const page of tabs) {
        await expect.poll(async () => (await report(page)).events.length, { timeout: 5_000 }).toBe(12)
        const { events, told, sent } = await report(page)
        expect(events.slice(0, 10).map(([offset]) => offset)).toEqual(offsets)
        expect(new Set(events.map(([offset]) => offset)).size).toBe(12)
        expect(told).toEqual([])
        expect(sent).toEqual([expect.stringMatching(/^ok /)])
      }
      expect(sockets.all).toBe(1)
    },
    QUIET_MS + 60_000,
  )

/** Between two events, in ms. */
function longestSilence(events: readonly (readonly [number, number])[]): number {
  return Math.max(...events.slice(1).map(([, at], index) => at - events[index]![1]))
}
