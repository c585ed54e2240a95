import { afterEach, describe, expect, test } from 'vitest'
import { type AppOptions, buildApp } from '../../server/app.js'
import { openDatabase } from '../../server/database.js'
import type { Readiness } from '../../server/health.js'
import type { LogLine } from '../../server/log.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function api(options: Partial<AppOptions> = {}) {
  const database = openDatabase(':memory:')
  const app = await buildApp({ database, boot: 'boot-1', ...options })
  stops.push(database.close, () => app.close())
  return { app, database }
}

describe('health', () => {
  test('204 with our marker and the boot id; draining: 503 with Retry-After and the same marks', async () => {
    let readiness: Readiness = { name: 'ready' }
    const { app } = await api({ readiness: () => readiness })
    const well = await app.inject('/health')
    expect([well.statusCode, well.body]).toEqual([204, ''])
    expect(well.headers).toMatchObject({
      holdfast: '1',
      'holdfast-boot': 'boot-1',
      'cache-control': 'no-store',
    })
    readiness = { name: 'draining', retryAfterS: 7 }
    const draining = await app.inject('/health')
    expect(draining.statusCode).toBe(503)
    expect(draining.headers).toMatchObject({ holdfast: '1', 'holdfast-boot': 'boot-1', 'retry-after': '7' })
  })

  test('every answer carries the marks: successes, refusals, unknown routes, and preflights', async () => {
    const { app } = await api({ origins: ['http://page.test'] })
    const preflight = { origin: 'http://page.test', 'access-control-request-method': 'POST' }
    for (const ask of [
      { url: '/orders' },
      { url: '/nowhere' },
      {
        url: '/orders',
        method: 'POST' as const,
        payload: '{',
        headers: { 'content-type': 'application/json' },
      },
      { url: '/orders', method: 'OPTIONS' as const, headers: preflight },
    ]) {
      expect((await app.inject(ask)).headers).toMatchObject({ holdfast: '1', 'holdfast-boot': 'boot-1' })
    }
  })
})

describe('pages of other origins', () => {
  test('an allowed one may call and read the headers that the kit needs, also on errors', async () => {
    const { app } = await api({
      origins: ['http://page.test'],
      readiness: () => ({ name: 'draining', retryAfterS: 1 }),
    })
    for (const url of ['/health', '/orders', '/nowhere']) {
      const { headers } = await app.inject({ url, headers: { origin: 'http://page.test' } })
      expect(headers['access-control-allow-origin']).toBe('http://page.test')
      expect(String(headers['access-control-expose-headers']).split(', ')).toEqual(
        expect.arrayContaining([
          'Holdfast',
          'Holdfast-Boot',
          'Retry-After',
          'Date',
          'ETag',
          'X-Request-ID',
          'Idempotent-Replayed',
        ]),
      )
    }
  })

  test('a preflight for the key header passes; another origin is allowed nothing', async () => {
    const { app } = await api({ origins: ['http://page.test'] })
    const ask = (origin: string) =>
      app.inject({
        method: 'OPTIONS',
        url: '/orders',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,idempotency-key',
        },
      })
    const allowed = await ask('http://page.test')
    expect(allowed.statusCode).toBe(204)
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': 'http://page.test',
      'access-control-allow-headers': 'content-type,idempotency-key',
    })
    expect((await ask('http://other.test')).headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('orders', () => {
  test('are listed newest first; the ledger has them in the order in which they were applied', async () => {
    const { app } = await api()
    for (const seq of [1, 2, 3])
      await app.inject({ method: 'POST', url: '/orders', payload: { item: 'tea', qty: 1, seq } })
    const seqs = async (url: string, list: string) =>
      ((await app.inject(url)).json() as Record<string, { seq: number }[]>)[list]?.map(({ seq }) => seq)
    expect(await seqs('/orders', 'orders')).toEqual([3, 2, 1])
    expect(await seqs('/ledger', 'entries')).toEqual([1, 2, 3])
    expect(await seqs('/ledger?after=2', 'entries')).toEqual([3])
  })

  test.each([
    ['not JSON', '{', [400]],
    ['not an object', '[]', [400]],
    ['half a character', '{"item":"a\\ud800b","qty":1,"note":"\\udc00"}', [400, '/item', '/note']],
    ['no body', '', [400]],
    ['a text as quantity', '{"item":"tea","qty":"5"}', [400, '/qty']],
    ['half a piece', '{"item":"tea","qty":1.5}', [400, '/qty']],
    ['no item and none of it', '{"item":"","qty":0}', [400, '/item', '/qty']],
    ['a member that is not known', '{"item":"tea","qty":1,"price":0}', [400, '/price']],
    ['a prototype', '{"item":"tea","qty":1,"__proto__":{"admin":true}}', [400]],
    ['too many pieces', '{"item":"tea","qty":100}', [422, '/qty']],
    ['too large a body', JSON.stringify({ item: 'tea', qty: 1, note: 'x'.repeat(70_000) }), [413]],
  ])('%s is refused as a problem that says where', async (_name, payload, [status, ...pointers]) => {
    const { app } = await api()
    const answer = await app.inject({
      method: 'POST',
      url: '/orders',
      payload,
      headers: { 'content-type': 'application/json' },
    })
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    const { errors = [] } = answer.json<{ errors?: { pointer: string }[] }>()
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers)
    expect((await app.inject('/ledger')).json().entries).toEqual([])
  })

  test('a failure of the server is a 500 that tells the log everything and the caller nothing', async () => {
    const lines: LogLine[] = []
    const { app, database } = await api({ log: (line) => lines.push(line) })
    database.close()
    const answer = await app.inject({ url: '/orders', headers: { 'x-request-id': 'r1' } })
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toMatch(/finalized/)
    expect(lines).toMatchObject([
      { step: 'failed', requestId: 'r1', error: expect.stringMatching(/finalized/) },
    ])
  })
})
