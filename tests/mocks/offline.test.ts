/** A device without a network, as measured in Chromium 156 in a network namespace whose link is taken away. */
import { expect, test } from 'vitest'
import { createDesk } from './desk.js'

test('offline refuses at once, and what has no connection yet; and the device says so', async () => {
  const { ask, clock, network } = createDesk()
  const events: string[] = []
  network.device.on((event) => events.push(event))
  const inFlight = ask()
  await clock.advance(10)
  const stop = network.apply({ type: 'offline' })
  expect(network.device.onLine).toBe(false)
  const later = ask()
  await clock.advance(0)
  expect(inFlight).toMatchObject({ end: 'TypeError', atMs: 10 })
  expect(later).toMatchObject({ end: 'TypeError', atMs: 10 })
  stop()
  expect(network.device.onLine).toBe(true)
  expect(events).toEqual(['offline', 'online'])
})

test.each([
  ['on its way there', 10, 0],
  ['at work', 40, 1],
  ['on its way back', 60, 1],
])(
  'offline: what is %s stays there, and is answered when a kernel tries again after the return',
  async (_, ms, committed) => {
    const { ask, api, clock, network } = createDesk({}, { work: () => network.delay(30) })
    ask('/health')
    await clock.advance(100)
    const inFlight = ask('/orders', { method: 'POST', body: '{"item":"rope","qty":1}' })
    await clock.advance(ms)
    const online = network.apply({ type: 'offline' })
    await clock.advance(1000)
    expect([inFlight.end, api.ledger.length]).toEqual(['pending', committed])
    online()
    const next = ask()
    await clock.advance(2000)
    expect(inFlight.end).toBe('201')
    expect(inFlight.atMs).toBeGreaterThan(100 + ms + 1000)
    // The connections from before are not used again.
    expect(next).toMatchObject({ end: '200', atMs: 100 + ms + 1000 + 40 })
  },
)

test('status answers in place of the handler; a gateway does not sign', async () => {
  const { order, ask, clock, api, network } = createDesk()
  const stop = network.apply({ type: 'status', code: 503, retryAfter: 25 })
  const planned = order('a')
  await clock.advance(100)
  expect(planned.end).toBe('503')
  expect(planned.answer?.headers.get('Retry-After')).toBe('25')
  expect(planned.answer?.headers.get('Holdfast')).toBe('1')
  expect(planned.answer?.headers.get('Content-Type')).toBe('application/problem+json')
  stop()
  network.apply({ type: 'status', code: 502, from: 'gateway', body: 'Bad gateway' })
  const failed = ask()
  await clock.advance(100)
  expect(failed.end).toBe('502')
  expect(failed.answer?.headers.has('Holdfast')).toBe(false)
  expect(await failed.answer?.text()).toBe('Bad gateway')
  expect(api.ledger).toHaveLength(0)
})
