import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { buildApp } from '../../../server/app.js'
import { openDatabase } from '../../../server/database.js'
import type { LoadLimits } from '../../../server/load/admission.js'
import { type LoadSource, systemLoad } from '../../../server/load/pressure.js'
import type { LogLine } from '../../../server/log.js'
import { openSocket } from '../../support/live-client.js'
import { handTime } from '../hand-time.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function api(limits: Partial<LoadLimits> = {}) {
  const load = { perCore: 0, lagMs: 0 }
  const source: LoadSource = { loadPerCore: () => load.perCore, lagP99Ms: () => load.lagMs, stop() {} }
  const lines: LogLine[] = []
  const time = handTime()
  const database = openDatabase(':memory:')
  const app = await buildApp({
    database,
    boot: 'b',
    origins: ['http://page.test'],
    log: (line) => lines.push(line),
    limits: { source, time, ...limits },
  })
  stops.push(database.close, () => app.close())
  return { app, load, lines, time }
}

describe('R33 shedding', () => {
  test.each([
    ['load per core', { perCore: 3.01, lagMs: 0 }, { perCore: 3, lagMs: 0 }],
    ['event loop lag', { perCore: 0, lagMs: 201 }, { perCore: 0, lagMs: 200 }],
  ])(
    'beyond the limit of the %s: 503 overloaded with Retry-After; at the limit not',
    async (of, above, at) => {
      const { app, load } = await api()
      Object.assign(load, above)
      const refused = await app.inject({ url: '/orders', headers: { origin: 'http://page.test' } })
      expect([refused.statusCode, refused.headers['retry-after'], refused.json().type]).toEqual([
        503,
        '1',
        'overloaded',
      ])
      expect(refused.json().detail).toContain(of)
      expect(refused.headers['access-control-allow-origin']).toBe('http://page.test')
      Object.assign(load, at)
      expect((await app.inject('/orders')).statusCode).toBe(200)
    },
  )

  test('health is never shed, nor is a preflight', async () => {
    const { app, load } = await api()
    load.perCore = 99
    expect((await app.inject('/health')).statusCode).toBe(204)
    const preflight = await app.inject({
      method: 'OPTIONS',
      url: '/orders',
      headers: { origin: 'http://page.test', 'access-control-request-method': 'POST' },
    })
    expect(preflight.statusCode).toBe(204)
  })

  test('P6 a socket is let in to hear its ticket, which a page would not see of a 503', async () => {
    const { app, load, lines } = await api()
    load.perCore = 99
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as { port: number }
    const dial = (origin: string) => openSocket(`http://127.0.0.1:${port}`, { origin })
    const { closed, frames } = await dial('http://page.test')
    expect(await closed).toMatchObject({ code: 1013, reason: '{"retryAfterMs":1000}', wasClean: true })
    expect(frames).toEqual([])
    expect(lines).toMatchObject([{ step: 'shedding' }])
    expect((await dial('http://strange.test')).trace[0]).toMatchObject({ what: 'status', status: 403 })
  })

  test('P6 Retry-After is a ticket: place over capacity, and the row moves on', async () => {
    const { app, load, time } = await api({ returnCapacity: 2 })
    load.lagMs = 500
    const told = async () => Number((await app.inject('/orders')).headers['retry-after'])
    expect([await told(), await told(), await told(), await told(), await told()]).toEqual([1, 1, 1, 1, 2])
    time.advance(2_000)
    expect([await told(), await told()]).toEqual([1, 1])
  })

  test('the log has one line when it begins and one when it ends', async () => {
    const { app, load, lines } = await api()
    load.perCore = 4
    await app.inject('/orders')
    await app.inject('/orders')
    load.perCore = 1
    await app.inject('/orders')
    await app.inject('/orders')
    expect(lines).toEqual([
      { step: 'shedding', of: 'load per core', value: 4, most: 3 },
      { step: 'no more shedding' },
    ])
  })
})

describe('R33 the rate', () => {
  test('above it requests wait; beyond the queue they are told their place in it; health passes', async () => {
    const { app, time } = await api({ requestsPerSecond: 2, mostWaiting: 4 })
    expect((await app.inject('/orders')).statusCode).toBe(200)
    const waiting = Array.from({ length: 4 }, () => app.inject('/orders'))
    await new Promise(setImmediate)
    const refused = await app.inject('/orders')
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '2'])
    expect(refused.json()).toMatchObject({
      type: 'overloaded',
      detail: expect.stringContaining('4 requests wait'),
    })
    expect((await app.inject('/health')).statusCode).toBe(204)
    time.advance(2_000)
    expect((await Promise.all(waiting)).map((answer) => answer.statusCode)).toEqual([200, 200, 200, 200])
  })

  test('R10 whoever waits waits within the deadline: 504, and nothing was begun', async () => {
    const { app } = await api({ requestsPerSecond: 1 })
    await app.inject('/orders')
    const late = await app.inject({
      method: 'POST',
      url: '/orders',
      payload: { item: 'tea', qty: 1 },
      headers: { 'x-request-deadline-ms': '5' },
    })
    expect([late.statusCode, late.json().type]).toEqual([504, 'deadline'])
  })
})

test('R33 the real source notices a loop that stood still, forgets it after the next window, and stops', async () => {
  const time = handTime()
  const source = systemLoad(time)
  stops.push(source.stop)
  expect(source.loadPerCore()).toBeGreaterThanOrEqual(0)
  expect(source.lagP99Ms()).toBe(0)
  // The histogram is the machine's own: its timer must have run before and after.
  await wait(30)
  const until = performance.now() + 80
  while (performance.now() < until);
  await wait(30)
  time.advance(2_000)
  expect(source.lagP99Ms()).toBeGreaterThan(50)
  time.advance(2_000)
  expect(source.lagP99Ms()).toBe(0)
  source.stop()
  expect(time.pending).toBe(0)
})
