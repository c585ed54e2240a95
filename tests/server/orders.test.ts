import { afterEach, describe, expect, test } from 'vitest'
import { DatabaseSync } from 'node:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildApp } from '../../server/app.js'
import { openDatabase } from '../../server/database.js'
import { MIGRATIONS } from '../../server/schema.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function api(database = openDatabase(':memory:')) {
  const app = await buildApp({ database, boot: 'boot-1' })
  stops.push(database.close, () => app.close())
  const ask = (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    headers: Record<string, string> = {},
    payload?: object,
  ) => app.inject({ method, url, headers, ...(payload && { payload }) })
  const placed = await ask('POST', '/orders', {}, { item: 'tea', qty: 1 })
  return {
    ask,
    placed,
    url: String(placed.headers.location),
    ledger: async () => (await ask('GET', '/ledger')).json<{ entries: Record<string, unknown>[] }>().entries,
  }
}

const tea = (qty: number) => ({ item: 'tea', qty })

describe('conflicts', () => {
  test('an order has an ETag; whoever has it already is told 304', async () => {
    const { ask, url, placed } = await api()
    const found = await ask('GET', url)
    expect(found.headers).toMatchObject({ etag: '"1"', 'cache-control': 'no-cache' })
    expect([placed.headers.etag, found.body]).toEqual(['"1"', placed.body])
    for (const known of ['"1"', 'W/"1"', '"0", "1"', '*']) {
      const answer = await ask('GET', url, { 'if-none-match': known })
      expect([known, answer.statusCode, answer.body]).toEqual([known, 304, ''])
    }
    expect((await ask('GET', url, { 'if-none-match': '"2"' })).statusCode).toBe(200)
    expect((await ask('GET', '/orders/none')).statusCode).toBe(404)
  })

  test('a change of the version that one has seen is made; of an older one it is a 412 that tells the new one', async () => {
    const { ask, url } = await api()
    const first = await ask('PUT', url, { 'if-match': '"1"' }, tea(2))
    expect([first.statusCode, first.headers.etag, first.json()]).toMatchObject([200, '"2"', { qty: 2 }])
    const second = await ask('PUT', url, { 'if-match': '"1"' }, tea(3))
    expect([second.statusCode, second.headers.etag, second.json().type]).toEqual([412, '"2"', 'conflict'])
    expect((await ask('GET', url)).json()).toMatchObject({ qty: 2 })
    expect((await ask('PUT', url, { 'if-match': '*' }, tea(4))).headers.etag).toBe('"3"')
  })

  test('a change that names no version is a 428, a weak tag never matches, and nonsense is a 400', async () => {
    const { ask, url, ledger } = await api()
    const types: unknown[] = []
    for (const headers of [{}, { 'if-match': 'W/"1"' }, { 'if-match': '1' }, { 'if-match': '' }]) {
      const answer = await ask('PUT', url, headers as Record<string, string>, tea(2))
      types.push([answer.statusCode, answer.json().type])
    }
    expect(types).toEqual([
      [428, 'precondition-required'],
      [412, 'conflict'],
      [400, 'malformed'],
      [400, 'malformed'],
    ])
    expect(await ledger()).toHaveLength(1)
  })

  test('I04 a change repeated with its key is applied once, though its version is an old one by then', async () => {
    const { ask, url, ledger } = await api()
    const headers = { 'if-match': '"1"', 'idempotency-key': '"k1"' }
    const first = await ask('PUT', url, headers, tea(2))
    const again = await ask('PUT', url, headers, tea(2))
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([200, first.body, '"2"'])
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect(await ledger()).toMatchObject([
      { change: 'placed', qty: 1 },
      { change: 'changed', qty: 2, key: 'k1', replays: 1 },
    ])
  })

  test('a key of one order is not good for another, nor for another method', async () => {
    const { ask, url } = await api()
    const other = String((await ask('POST', '/orders', {}, tea(1))).headers.location)
    const headers = { 'if-match': '"1"', 'idempotency-key': '"k1"' }
    expect((await ask('PUT', url, headers, tea(2))).statusCode).toBe(200)
    expect((await ask('PUT', other, headers, tea(2))).json().type).toBe('key-reused')
    expect((await ask('POST', '/orders', headers, tea(2))).json().type).toBe('key-reused')
    expect((await ask('DELETE', url, headers)).json().type).toBe('key-reused')
  })

  test('a refused change changes nothing, and a removed order is gone, once', async () => {
    const { ask, url, ledger } = await api()
    expect((await ask('PUT', url, { 'if-match': '"1"' }, tea(100))).json().type).toBe('refused')
    const headers = { 'if-match': '"1"', 'idempotency-key': '"k1"' }
    const removed = await ask('DELETE', url, headers)
    expect([removed.statusCode, removed.body]).toEqual([204, ''])
    expect((await ask('DELETE', url, headers)).headers['idempotent-replayed']).toBe('true')
    expect((await ask('GET', url)).statusCode).toBe(404)
    expect((await ask('PUT', url, { 'if-match': '*' }, tea(2))).statusCode).toBe(404)
    expect((await ledger()).map(({ change }) => change)).toEqual(['placed', 'removed'])
    expect((await ask('GET', '/orders')).json().orders).toEqual([])
  })
})

describe('the file', () => {
  function file() {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-'))
    stops.push(() => rmSync(folder, { recursive: true }))
    return join(folder, 'test.db')
  }

  test('I11 of the first release is brought up to date: orders, ledger and kept answers are all there', async () => {
    const path = file()
    const old = new DatabaseSync(path)
    old.exec(MIGRATIONS[0]!)
    old.exec(`INSERT INTO orders VALUES (7, 'o7', 'tea', 3, NULL, 1, 'k', 'f', 'b', 0);
      INSERT INTO answers VALUES ('anyone', 'k', 'f', 201, '{"id":"o7"}', '/orders/o7', ${Date.now()}, 2)`)
    old.close()
    const { ask, ledger } = await api(openDatabase(path))
    expect((await ask('GET', '/orders/o7')).json()).toMatchObject({ id: 'o7', position: 7, qty: 3 })
    expect(await ledger()).toMatchObject([
      { position: 7, change: 'placed', key: 'k', replays: 2, user: 'anyone' },
      { position: 8 },
    ])
  })

  test('I11 of a newer release is refused, and not touched', () => {
    const path = file()
    openDatabase(path).close()
    const newer = new DatabaseSync(path)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    expect(() => openDatabase(path)).toThrow(
      `has schema 99; this server knows schemas up to ${MIGRATIONS.length}`,
    )
  })
})
