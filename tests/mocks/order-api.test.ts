import { expect, test } from 'vitest'
import { createDesk } from './desk.js'

test('an order is created once a key; the stored answer is given again', async () => {
  const { order, ask, clock, api } = createDesk()
  const first = order('a', { item: 'rope', qty: 2, note: 'soon' })
  await clock.advance(100)
  const again = order('a', { item: 'rope', qty: 2, note: 'soon' })
  const other = order('a', { item: 'rope', qty: 3 })
  const unkeyed = ask('/orders', { method: 'POST', body: '{"item":"oar","qty":1}' })
  await clock.advance(100)
  expect([first.end, again.end, other.end, unkeyed.end]).toEqual(['201', '201', '422', '201'])
  expect(first.answer?.headers.has('Idempotent-Replayed')).toBe(false)
  expect(again.answer?.headers.get('Idempotent-Replayed')).toBe('true')
  expect(await again.answer?.json()).toEqual(await first.answer?.json())
  expect(await other.answer?.json()).toMatchObject({ type: 'key-reused', status: 422 })
  expect(api.ledger).toMatchObject([
    { position: 1, item: 'rope', qty: 2, note: 'soon', key: 'a', replays: 1 },
    { position: 2, item: 'oar', qty: 1, note: null, key: null, replays: 0 },
  ])
})

test('more than 99 pieces are refused as a problem, and a refusal is not stored', async () => {
  const { order, clock, api } = createDesk()
  const refused = order('a', { item: 'rope', qty: 100 })
  await clock.advance(100)
  expect(refused.end).toBe('422')
  expect(refused.answer?.headers.get('Content-Type')).toBe('application/problem+json')
  expect(await refused.answer?.json()).toMatchObject({ type: 'refused', errors: [{ pointer: '/qty' }] })
  const better = order('a', { item: 'rope', qty: 99 })
  await clock.advance(100)
  expect(better.end).toBe('201')
  expect(api.ledger).toHaveLength(1)
})

test('the newest order comes first, without its key', async () => {
  const { order, ask, clock } = createDesk()
  order('a', { item: 'first', qty: 1 })
  order('b', { item: 'second', qty: 1 })
  const list = ask()
  const ledger = ask('/ledger')
  await clock.advance(100)
  const { orders } = await list.answer?.json()
  expect(orders.map(({ item }: { item: string }) => item)).toEqual(['second', 'first'])
  expect(orders[0]).not.toHaveProperty('key')
  expect((await ledger.answer?.json()).entries).toMatchObject([{ key: 'a' }, { key: 'b' }])
})

test.each(['', 'rope', '[]', '{}', '{"item":"rope"}', '{"item":"","qty":1}', '{"item":"rope","qty":1.5}'])(
  'the body %j is no order',
  async (body) => {
    const { ask, clock, api } = createDesk()
    const asked = ask('/orders', { method: 'POST', body })
    await clock.advance(100)
    expect(asked.end).toBe('400')
    expect(api.ledger).toHaveLength(0)
  },
)

test('keys survive a restart', async () => {
  const { order, clock, api, network } = createDesk()
  order('a')
  await clock.advance(100)
  network.restart.kill({ downMs: 1000 })
  await clock.advance(1000)
  const again = order('a')
  await clock.advance(100)
  expect(again.answer?.headers.get('Idempotent-Replayed')).toBe('true')
  expect(api.ledger).toHaveLength(1)
})
