/** A socket whose path is silent for good, in Chromium, whose own close event would come a minute later. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { adaptive } from '../../src/live/heartbeat.js'
import { startApi } from '../support/api-process.js'
import { launchBrowser } from '../support/browser.js'
import { createFaultProxy } from '../support/fault-proxy.js'
import { startPublisher } from './campaign/publisher.js'
import { endOf, faultsOf, sendFaultsOf } from './channel/account.js'
import { type Desk, openDesk, readLog, serveChannelPage } from './channel/desk.js'

/** What the page's channel has where nobody says otherwise. */
const { activeMs, mostPongMs } = adaptive()
/** Timers of a busy machine. */
const LATE_MS = 500
/** What the page says goes into the device's own buffer, and proves nothing. */
const SAYS_EVERY_MS = 700
const PER_SECOND = 50

/** The service, and a page whose first socket travels by a proxy of its own, which nothing else does. */
async function enter() {
  const [site, browser] = await Promise.all([serveChannelPage(), launchBrowser()])
  onTestFinished(async () => {
    await browser.close()
    await site.stop()
  })
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const api = await startApi({ db: join(folder, 'orders.db'), origins: site.origin, port: 0 })
  onTestFinished(() => api.stop())
  const first = await createFaultProxy({ target: { port: api.port } })
  onTestFinished(first.stop)
  // Looked at for each new connection.
  const target = { port: first.port }
  const front = await createFaultProxy({ target })
  onTestFinished(front.stop)
  const publisher = startPublisher(api.origin, PER_SECOND)
  onTestFinished(() => void publisher.stop())
  const desk = await openDesk(browser, site.origin, {
    ...{ name: 'half-open', port: front.port },
    ...{ transports: ['websocket'], topics: ['chat'] },
  })
  return { api, desk, first, publisher, detour: () => (target.port = api.port) }
}

/** Waits for it; the test has a time limit of its own. */
async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (isSo(answer)) return answer
    await wait(20)
  }
}

const isLive = ({ state }: Awaited<ReturnType<Desk['progress']>>) => state === 'websocket'

test('P5 R18 B05 ux-55 a socket that is half-open is replaced within heartbeat, pong timeout and one dial, and its late close event changes nothing', async () => {
  const { api, desk, first, publisher, detour } = await enter()
  await until(desk.progress, isLive)
  await until(desk.progress, ({ last }) => last['chat']! > PER_SECOND)
  const [dialled] = (await desk.account()).sockets
  const dialMs = dialled!.openedAt! - dialled!.dialledAt

  const silentAt = Date.now()
  await first.mode('blackhole')
  detour()
  await desk.startSending(SAYS_EVERY_MS)
  const { states } = await until(
    desk.account,
    ({ states }) => states.filter(({ name }) => name === 'websocket').length > 1,
  )
  const noticedAt = states.find(({ name, at }) => name !== 'websocket' && at > silentAt)!.at
  const backAt = states.at(-1)!.at
  console.log(
    `half-open: noticed after ${noticedAt - silentAt} ms, replaced after ${backAt - silentAt} ms ` +
      `(heartbeat ${activeMs} ms, pong timeout at most ${mostPongMs} ms, first dial ${dialMs} ms)`,
  )
  expect(noticedAt - silentAt).toBeGreaterThan(activeMs)
  expect(noticedAt - silentAt).toBeLessThan(activeMs + mostPongMs + LATE_MS)
  expect(backAt - silentAt).toBeLessThan(activeMs + mostPongMs + dialMs + LATE_MS)

  const before = await desk.account()
  expect(before.sockets.map(({ closedAt }) => closedAt)).toEqual([null, null])
  await first.stop()
  const [old] = (await until(desk.account, ({ sockets }) => sockets[0]!.closedAt !== null)).sockets
  expect(old!.code).toBe(1006)
  const { last } = await desk.progress()
  await until(desk.progress, (now) => now.last['chat']! > last['chat']! + PER_SECOND)
  await desk.stopSending()
  await publisher.stop()
  await until(desk.progress, ({ pending }) => pending === 0)
  const log = await readLog(api.origin, 'chat')
  await until(desk.progress, (now) => now.last['chat'] === endOf(log))
  const after = await desk.account()
  expect(after.states).toEqual(before.states)
  expect(after.sockets).toHaveLength(2)
  expect(faultsOf(after.told['chat']!, log)).toEqual([])
  expect(sendFaultsOf(after.sends, 'half-open', log)).toEqual([])
  expect(desk.errors).toEqual([])
}, 30_000)
