/** Two pages of one browser and one queue: real locks, real broadcasts, one real server that restarts. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { startApi } from '../support/api-process.js'
import { stageWith } from '../support/stage.js'
import { serveDeskPage } from './desk-page.js'
import { ledger, until } from './desk-run.js'

const WRITING = { perSecond: 10, count: 40 }
/** The second page counts from here: the ledger tells who wrote. */
const SECOND_FROM = 1001

const stage = stageWith(serveDeskPage)

const report = (page: Page) => page.evaluate(() => window.desk.report())
const write = (page: Page) => page.evaluate((writing) => void window.desk.startWriting(writing), WRITING)

test('I05 I07 R12 ux-41 two tabs write to one queue, and the one that sends is closed while the server is away: nothing is lost, doubled or out of order', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const settings = { db: join(folder, 'orders.db'), origins: stage.site.origin, 'pre-stop-ms': 0 }
  let api = await startApi({ ...settings, port: 0 })
  const { port } = api
  onTestFinished(() => api.stop())
  const context = await stage.browser.newContext()
  onTestFinished(() => context.close())
  const open = async (run: string, first: number) => {
    const page = await context.newPage()
    const query = new URLSearchParams({
      api: `http://127.0.0.1:${port}`,
      store: 'tabs',
      run,
      first: String(first),
    })
    await page.goto(`${stage.site.origin}?${String(query)}`)
    return page
  }
  const sending = await open('first', 1)
  const other = await open('second', SECOND_FROM)

  // The page that came first has the lock. Both have written before it goes.
  await Promise.all([write(sending), write(other)])
  for (const page of [sending, other]) {
    await until(
      () => report(page),
      ({ ended }) => (ended['confirmed'] ?? 0) >= 5,
    )
  }
  api.signal('SIGTERM')
  await api.ended
  await until(
    () => report(sending),
    ({ accepted }) => accepted.length >= 25,
  )
  const account = await report(sending)
  await sending.close()
  api = await startApi({ ...settings, port })

  const last = await until(
    () => report(other),
    ({ attempted, pending, kept }) => attempted.length >= WRITING.count && pending.length === 0 && kept === 0,
  )
  expect([last.link, last.pending, last.kept, last.failures, account.failures]).toEqual([
    'online',
    [],
    0,
    [],
    [],
  ])
  const applied = (await ledger(port)).filter(({ item }) => item === 'durable').map(({ seq }) => seq ?? NaN)
  const first = applied.filter((seq) => seq < SECOND_FROM)
  const second = applied.filter((seq) => seq >= SECOND_FROM)
  expect(new Set(applied).size).toBe(applied.length)
  // What it accepted after its last account, before it was closed, may be there too: in order all the same.
  expect(first.slice(0, account.accepted.length)).toEqual(account.accepted)
  expect(first).toEqual([...first].sort((one, two) => one - two))
  expect(second).toEqual(last.accepted)
  expect(last.accepted).toHaveLength(WRITING.count)
})
