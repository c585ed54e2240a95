/** Two servers behind one name of a service, as a channel with a list of them meets them: the first is killed, and comes back. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createConnection, probe } from '../../src/index.js'
import { createChannel, webSocket } from '../../src/live/index.js'
import { startApi } from '../support/api-process.js'
import { createFaultProxy } from '../support/fault-proxy.js'
import { startPublisher } from './campaign/publisher.js'
import { type Told, endOf, faultsOf } from './channel/account.js'
import { readLog } from './channel/desk.js'

const PER_SECOND = 50
/** A refused dial, a refused probe, and a dial at the second. */
const AWAY_WITHIN_MS = 1_000
/** The wait of the probe (`steady`, after 2 s down at most 4 s), and that for a better line. */
const HOME_WITHIN_MS = 5_000
const BETTER_AFTER_MS = 1_000
const DOWN_MS = 2_000

/** The service, and the way to it by two ports, each of which can fail alone. */
async function enter() {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const api = await startApi({ db: join(folder, 'orders.db'), port: 0 })
  onTestFinished(() => api.stop())
  const [home, other] = await Promise.all([
    createFaultProxy({ target: { port: api.port } }),
    createFaultProxy({ target: { port: api.port } }),
  ])
  onTestFinished(home.stop)
  onTestFinished(other.stop)
  const publisher = startPublisher(api.origin, PER_SECOND)
  onTestFinished(() => void publisher.stop())
  return { api, home, other, publisher }
}

/** Waits for it, and says how long; the test has a time limit of its own. */
async function until(isSo: () => boolean): Promise<number> {
  const from = performance.now()
  while (!isSo()) await wait(5)
  return Math.round(performance.now() - from)
}

test('R15 the first server is killed and its health check with it: the channel is at the second within 1 s, at home within 5 s of its return, and each event is told once and in order', async () => {
  const { api, home, other, publisher } = await enter()
  const url = (port: number) => `http://127.0.0.1:${port}/`
  const connection = createConnection({ probe: probe(`${url(home.port)}health`) })
  const sockets: { readonly port: number; readonly at: number }[] = []
  class Watched extends WebSocket {
    constructor(to: string | URL, protocols?: string | string[]) {
      super(to, protocols)
      this.addEventListener('open', () => sockets.push({ port: Number(new URL(to).port), at: Date.now() }))
    }
  }
  const channel = createChannel({
    connection,
    url: [url(home.port), url(other.port)],
    drivers: [webSocket({ WebSocket: Watched })],
    betterAfterMs: BETTER_AFTER_MS,
  })
  onTestFinished(() => {
    channel.close()
    connection.stop()
  })
  const told: Told = { startAt: null, lines: [], resumed: 0, resets: 0 }
  channel.topic('chat', {
    onEvent: ({ offset, data }) => void told.lines.push({ offset, data }),
    onGap: ({ from, to }) => void told.lines.push({ from, to }),
    onReset: () => void (told.resets += 1),
    onResumed({ cursor }) {
      told.startAt ??= Number(cursor.split(':')[1])
      told.resumed += 1
    },
  })
  connection.start()
  channel.open()
  await until(() => told.lines.length > PER_SECOND / 2)
  expect(sockets.map(({ port }) => port)).toEqual([home.port])

  await home.mode('reset')
  await home.mode('refuse')
  const awayMs = await until(() => told.resumed > 1)
  const before = told.lines.length
  await wait(DOWN_MS)
  expect(connection.state.link.name).toMatch(/waiting|trying/)
  expect(channel.state.name).toBe('live')
  await until(() => told.lines.length - before > PER_SECOND)
  await home.mode('pass')
  const homeMs = await until(() => sockets.length > 2 && told.resumed > 2)
  await until(() => other.connections === 0)
  console.log(`endpoints: at the second after ${awayMs} ms, home ${homeMs} ms after the first was back`)
  expect(awayMs).toBeLessThan(AWAY_WITHIN_MS)
  expect(homeMs).toBeLessThan(HOME_WITHIN_MS)
  expect(sockets.map(({ port }) => port)).toEqual([home.port, other.port, home.port])

  await publisher.stop()
  const log = await readLog(api.origin, 'chat')
  await until(() => told.lines.some((line) => 'offset' in line && line.offset === endOf(log)))
  expect(faultsOf(told, log)).toEqual([])
}, 30_000)
