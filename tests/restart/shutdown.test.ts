/** The reference server as a real process under real signals. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type ApiProcess, startApi } from '../support/api-process.js'
import type { Report } from './verification/report.js'
import { SHORT, verifyForced, verifyGraceful } from './verification/runs.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** A server with a database file of its own, which can be started again on that file. */
async function serve(settings: Readonly<Record<string, string | number>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  return async () => {
    const api = await startApi({ port: 0, db: join(folder, 'orders.db'), ...settings })
    stops.push(api.stop)
    return api
  }
}

const order = (api: ApiProcess, key: string, seq = 1) =>
  fetch(`${api.origin}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `"${key}"` },
    body: JSON.stringify({ item: 'tea', qty: 1, seq }),
  })

type Ledger = { working: number; entries: { seq: number; boot: string }[] }

const fullLedger = async (api: ApiProcess) => (await (await fetch(`${api.origin}/ledger`)).json()) as Ledger
const ledger = async (api: ApiProcess) => (await fullLedger(api)).entries

/** Resolves once the server is at work on an order. */
async function working(api: ApiProcess) {
  while ((await fullLedger(api)).working === 0);
}

/** What a new connection meets. */
async function dialError(api: ApiProcess): Promise<string | undefined> {
  const [error] = (await once(connect(api.port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException]
  return error.code
}

const steps = (api: ApiProcess) => api.log.map((line) => line.step)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`R07 R14 ${signal}: what is under way is finished, one line a step, exit code 0`, async () => {
    const start = await serve({ 'work-ms': 300 })
    const api = await start()
    const underWay = order(api, 'k1')
    await working(api)
    api.signal(signal)
    await api.logged('no new requests')
    expect(await dialError(api)).toBe('ECONNREFUSED')
    const answer = await underWay
    expect([answer.status, answer.headers.get('connection')]).toEqual([201, 'close'])
    expect(await api.ended).toEqual({ code: 0, signal: null })
    expect(steps(api).filter((step) => step !== 'streams ended')).toEqual([
      'listening',
      'signal',
      'draining',
      'no new requests',
      'all workers left',
      'closed',
      'handles released',
      'exit',
    ])
  })
}

test('R09 a second signal forces the end: exit code 2, the log says why', async () => {
  const start = await serve({ 'work-ms': 60_000 })
  const api = await start()
  const cut = order(api, 'k1').catch(() => 'cut')
  await working(api)
  api.signal('SIGTERM')
  await api.logged('no new requests')
  api.signal('SIGINT')
  expect([await api.ended, await cut]).toEqual([{ code: 2, signal: null }, 'cut'])
  expect(await api.logged('forced')).toMatchObject({ why: 'second signal SIGINT', requests: 1 })
})

test('R09 whatever is left at the deadline is cut: exit code 1, the log says why', async () => {
  const start = await serve({ 'work-ms': 60_000, 'shutdown-timeout-ms': 200 })
  const api = await start()
  const cut = order(api, 'k1').catch(() => 'cut')
  await working(api)
  api.signal('SIGTERM')
  expect([await api.ended, await cut]).toEqual([{ code: 1, signal: null }, 'cut'])
  expect(await api.logged('forced')).toMatchObject({ why: 'deadline', requests: 1 })
  const again = await start()
  expect(await ledger(again)).toEqual([])
})

test('I40 health turns 503 with Retry-After before the port closes, and connections are still taken', async () => {
  const start = await serve({ 'pre-stop-ms': 900, 'retry-after-s': 3 })
  const api = await start()
  expect((await fetch(`${api.origin}/health`)).status).toBe(204)
  api.signal('SIGTERM')
  await api.logged('draining')
  const health = await fetch(`${api.origin}/health`)
  expect([health.status, health.headers.get('retry-after'), health.headers.get('connection')]).toEqual([
    503,
    '3',
    'close',
  ])
  expect((await order(api, 'k1')).status).toBe(201)
  expect((await api.ended).code).toBe(0)
})

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`I04 keys and orders survive ${signal}: the next process gives the stored answer, with its own boot id`, async () => {
    const start = await serve()
    const first = await start()
    const before = await order(first, 'k1')
    const said = await before.text()
    first.signal(signal)
    await first.ended
    const second = await start()
    expect(second.boot).not.toBe(first.boot)
    const after = await order(second, 'k1')
    expect([after.status, after.headers.get('idempotent-replayed'), await after.text()]).toEqual([
      201,
      'true',
      said,
    ])
    expect(after.headers.get('holdfast-boot')).toBe(second.boot)
    expect(await ledger(second)).toMatchObject([{ seq: 1, boot: first.boot }])
  })
}

test('I04 killed in mid-work: nothing of it is kept, and the same key is free', async () => {
  const start = await serve({ 'work-ms': 200 })
  const first = await start()
  const cut = order(first, 'k1').catch(() => 'cut')
  await working(first)
  first.signal('SIGKILL')
  expect([await first.ended, await cut]).toEqual([{ code: null, signal: 'SIGKILL' }, 'cut'])
  const second = await start()
  expect(await ledger(second)).toEqual([])
  const again = await order(second, 'k1')
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, null])
})

test('a port that is taken ends the process with the reason, without the pause for a balancer', async () => {
  const start = await serve()
  const api = await start()
  const taken = startApi({ port: api.port, db: ':memory:', 'pre-stop-ms': 600_000 })
  await expect(taken).rejects.toThrow('EADDRINUSE')
})

test('P6 while it drains each who asks health is told a place in the row', async () => {
  const start = await serve({ 'pre-stop-ms': 60_000, 'retry-after-s': 3, 'return-capacity': 2 })
  const api = await start()
  api.signal('SIGTERM')
  await api.logged('draining')
  const told: number[] = []
  for (let asker = 0; asker < 4; asker += 1)
    told.push(Number((await fetch(`${api.origin}/health`)).headers.get('retry-after')))
  expect(told).toEqual(told.toSorted((a, b) => a - b))
  expect(told[3]).toBeGreaterThan(told[0]!)
})

const wrongOf = ({ checks }: Report) => checks.filter(({ isRight }) => !isRight)

test('R14 verify:shutdown, its short form: in-flight work is finished, the door is shut at once, the pool is at zero', async () => {
  expect(wrongOf(await verifyGraceful(SHORT, false))).toEqual([])
})

test('R14 the same with streams, sockets and polls open: each is told its own time, and ends', async () => {
  expect(wrongOf(await verifyGraceful(SHORT, true))).toEqual([])
})

test('R09 R14 a request beyond the deadline is cut: another exit code, and the client sees maybe-committed', async () => {
  expect(wrongOf(await verifyForced(SHORT))).toEqual([])
})
