import { expect, test } from 'vitest'
import { createDesk } from './desk.js'

test('R07 a graceful restart drains, is gone, warms up, and comes back as another process', async () => {
  const { ask, clock, network } = createDesk()
  network.restart.graceful({ drainMs: 3000, downMs: 5000, warmMs: 2000 })
  const health = ask('/health')
  const served = ask()
  await clock.advance(100)
  expect(health.end).toBe('503')
  expect(health.answer?.headers.get('Retry-After')).toBe('7')
  expect(health.answer?.headers.get('Holdfast')).toBe('1')
  expect(health.answer?.headers.get('Holdfast-Boot')).toBe('boot-1')
  expect(served.end).toBe('200')

  await clock.advance(2900)
  const gone = ask('/health')
  await clock.advance(4999)
  expect(gone).toMatchObject({ end: 'TypeError', atMs: 3040 })
  expect(network.boot).toBe('boot-1')

  await clock.advance(1)
  const cold = ask('/health')
  await clock.advance(1000)
  expect(cold).toMatchObject({ end: '204', atMs: 8340 })
  expect(cold.answer?.headers.get('Holdfast-Boot')).toBe('boot-2')
  await clock.advance(1000)
  const warm = ask('/health')
  await clock.advance(40)
  expect(warm.end).toBe('204')
})

test('R08 what is in flight when a drain begins is finished; what is not done at its end is reset', async () => {
  const { order, clock, api, network } = createDesk({}, { work: () => network.delay(500) })
  const soon = order('soon')
  await clock.advance(100)
  network.restart.graceful({ drainMs: 1000, downMs: 1000 })
  await clock.advance(800)
  expect(soon.end).toBe('201')
  const late = order('late')
  await clock.advance(2000)
  expect(late.end).toBe('TypeError')
  expect(api.ledger.map(({ key }) => key)).toEqual(['soon'])
})

test('a hint of the caller replaces the estimate', async () => {
  const { ask, clock, network } = createDesk()
  network.restart.graceful({ drainMs: 3000, downMs: 5000, retryAfter: 60 })
  const health = ask('/health')
  await clock.advance(40)
  expect(health.answer?.headers.get('Retry-After')).toBe('60')
})

test('a kill loses the answer of a write that was committed, and its key finds it again', async () => {
  const { order, clock, api, network } = createDesk()
  const first = order('a')
  await clock.advance(20)
  expect(api.ledger).toHaveLength(1)
  network.restart.kill({ downMs: 2000 })
  await clock.advance(0)
  expect(first).toMatchObject({ end: 'TypeError', atMs: 20 })
  expect(network.log[0]).toMatchObject({ end: 'reset', fault: 'restart', reached: true })

  await clock.advance(2000)
  const again = order('a')
  await clock.advance(40)
  expect(again.end).toBe('201')
  expect(again.answer?.headers.get('Idempotent-Replayed')).toBe('true')
  expect(again.answer?.headers.get('Holdfast-Boot')).toBe('boot-2')
  expect(api.ledger).toHaveLength(1)
})

test('a kill takes the work that is not committed with it, and refuses what arrives after it', async () => {
  const { order, clock, api, network } = createDesk({}, { work: () => network.delay(500) })
  const atWork = order('at work')
  await clock.advance(100)
  const onTheWay = order('on the way')
  network.restart.kill({ downMs: 1000 })
  await clock.advance(5000)
  expect(atWork.end).toBe('TypeError')
  expect(onTheWay).toMatchObject({ end: 'TypeError', atMs: 140 })
  expect(network.log.map(({ end, reached }) => [end, reached])).toEqual([
    ['reset', false],
    ['refused', false],
  ])
  expect(api.ledger).toHaveLength(0)
})

test('other hosts do not notice a restart', async () => {
  const { ask, clock, network } = createDesk()
  const { http, HttpResponse } = await import('msw')
  network.use(http.get('https://other.example/ping', () => HttpResponse.text('pong')))
  network.restart.kill({ downMs: 1000 })
  const asked = ask('https://other.example/ping')
  await clock.advance(40)
  expect(asked.end).toBe('200')
  expect(asked.answer?.headers.has('Holdfast')).toBe(false)
})

test('stopping a restart has the service up at once; an earlier stop does not touch a later restart', async () => {
  const { ask, clock, network } = createDesk()
  const stopFirst = network.restart.kill({ downMs: 60_000 })
  stopFirst()
  expect(network.boot).toBe('boot-2')
  const up = ask()
  await clock.advance(40)
  expect(up.end).toBe('200')
  network.restart.kill({ downMs: 60_000 })
  stopFirst()
  const down = ask()
  await clock.advance(40)
  expect(down.end).toBe('TypeError')
})

test('bad numbers are refused by name', () => {
  const { network } = createDesk()
  expect(() => network.restart.kill({ downMs: -1 })).toThrow('restart.kill.downMs is -1')
  expect(() => network.restart.graceful({ drainMs: Number.NaN, downMs: 1 })).toThrow('drainMs is NaN')
  expect(() => network.restart.graceful({ drainMs: 1, downMs: 1, down: 2 } as never)).toThrow('graceful.down')
})

test('while it drains a connection is not kept: the next request dials', async () => {
  const { ask, clock, network } = createDesk()
  network.restart.graceful({ drainMs: 10_000, downMs: 1000 })
  ask()
  await clock.advance(100)
  const hole = network.apply({ type: 'blackhole' })
  const dialling = ask()
  await clock.advance(100)
  hole()
  await clock.advance(3000)
  expect(dialling.atMs).toBe(100 + 1020 + 40)
})
