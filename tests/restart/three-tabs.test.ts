/** Three pages of one browser and one queue: the one that sends is closed, and the next one crashes, in mid-drain. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { startApi } from '../support/api-process.js'
import { stageWith } from '../support/stage.js'
import { serveDeskPage } from './desk-page.js'
import { ledger, until } from './desk-run.js'
import { watchTerms } from './kept-actions.js'

const TABS = [1, 2, 3]
const WRITING = { perSecond: 50, count: 60 }
/** Tab n counts from n times this. */
const TAB_SIZE = 1_000
/** Applied before the first one goes, and again before the second one does. */
const MEANWHILE = 25
/** How long nobody may send after the one who did has gone (ux-58), in ms. */
const TAKEOVER_MS = 1_000

const stage = stageWith(serveDeskPage)

const report = (page: Page) => page.evaluate(() => window.desk.report())

test('I05 I07 B06 ux-58 of three tabs the one that sends is closed, and the next one crashes, in mid-drain: nothing is lost, doubled or out of order, and another one goes on within a second', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  // 10 ms of work: what has gathered takes two seconds and more.
  const settings = { db: join(folder, 'orders.db'), origins: stage.site.origin, 'work-ms': 10 }
  let api = await startApi({ ...settings, port: 0 })
  const { port } = api
  onTestFinished(() => api.stop())
  const context = await stage.browser.newContext()
  onTestFinished(() => context.close())
  const tabs: Page[] = []
  for (const tab of TABS) {
    const page = await context.newPage()
    const query = new URLSearchParams({
      api: `http://127.0.0.1:${port}`,
      store: 'three',
      run: `tab-${tab}`,
      first: String(tab * TAB_SIZE + 1),
    })
    await page.goto(`${stage.site.origin}?${String(query)}`)
    // They line up for the lock in this order.
    await until(
      () => report(page),
      ({ link }) => link === 'online',
    )
    tabs.push(page)
  }
  const [sending, next, last] = tabs as [Page, Page, Page]

  // All write while the server is away, so that there is something to drain.
  api.signal('SIGKILL')
  await api.ended
  for (const page of tabs) await page.evaluate((writing) => void window.desk.startWriting(writing), WRITING)
  const reports = []
  for (const page of tabs)
    reports.push(
      await until(
        () => report(page),
        ({ accepted }) => accepted.length === WRITING.count,
      ),
    )
  api = await startApi({ ...settings, port })

  const durable = async () => (await ledger(port)).filter(({ item }) => item === 'durable')
  const applied = async (count: number) => {
    while ((await durable()).length < count) await wait(20)
    return (await durable()).length
  }
  /** Who sends, and since when: read in the tab that stays, out of the database. */
  await watchTerms(last, 'three')
  const terms = () => last.evaluate(() => window.terms)
  /** From the end of the tab that sends to the term of the next one, in ms. */
  const takeover = async (end: () => Promise<unknown>) => {
    const before = await applied(MEANWHILE + (await durable()).length)
    expect(before, 'it was in mid-drain').toBeLessThan(TABS.length * WRITING.count - MEANWHILE)
    const { number } = (await terms()).at(-1)!
    await end()
    const goneAt = Date.now()
    for (;;) {
      const next = (await terms()).find((term) => term.number > number)
      // It may have begun before the news of the end was here.
      if (next) return Math.max(0, next.at - goneAt)
      await wait(10)
    }
  }

  const afterClose = await takeover(() => sending.close())
  const crashed = new Promise<void>((resolve) => void next.once('crash', () => resolve()))
  const cdp = await context.newCDPSession(next)
  const afterCrash = await takeover(async () => {
    void cdp.send('Page.crash').catch(() => {})
    await crashed
  })
  const settled = await until(
    () => report(last),
    ({ kept, pending }) => kept === 0 && pending.length === 0,
  )
  expect([settled.kept, settled.pending]).toEqual([0, []])

  const seqs = (await durable()).map(({ seq }) => seq ?? NaN)
  expect(seqs).toHaveLength(TABS.length * WRITING.count)
  expect(new Set(seqs).size).toBe(seqs.length)
  for (const [index, { accepted, failures }] of reports.entries()) {
    expect(failures).toEqual([])
    const from = TABS[index]! * TAB_SIZE
    expect(seqs.filter((seq) => seq > from && seq < from + TAB_SIZE)).toEqual(accepted)
  }
  console.log(`takeover: ${afterClose} ms after a tab was closed, ${afterCrash} ms after one crashed`)
  expect(afterClose).toBeLessThan(TAKEOVER_MS)
  expect(afterCrash).toBeLessThan(TAKEOVER_MS)
})
