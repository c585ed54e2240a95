/** Requests in a real browser, over XMLHttpRequest and over fetch, against a service that goes and comes back. */
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { servePage } from '../support/built-page.js'
import { stageWith } from '../support/stage.js'
import type { Question } from './requests/main.js'
import { startService } from './requests/service.js'

const ROOT = fileURLToPath(new URL('./requests', import.meta.url))
const BIG = 1_000_000
/** More than the buffers of two sockets, so that there is progress to be told. */
const HUGE = 24_000_000
/** On a busy machine; what is held or hangs would take minutes (ms). */
const SOON_MS = 5_000
const NUMBERS = Array.from({ length: 12 }, (_, n) => `/item/${n}`)

const stage = stageWith(() => servePage(ROOT))

async function open(way: 'xhr' | 'fetch') {
  const service = await startService()
  const page: Page = await stage.browser.newPage()
  onTestFinished(async () => {
    await page.close()
    await service.leave()
  })
  await page.goto(`${stage.site.origin}?api=${service.origin}`)
  const link = (name: string) => page.waitForFunction((name) => window.requests.report().link === name, name)
  await link('online')
  return {
    service,
    link,
    paths: () => service.visits.map(({ path }) => path),
    ask: (id: string, question: Question) =>
      page.evaluate(([id, way, question]) => window.requests.ask(id, way, question), [
        id,
        way,
        question,
      ] as const),
    abort: (id: string) => page.evaluate((id) => window.requests.abort(id), id),
    report: () => page.evaluate(() => window.requests.report()),
    /** Waits until it has ended, and says how. */
    async ending(id: string) {
      await page.waitForFunction((id) => id in window.requests.report().endings, id)
      return (await page.evaluate(() => window.requests.report().endings))[id]!
    },
  }
}

test.each(['xhr', 'fetch'] as const)(
  'P4 over %s: held while the service is away, let go by abort and deadline, then sent paced and the same once',
  async (way) => {
    const { service, link, ask, abort, ending, paths } = await open(way)
    await service.leave()
    await ask('first', { path: '/first' })
    await link('waiting')
    const asked = [...NUMBERS, '/upload', '/aborted', '/late']
    for (const path of NUMBERS) await ask(path, { path })
    for (const id of ['one', 'two', 'three']) await ask(id, { path: '/same' })
    await ask('/upload', { path: '/upload', bytes: BIG })
    await ask('/aborted', { path: '/aborted' })
    await ask('/late', { path: '/late', deadlineMs: 400 })
    await ask('gone', { path: '/same' })

    await abort('/aborted')
    await abort('gone')
    expect((await ending('/aborted')).said).toBe('cancelled')
    const late = await ending('/late')
    expect(late.said).toBe('timeout')
    expect(late.afterMs).toBeGreaterThanOrEqual(400)
    expect(late.afterMs).toBeLessThan(SOON_MS)
    expect(service.visits).toEqual([])

    await service.comeBack()
    for (const path of [...NUMBERS, '/first', '/upload'])
      expect((await ending(path === '/first' ? 'first' : path)).said).toBe(`200 ${path}`)
    for (const id of ['one', 'two', 'three']) expect((await ending(id)).said).toBe('200 /same')
    expect((await ending('gone')).said).toBe('cancelled')
    // Each once, and none of those that nobody wants any more.
    const wanted = [...asked, '/first', '/same'].filter((path) => path !== '/aborted' && path !== '/late')
    expect(paths().toSorted()).toEqual(wanted.toSorted())
    expect(service.visits.find(({ path }) => path === '/upload')).toMatchObject({
      method: 'POST',
      bytes: BIG,
    })
    // One at first, and one more at a time with each good answer, or after a second without any.
    const [first] = service.visits
    for (const { at, beside, before } of service.visits)
      expect(beside).toBeLessThanOrEqual(before + Math.floor((at - first!.at) / 1_000))
    expect(Math.max(...service.visits.map(({ beside }) => beside))).toBeGreaterThan(1)
  },
)

test.each(['xhr', 'fetch'] as const)(
  'I24 over %s: an upload tells its progress, Retry-After is waited for, and a deadline ends what never answers',
  async (way) => {
    const { service, ask, abort, ending, report } = await open(way)
    await ask('busy', { path: '/busy' })
    await ask('never', { path: '/never', deadlineMs: 600 })
    await ask('given up', { path: '/never/mind' })
    await ask('upload', { path: '/slow', bytes: HUGE })
    expect((await ending('upload')).said).toBe('200 /slow')
    expect(service.visits.find(({ path }) => path === '/slow')?.bytes).toBe(HUGE)
    const { progress } = await report()
    if (way === 'xhr') {
      const told = progress['upload'] ?? []
      expect(told.length).toBeGreaterThan(2)
      expect(told).toEqual(told.toSorted((one, other) => one - other))
      expect(told.at(-1)).toBe(HUGE)
    }
    await abort('given up')
    expect((await ending('given up')).said).toBe('cancelled')
    const never = await ending('never')
    expect(never.said).toBe('timeout')
    expect(never.afterMs).toBeGreaterThanOrEqual(600)
    expect(never.afterMs).toBeLessThan(SOON_MS)
    expect((await ending('busy')).said).toBe('200 /busy')
    const [told, then] = service.visits.filter(({ path }) => path === '/busy')
    expect(then!.at - told!.at).toBeGreaterThanOrEqual(1_000)
    // Who has let go is gone from the service, too, as soon as it hears of it.
    const left = () => service.visits.filter(({ isLeft }) => isLeft).map(({ path }) => path)
    await expect.poll(() => left().toSorted()).toEqual(['/never', '/never/mind'])
  },
)
