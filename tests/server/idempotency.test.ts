import { afterEach, describe, expect, test } from 'vitest'
import * as fc from 'fast-check'
import { type AppOptions, buildApp } from '../../server/app.js'
import { openDatabase } from '../../server/database.js'
import { KEY_LIFE_MS, createIdempotency, parseKey } from '../../server/idempotency.js'
import { Problem } from '../../server/problem.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function api(options: Partial<AppOptions> = {}) {
  const database = openDatabase(':memory:')
  const app = await buildApp({ database, boot: 'boot-1', ...options })
  stops.push(database.close, () => app.close())
  const order = (body: object, key?: string) =>
    app.inject({
      method: 'POST',
      url: '/orders',
      payload: body,
      ...(key && { headers: { 'idempotency-key': `"${key}"` } }),
    })
  const ledger = async () =>
    (await app.inject('/ledger')).json<{
      entries: { seq: number | null; key: string | null; replays: number }[]
    }>().entries
  return { app, database, order, ledger }
}

describe('idempotency keys', () => {
  test('I04 the same key and body is applied once and answered twice, byte for byte', async () => {
    const { order, ledger } = await api()
    const first = await order({ item: 'tea', qty: 2, seq: 1 }, 'k1')
    const second = await order({ item: 'tea', qty: 2, seq: 1 }, 'k1')
    expect(first.statusCode).toBe(201)
    expect(first.headers['idempotent-replayed']).toBeUndefined()
    expect([second.statusCode, second.body, second.headers.location]).toEqual([
      201,
      first.body,
      first.headers.location,
    ])
    expect(second.headers['idempotent-replayed']).toBe('true')
    expect(await ledger()).toMatchObject([{ seq: 1, key: 'k1', replays: 1 }])
  })

  test('without a key every request is applied', async () => {
    const { order, ledger } = await api()
    await order({ item: 'tea', qty: 2 })
    await order({ item: 'tea', qty: 2 })
    expect(await ledger()).toHaveLength(2)
  })

  test('the same key with another body is a 422 and applies nothing', async () => {
    const { order, ledger } = await api()
    await order({ item: 'tea', qty: 2 }, 'k1')
    const other = await order({ item: 'tea', qty: 3 }, 'k1')
    expect(other.statusCode).toBe(422)
    expect(other.headers['content-type']).toContain('application/problem+json')
    expect(other.json()).toMatchObject({ type: 'key-reused', status: 422 })
    expect(await ledger()).toHaveLength(1)
  })

  test('the same key while the first is at work is a 409 with Retry-After, and the first goes on', async () => {
    const { order, ledger } = await api({ workMs: 20 })
    const [first, second, other] = await Promise.all([
      order({ item: 'tea', qty: 2 }, 'k1'),
      order({ item: 'tea', qty: 2 }, 'k1'),
      order({ item: 'cake', qty: 2 }, 'k1'),
    ])
    expect([first.statusCode, second.statusCode, other.statusCode]).toEqual([201, 409, 422])
    expect(second.headers['retry-after']).toBe('1')
    expect(second.json()).toMatchObject({ type: 'idempotency-in-flight' })
    expect((await order({ item: 'tea', qty: 2 }, 'k1')).headers['idempotent-replayed']).toBe('true')
    expect(await ledger()).toHaveLength(1)
  })

  test('a refusal applies nothing, is not stored, and leaves the key free', async () => {
    const { order, ledger } = await api()
    const refused = await order({ item: 'tea', qty: 100 }, 'k1')
    expect(refused.statusCode).toBe(422)
    expect(refused.json()).toMatchObject({ type: 'refused', errors: [{ pointer: '/qty' }] })
    expect((await order({ item: 'tea', qty: 99 }, 'k1')).statusCode).toBe(201)
    expect(await ledger()).toHaveLength(1)
  })

  test('work that fails after its order was written leaves neither an order nor an answer', async () => {
    const { database } = await api()
    const { perform } = createIdempotency(database)
    const question = { user: 'ada', key: 'k1', fingerprint: 'f' }
    const insert =
      "INSERT INTO orders (id, position, item, qty, version, appliedAt) VALUES ('o1', 1, 'tea', 1, 1, 0)"
    const failing = perform(question, {
      prepare: async () => {},
      commit() {
        database.sql.exec(insert)
        throw new Error('the disk is full')
      },
    })
    await expect(failing).rejects.toThrow('the disk is full')
    expect(
      database.sql
        .prepare('SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM answers) AS n')
        .get(),
    ).toEqual({ n: 0 })
    const again = await perform(question, {
      prepare: async () => {},
      commit: () => ({ status: 201, body: '{}' }),
    })
    expect(again.replayed).toBe(false)
  })

  test('keys belong to their user, and are kept for a day', async () => {
    const { database } = await api()
    let now = 1_000
    const { perform } = createIdempotency(database, () => now)
    const work = { prepare: async () => {}, commit: () => ({ status: 201, body: '{}' }) }
    const ask = async (user: string) => (await perform({ user, key: 'k', fingerprint: 'f' }, work)).replayed
    expect([await ask('ada'), await ask('bob'), await ask('ada')]).toEqual([false, false, true])
    now += KEY_LIFE_MS - 1
    expect(await ask('ada')).toBe(true)
    now += 1
    expect(await ask('ada')).toBe(false)
  })

  test('a key is a quoted string or bare, of 1 to 255 visible characters; anything else is a 400', async () => {
    expect([parseKey(undefined), parseKey('"a b"'.replace(' ', '-')), parseKey(' abc ')]).toEqual([
      null,
      'a-b',
      'abc',
    ])
    const { order } = await api()
    for (const bad of ['', 'x'.repeat(256), 'a b', 'a"b', 'a\\b']) {
      const answer = await order({ item: 'tea', qty: 1 }, bad || ' ')
      expect([bad, answer.statusCode, answer.json().type]).toEqual([bad, 400, 'malformed-key'])
    }
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        try {
          expect(parseKey(`"${text}"`)).toBe(text)
          expect(text).toMatch(/^[\x21-\x7e]{1,255}$/)
        } catch (error) {
          if (!(error instanceof Problem)) throw error
        }
      }),
    )
  })

  test('however requests are repeated and interleaved, each key is applied once, with its first body', async () => {
    const requests = fc.array(
      fc.record({ key: fc.integer({ min: 0, max: 3 }), qty: fc.integer({ min: 1, max: 101 }) }),
      {
        maxLength: 12,
      },
    )
    await fc.assert(
      fc.asyncProperty(requests, fc.constantFrom(0, 1), async (asked, workMs) => {
        const { order, ledger } = await api({ workMs })
        const send = ({ key, qty }: { key: number; qty: number }) => order({ item: 'tea', qty }, `k${key}`)
        const statuses = (await Promise.all(asked.map(send))).map((answer) => answer.statusCode)
        const entries = await ledger()
        const keys = entries.map((entry) => entry.key)
        expect(new Set(keys).size).toBe(keys.length)
        const accepted = new Set(asked.filter((_, i) => statuses[i] === 201).map(({ key }) => `k${key}`))
        expect(new Set(keys)).toEqual(accepted)
      }),
      { numRuns: 30 },
    )
  })
})
