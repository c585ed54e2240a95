/** The simulator in the tests of an application that has MSW handlers and plain axios, and no kit. Shown in a guide. */
// #region setup
import axios from 'axios'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createNetwork, manualClock } from '../../mocks/index.js'
import { addToCart, loadCart, SHOP, type CartView } from './shop.js'
import { cart, handlers } from './shop-handlers.js'

const clock = manualClock()
const network = createNetwork({ clock, hosts: [new URL(SHOP).host], handlers, axios })
const api = axios.create({ baseURL: SHOP, adapter: network.axiosAdapter })

beforeEach(() => void cart.splice(0, Infinity, 'rope'))
afterEach(() => network.calm())

/** What the person sees after so many milliseconds; null: nothing yet. */
async function seenAfter(ms: number, seen: Promise<CartView>): Promise<CartView | null> {
  let view: CartView | null = null
  void seen.then((now) => (view = now))
  await clock.advance(ms)
  return view
}
// #endregion setup

test('with all well the handlers answer as they always have', async () => {
  expect(await seenAfter(40, loadCart(api))).toEqual({ name: 'cart', items: ['rope'] })
})

// #region faults
test('R38: nobody listens: the person is told within a round trip', async () => {
  network.apply({ type: 'refuse' })
  expect(await seenAfter(40, loadCart(api))).toEqual({ name: 'unreachable' })
})

test('R38: packets vanish: after three seconds, and not before, the person is told that it is slow', async () => {
  network.apply({ type: 'blackhole' })
  const seen = loadCart(api)
  expect(await seenAfter(2_999, seen)).toBeNull()
  expect(await seenAfter(1, seen)).toEqual({ name: 'slow' })
})

test('R38: the gateway has no server: its 503 is shown as such', async () => {
  network.apply({ type: 'status', code: 503, from: 'gateway' })
  expect(await seenAfter(40, loadCart(api))).toEqual({ name: 'refused', status: 503 })
})
// #endregion faults

// #region restart
test('R38: the server restarts: unreachable while it is away, well again when it is back', async () => {
  network.restart.graceful({ drainMs: 1_000, downMs: 4_000 })
  expect(await seenAfter(900, loadCart(api))).toMatchObject({ name: 'cart' })
  await clock.advance(600)
  expect(await seenAfter(40, loadCart(api))).toEqual({ name: 'unreachable' })
  await clock.advance(3_500)
  expect(await seenAfter(40, loadCart(api))).toMatchObject({ name: 'cart' })
})
// #endregion restart

// #region reply-lost
test('a write whose answer is lost is done twice by whoever just tries again', async () => {
  const fault = { type: 'reset', only: { method: 'POST' } } as const
  network.apply({ type: 'failTimes', n: 1, fault })
  const tries = addToCart(api, 'lamp').then((isIn) => isIn || addToCart(api, 'lamp'))
  await clock.advance(1_000)
  expect(await tries).toBe(true)
  expect(cart).toEqual(['rope', 'lamp', 'lamp'])
})
// #endregion reply-lost

// #region log
test('the log says what was asked, which fault struck and what came back', async () => {
  const before = network.log.length
  network.apply({ type: 'failTimes', n: 1, fault: { type: 'status', code: 500 } })
  await seenAfter(40, loadCart(api))
  await seenAfter(40, loadCart(api))
  expect(network.log.slice(before)).toMatchObject([
    { method: 'GET', fault: 'status', status: 500, reached: false },
    { method: 'GET', fault: null, status: 200, reached: true },
  ])
  expect(network.calls({ path: '/cart', status: 500 })).toHaveLength(1)
})
// #endregion log
