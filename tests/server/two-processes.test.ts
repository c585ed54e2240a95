/** Two servers on one file, as in a rolling restart, and a file that somebody else holds. */
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { type AppOptions, buildApp } from '../../server/app.js'
import { openDatabase } from '../../server/database.js'
import type { LogLine } from '../../server/log.js'
import { openSocket, sendMessage } from '../support/live-client.js'
import { startServer } from '../support/live-server.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

function file(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-'))
  stops.push(() => rmSync(folder, { recursive: true }))
  return join(folder, 'orders.db')
}

async function api(path: string, options: Partial<AppOptions> = {}) {
  const database = openDatabase(path)
  const lines: LogLine[] = []
  const app = await buildApp({ database, log: (line) => lines.push(line), ...options })
  stops.push(database.close, () => app.close())
  // A request of `inject` begins when somebody waits for it.
  const order = async (key: string, headers: Record<string, string> = {}) =>
    await app.inject({
      method: 'POST',
      url: '/orders',
      payload: { item: 'tea', qty: 1 },
      headers: { 'idempotency-key': `"${key}"`, ...headers },
    })
  const ledger = async () => (await app.inject('/ledger')).json<{ entries: unknown[] }>().entries
  return { app, lines, order, ledger }
}

/** Holds the file as another process does. */
function hold(path: string): () => void {
  const other = new DatabaseSync(path)
  stops.push(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  return () => other.exec('ROLLBACK')
}

test('R10 while another process holds the file: health is answered, and a write waits no longer than its deadline', async () => {
  const path = file()
  const { app, order, ledger, lines } = await api(path)
  const letGo = hold(path)
  const write = order('k1', { 'x-request-deadline-ms': '300' })
  const health = app.inject('/health').then(({ statusCode }) => statusCode)
  expect(await Promise.race([write.then(() => 'the write'), health])).toBe(204)
  const late = await write
  expect([late.statusCode, late.json().type]).toEqual([504, 'deadline'])
  letGo()
  expect([await ledger(), lines]).toEqual([[], []])
})

test('R34 an instance that begins while another one writes waits for the file, and does not end', async () => {
  const path = file()
  const database = openDatabase(path)
  stops.push(database.close)
  const letGo = hold(path)
  const beginning = buildApp({ database })
  await wait(50)
  letGo()
  const app = await beginning
  stops.push(() => app.close())
  expect((await app.inject('/health')).statusCode).toBe(204)
})

test('a write goes through as soon as the file is let go; nothing of it is done twice', async () => {
  const path = file()
  const { app, order, ledger } = await api(path)
  const letGo = hold(path)
  const write = order('k1')
  await app.inject('/health')
  letGo()
  expect([(await write).statusCode, (await order('k1')).headers['idempotent-replayed']]).toEqual([
    201,
    'true',
  ])
  expect(await ledger()).toHaveLength(1)
})

test.each([
  ['/orders', { item: 'tea', qty: 1 }],
  ['/auth/login', { user: 'ada' }],
  ['/send', { id: 'a', topic: 'chat', data: 1 }],
])(
  'a file that is held for longer than 2 s: POST %s is a 503 with Retry-After, not a failure',
  async (url, payload) => {
    const path = file()
    const { app, lines } = await api(path)
    hold(path)
    const answer = await app.inject({ method: 'POST', url, payload })
    expect([answer.statusCode, answer.json().type, answer.headers['retry-after']]).toEqual([
      503,
      'overloaded',
      '1',
    ])
    expect(lines).toEqual([])
  },
)

test('I04 one key at two processes at once is applied once: the later one gives the stored answer', async () => {
  const path = file()
  const [one, other] = [await api(path, { workMs: 200 }), await api(path)]
  const slow = one.order('k1')
  await expect.poll(async () => (await one.app.inject('/ledger')).json().working, { interval: 1 }).toBe(1)
  const quick = await other.order('k1')
  const late = await slow
  expect([quick.statusCode, late.statusCode, late.headers['idempotent-replayed']]).toEqual([201, 201, 'true'])
  expect(late.body).toBe(quick.body)
  expect(await one.ledger()).toHaveLength(1)
})

test('I29 events of another process on the same file are not skipped: they come with the next one of this process', async () => {
  const path = file()
  const [one, other] = await Promise.all(
    [0, 1].map(async () => {
      const server = await startServer({ database: openDatabase(path) })
      stops.push(server.database.close, server.stop)
      return server
    }),
  )
  const socket = await openSocket(one!.origin)
  stops.push(socket.cut)
  socket.say({ type: 'SUBSCRIBE', topic: 'chat' })
  await socket.heard('RESUMED')
  for (let n = 1; n <= 6; n += 1)
    await sendMessage((n % 3 === 0 ? one! : other!).origin, { id: `m${n}`, topic: 'chat', data: n })
  for (const data of [1, 2, 3, 4, 5, 6]) expect(await socket.heard('EVENT')).toMatchObject({ data })
})
