import { expect, test } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { attachFetch } from '../../src/http/fetch.js'
import { createHand, watch } from './hand.js'
import { BASE, createRig } from './rig.js'

test('P4: a request asked while the link is down is held, told, and goes out when it is up', async () => {
  const rig = createRig()
  await rig.online()
  await rig.lose()
  const asked = watch(rig.ask('/orders'))
  await rig.clock.settle()
  expect(rig.attempts('/orders')).toBe(0)
  expect(rig.facts.held).toBe(1)
  await rig.recover()
  expect(asked).toMatchObject({ state: 'resolved', value: { status: 200 } })
  expect(rig.facts.held).toBe(0)
})

test('what is in the air when the link is lost is aborted, held and sent again', async () => {
  const rig = createRig()
  await rig.online()
  const stop = rig.network.apply({ type: 'blackhole' })
  const asked = watch(rig.ask('/orders'))
  await rig.clock.advance(20_000)
  expect(rig.connection.state.link.name).toMatch(/waiting|trying/)
  expect(
    rig.network.calls().filter(({ url, end }) => url.endsWith('/orders') && end === 'aborted'),
  ).toHaveLength(1)
  expect(rig.facts.held).toBe(1)
  stop()
  await rig.clock.advance(20_000)
  expect(asked).toMatchObject({ state: 'resolved', value: { status: 200 } })
})

test('a request that is silent while all else is well is `timeout`, for fetch has no error for it', async () => {
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch, retries: 0 })
  await rig.online()
  const asked = watch(rig.ask('/orders'))
  const written = watch(rig.ask('/orders', { method: 'POST' }))
  await rig.clock.advance(61_000)
  expect(isHoldfastError(asked.value, 'timeout')).toBe(true)
  expect(isHoldfastError(written.value, 'maybe-committed')).toBe(true)
  expect(hand.open).toBe(0)
})

test('a network error that is final is the platform’s own, and says what became of the request', async () => {
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch })
  await rig.online()
  const asked = watch(rig.ask('/orders', { method: 'POST' }))
  const error = new TypeError('Failed to fetch')
  hand.last.fail(error)
  await rig.clock.advance(1_000)
  expect(asked.value).toBe(error)
  expect(error).toMatchObject({ holdfast: { outcome: 'maybe-committed', attempts: 1 } })
})

test('an idle connection passes a request through, argument for argument, and hears nothing of it', async () => {
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch })
  const init = { method: 'POST', body: 'x', headers: { a: '1' } }
  const asked = watch(rig.ask('/orders', init))
  expect(hand.last.input).toBe(`${BASE}/orders`)
  expect(hand.last.init).toBe(init)
  hand.last.answer(500)
  await rig.clock.advance(60_000)
  expect(asked).toMatchObject({ state: 'resolved', value: { status: 500 } })
  expect(hand.calls).toHaveLength(1)
  expect(rig.events).toEqual([])
})

test('a good answer ends a loss, and a bad one is a suspicion', async () => {
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch })
  await rig.online()
  void rig.ask('/orders')
  hand.last.answer(503)
  await rig.clock.settle()
  expect(rig.events.map(({ type }) => type)).toContain('SUSPICION')
  const before = rig.events.length
  await rig.clock.advance(2_000)
  hand.last.answer(200)
  await rig.clock.settle()
  expect(rig.events.slice(before).map(({ type }) => type)).toContain('GOOD_ANSWER')
})

test('I13: detached, what is held rejects and is never sent, and the fetch is the one that was given', async () => {
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch })
  await rig.online()
  const inTheAir = watch(rig.ask('/orders', { method: 'POST' }))
  await rig.lose()
  const held = watch(rig.ask('/held'))
  await rig.clock.settle()
  rig.http.detach()
  await rig.clock.settle()
  expect(isHoldfastError(held.value, 'stopped')).toBe(true)
  hand.calls[0]?.answer(500)
  await rig.recover()
  expect(inTheAir).toMatchObject({ state: 'resolved', value: { status: 500 } })
  expect(hand.calls).toHaveLength(1)
  const init = { method: 'POST' }
  void rig.ask('/later', init)
  expect(hand.last.init).toBe(init)
  rig.connection.stop()
  expect(rig.clock.pending()).toBe(0)
})

test('what is no fetch, is attached already, or has impossible options is refused, by name', () => {
  const { connection, http, network } = createRig()
  expect(() => attachFetch(http.fetch, { connection })).toThrow(
    /attachFetch\.fetch is "attached already"; allowed: a fetch/,
  )
  expect(() => attachFetch(undefined as never, { connection })).toThrow(
    /attachFetch\.fetch is undefined; allowed: a fetch/,
  )
  expect(() => attachFetch(network.fetch, { connection, retries: -1 })).toThrow(/retries is -1/)
  expect(() => attachFetch(network.fetch, { connection, retry: 3 } as never)).toThrow(
    /attachFetch\.retry is not an option; allowed: connection, queue, /,
  )
})
