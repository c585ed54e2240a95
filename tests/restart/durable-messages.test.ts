/** A page says numbers while its server is killed under it, is loaded anew while nobody answers, and its server returns. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { servePage } from '../support/built-page.js'
import { startApi } from '../support/api-process.js'
import { stageWith } from '../support/stage.js'
import { readLog } from './channel/desk.js'

const COUNT = 40
/** So many at least have arrived when the server is killed. */
const BEFORE = 5
/** The last of them are said when it is gone: a fast one may have had all others. */
const AFTERWARDS = 10

const stage = stageWith(() => servePage(fileURLToPath(new URL('./durable-page', import.meta.url))))

test('I01 I04 I05 R24 B04 numbers that are said while the server is killed and the page is loaded anew are in its log once, in order', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const settings = { db: join(folder, 'orders.db'), origins: stage.site.origin }
  let api = await startApi({ ...settings, port: 0 })
  const { port, origin } = api
  onTestFinished(() => api.stop())
  const context = await stage.browser.newContext()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  await page.goto(`${stage.site.origin}?api=${encodeURIComponent(origin)}`)
  const report = () => page.evaluate(() => window.talk.report())
  await expect.poll(async () => (await report()).state, { timeout: 10_000 }).toBe('live')

  const saying = page.evaluate((to) => window.talk.say(1, to), COUNT - AFTERWARDS)
  await expect
    .poll(async () => (await readLog(origin, 'chat')).length, { timeout: 10_000, interval: 5 })
    .toBeGreaterThanOrEqual(BEFORE)
  api.signal('SIGKILL')
  await api.ended
  await saying
  await page.evaluate(([from, to]) => window.talk.say(from, to), [COUNT - AFTERWARDS + 1, COUNT] as const)
  const { waiting, failed } = await report()
  expect(failed).toEqual([])
  expect(waiting.at(-1)).toBe(`Number ${COUNT}`)

  await page.reload()
  await expect.poll(async () => (await report()).waiting, { timeout: 10_000 }).toEqual(waiting)
  api = await startApi({ ...settings, port })
  await expect.poll(async () => (await report()).waiting, { timeout: 20_000 }).toEqual([])
  const log = await readLog(origin, 'chat')
  expect(log.map(({ data }) => data)).toEqual(Array.from({ length: COUNT }, (_, n) => n + 1))
  console.log(`${COUNT - waiting.length} of ${COUNT} had arrived when the server was killed`)
})
