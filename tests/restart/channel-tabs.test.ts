/** Three tabs of one browser and one channel: the one that holds the socket is closed, and the next one crashes. */
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

test('I33 R17 B06 of three tabs with one socket the one that holds it is closed, and the next one crashes: nothing is lost or doubled, and another one goes on within a second', async () => {
  const server = await startServer({ origins: [stage.site.origin], time: systemTime })
  onTestFinished(() => server.stop())
  const open = new Set<Socket>()
  const seen = { all: 0, most: 0 }
  server.app.server.on('upgrade', (_request, socket: Socket) => {
    open.add(socket)
    seen.all += 1
    seen.most = Math.max(seen.most, open.size)
    socket.once('close', () => open.delete(socket))
  })
  const context = await stage.browser.newContext()
  onTestFinished(() => context.close())
  const tabs: Page[] = []
  for (let n = 1; n <= 3; n++) {
    const page = await context.newPage()
    await page.goto(`${stage.site.origin}?api=${encodeURIComponent(server.origin)}`)
    await expect.poll(async () => (await report(page)).state, { timeout: 10_000 }).toBe('live')
    tabs.push(page)
  }
  const [first, second, third] = tabs as [Page, Page, Page]
  expect({ ...seen, open: open.size }).toEqual({ all: 1, most: 1, open: 1 })

  const published: number[] = []
  let isOn = true
  const publishing = (async () => {
    for (let n = 1; isOn; n++) {
      const { body } = await sendMessage(server.origin, { id: `p-${n}`, topic: 'chat', data: { n } })
      published.push(body['offset'] as number)
      await wait(EVERY_MS)
    }
  })()
  await wait(1_000)
  const say = (page: Page, text: string) => page.evaluate((what) => window.tab.send(what), text)
  await Promise.all(tabs.map((page, n) => say(page, `before ${n}`)))
  await Promise.all([say(second, 'while the first closes'), first.close()])
  await wait(1_500)
  expect(open.size).toBe(1)
  const afterClose = longestSilence((await report(third)).events)
  const crashed = new Promise<void>((resolve) => void second.once('crash', () => resolve()))
  const cdp = await context.newCDPSession(second)
  await say(third, 'before the second crashes')
  void cdp.send('Page.crash').catch(() => {})
  await crashed
  await say(third, 'after the second has crashed')
  await wait(1_500)
  isOn = false
  await publishing
  await expect
    .poll(async () => (await report(third)).events.at(-1)?.[0], { timeout: 5_000 })
    .toBe(published.at(-1))

  const { events, told, sent } = await report(third)
  const offsets = events.map(([offset]) => offset)
  const from = offsets[0]!
  expect(offsets).toEqual(offsets.map((_, index) => from + index))
  expect(from).toBeLessThanOrEqual(published[0]!)
  expect(published.filter((offset) => !offsets.includes(offset))).toEqual([])
  expect(told).toEqual([])
  expect(sent).toHaveLength(3)
  expect(sent.filter((one) => !one.startsWith('ok '))).toEqual([])
  const silence = longestSilence(events)
  console.log(
    `${events.length} events, ${seen.all} sockets in all, ${seen.most} at a time; longest silence of a tab: ` +
      `${afterClose} ms when the leader was closed, ${silence} ms with the crash`,
  )
  expect(seen.all).toBe(3)
  expect(seen.most).toBeLessThanOrEqual(2)
  expect(silence).toBeLessThan(TAKEOVER_MS)
})

/** Longer than a tab waits for a leader that says nothing, and than two rolls without an answer (30 s each). */
const QUIET_MS = 95_000

if (import.meta.env.MODE === 'soak')
  test(
    `I33 two tabs in which nothing has happened for ${QUIET_MS / 1000} s share one socket still, and are told what comes then`,
    async () => {
      const server = await startServer({ origins: [stage.site.origin], time: systemTime })
      onTestFinished(() => server.stop())
      let sockets = 0
      server.app.server.on('upgrade', () => void (sockets += 1))
      const context = await stage.browser.newContext()
      onTestFinished(() => context.close())
      const tabs: Page[] = []
      for (let n = 1; n <= 2; n++) {
        const page = await context.newPage()
        await page.goto(`${stage.site.origin}?api=${encodeURIComponent(server.origin)}`)
        await expect.poll(async () => (await report(page)).state, { timeout: 10_000 }).toBe('live')
        tabs.push(page)
      }
      await wait(QUIET_MS)
      const offsets: number[] = []
      for (let n = 1; n <= 10; n++) {
        const { body } = await sendMessage(server.origin, { id: `q-${n}`, topic: 'chat', data: { n } })
        offsets.push(body['offset'] as number)
      }
      await Promise.all(tabs.map((page) => page.evaluate(() => window.tab.send('after the quiet'))))
      for (const page of tabs) {
        await expect.poll(async () => (await report(page)).events.length, { timeout: 5_000 }).toBe(12)
        const { events, told, sent } = await report(page)
        expect(events.slice(0, 10).map(([offset]) => offset)).toEqual(offsets)
        expect(new Set(events.map(([offset]) => offset)).size).toBe(12)
        expect(told).toEqual([])
        expect(sent).toEqual([expect.stringMatching(/^ok /)])
      }
      expect(sockets).toBe(1)
    },
    QUIET_MS + 60_000,
  )

/** Between two events, in ms. */
function longestSilence(events: readonly (readonly [number, number])[]): number {
  return Math.max(...events.slice(1).map(([, at], index) => at - events[index]![1]))
}
