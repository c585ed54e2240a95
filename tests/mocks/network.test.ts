import { http, HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'
import { BASE, createDesk, HOST } from './desk.js'

test('dispose rejects what is on its way, parked in a hole or at work, and all that comes later', async () => {
  const { ask, order, clock, api, network } = createDesk({}, { work: () => network.delay(60_000) })
  const atWork = order('a')
  await clock.advance(100)
  network.apply({ type: 'blackhole' })
  const parked = ask()
  await clock.advance(100)
  const onItsWay = ask()
  network.dispose()
  const later = ask()
  await clock.settle()
  expect([atWork, parked, onItsWay, later].map(({ end }) => end)).toEqual(Array(4).fill('TypeError'))
  expect(network.log.map(({ end }) => end)).toEqual(Array(4).fill('disposed'))
  expect(network.pending).toBe(0)
  expect(clock.pending()).toBe(0)
  expect(api.ledger).toHaveLength(0)
})

test('after dispose no timer of a scenario or a restart is left, and the device has no listener', async () => {
  const { clock, network } = createDesk()
  const events: string[] = []
  network.signals((event) => events.push(event.type), { clock })
  network.restart.graceful({ drainMs: 1000, downMs: 1000, warmMs: 1000 })
  network.run({ name: 'a', sentence: 'b', steps: [{ atMs: 5000, do: { type: 'offline' }, forMs: 1000 }] })
  network.dispose()
  expect(clock.pending()).toBe(0)
  network.device.hide()
  expect(events).toEqual([])
})

test('two networks on one page know nothing of each other', async () => {
  const clock = manualClock()
  const hello = http.get(`${BASE}/hello`, () => HttpResponse.text('hello'))
  const one = createNetwork({ clock, handlers: [hello] })
  const other = createNetwork({ clock, handlers: [hello] })
  one.apply({ type: 'refuse' })
  const asked = [one.fetch(`${BASE}/hello`).catch(() => 'refused'), other.fetch(`${BASE}/hello`)]
  await clock.advance(100)
  expect(await asked[0]).toBe('refused')
  expect(await ((await asked[1]) as Response).text()).toBe('hello')
  expect(one.log).toHaveLength(1)
  expect(other.log).toHaveLength(1)
})

test("an application's handlers stay as they are: params, bodies, cookies, errors and refusals", async () => {
  const { ask, clock, network } = createDesk()
  network.use(
    http.get<{ id: string }>(`${BASE}/items/:id`, ({ params }) => HttpResponse.json({ id: params.id })),
    http.put(`${BASE}/items/1`, async ({ request }) =>
      HttpResponse.json(await request.json(), { status: 202 }),
    ),
    http.get(`${BASE}/error`, () => HttpResponse.error()),
    http.get(`${BASE}/thrown`, () => {
      throw new Error('a bug')
    }),
    http.get(`${BASE}/empty`, () => new HttpResponse(null, { status: 204 })),
    http.get(`${BASE}/moved`, () => HttpResponse.redirect(`${BASE}/items/1`)),
  )
  const item = ask('/items/7')
  const put = ask('/items/1', { method: 'PUT', body: '{"a":1}' })
  const ends = ['/error', '/thrown', '/empty', '/nowhere', '/moved'].map((path) => ask(path))
  await clock.advance(100)
  expect(await item.answer?.json()).toEqual({ id: '7' })
  expect(put.end).toBe('202')
  expect(await put.answer?.clone().json()).toEqual({ a: 1 })
  expect(ends.map(({ end }) => end)).toEqual(['TypeError', '500', '204', '404', 'TypeError'])
})

test('a handler put before the others is used until it is taken back', async () => {
  const { ask, clock, network } = createDesk()
  const stop = network.use(http.get(`${BASE}/orders`, () => HttpResponse.text('mine')))
  const mine = ask()
  await clock.advance(40)
  stop()
  const theirs = ask()
  await clock.advance(40)
  expect(await mine.answer?.text()).toBe('mine')
  expect(await theirs.answer?.json()).toEqual({ orders: [] })
})

test('a host that is not the service and has no handler is not reached', async () => {
  const { ask, clock, network } = createDesk()
  const asked = ask('https://elsewhere.example/')
  await clock.advance(100)
  expect(asked.end).toBe('TypeError')
  expect(network.log[0]?.end).toBe('unknown-host')
})

test('a handler that waits lets time pass, and its request is not forgotten', async () => {
  const { order, clock, network } = createDesk({}, { work: () => network.delay(500) })
  const slow = order('a')
  const rival = order('a')
  const other = order('a', { item: 'other', qty: 1 })
  await clock.advance(40)
  expect([slow.end, rival.end, other.end]).toEqual(['pending', '409', '422'])
  expect(rival.answer?.headers.get('Retry-After')).toBe('1')
  await clock.advance(500)
  expect(slow).toMatchObject({ end: '201', atMs: 540 })
})

test('a handler that hangs for real fails the walk, and the error names its request', async () => {
  const clock = manualClock({ settleWithinMs: 30 })
  const handlers = [http.get(`${BASE}/hang`, () => new Promise<never>(() => {}))]
  const network = createNetwork({ clock, handlers })
  const lost = network.fetch(`${BASE}/hang`).catch(() => 'disposed')
  await expect(clock.advance(100)).rejects.toThrow(`request 1, GET ${BASE}/hang`)
  network.dispose()
  expect(await lost).toBe('disposed')
})

test('an abort ends a request in the same breath, with the reason of its caller, and is logged at once', async () => {
  const { clock, network } = createDesk()
  const controller = new AbortController()
  const lost = network.fetch(`${BASE}/orders`, { signal: controller.signal })
  await clock.advance(10)
  controller.abort(new Error('changed my mind'))
  expect(network.log).toMatchObject([{ id: 1, end: 'aborted', ms: 10, who: 'fetch' }])
  await expect(lost).rejects.toThrow('changed my mind')
  await expect(network.fetch(BASE, { signal: controller.signal })).rejects.toThrow('changed my mind')
  await clock.advance(10)
  expect(clock.pending()).toBe(0)
})

test('a write that is aborted after it arrived is committed all the same', async () => {
  const { clock, api, network } = createDesk()
  const controller = new AbortController()
  const body = '{"item":"rope","qty":1}'
  const lost = network.fetch(`${BASE}/orders`, { method: 'POST', body, signal: controller.signal })
  await clock.advance(20)
  controller.abort()
  await expect(lost).rejects.toThrow()
  expect(api.ledger).toHaveLength(1)
  expect(network.log[0]).toMatchObject({ end: 'aborted', reached: true })
})

test('requests get their number when they leave, and the log is in order of delivery', async () => {
  const { ask, order, clock, network } = createDesk()
  const lines: number[] = []
  const stop = network.onLog(({ id }) => lines.push(id))
  ask()
  order('a')
  ask('/health')
  await clock.advance(40)
  stop()
  ask()
  await clock.advance(40)
  expect(lines).toEqual([1, 2, 3])
  expect(network.calls()).toHaveLength(4)
  expect(network.calls({ method: 'post' })).toMatchObject([{ id: 2, status: 201 }])
  expect(network.calls({ path: '/he*', status: 204 })).toHaveLength(1)
  expect(network.calls({ host: HOST, end: 'refused' })).toHaveLength(0)
  expect(network.logHash()).toMatch(/^[0-9a-f]{16}$/)
})

test('signals say what the device says: at once what is out of the ordinary, then each change', async () => {
  const { clock, network } = createDesk()
  const events: string[] = []
  const online = network.apply({ type: 'offline' })
  network.device.hide()
  const stop = network.signals((event) => events.push(event.type), { clock })
  online()
  network.device.show()
  network.device.freeze()
  network.device.wake()
  stop()
  network.apply({ type: 'offline' })
  expect(events).toEqual(['NAV_OFFLINE', 'HIDDEN', 'NAV_ONLINE', 'VISIBLE', 'HIDDEN', 'WAKE', 'VISIBLE'])
})

test('it lives in real time on the system clock', async () => {
  const network = createNetwork({ latencyMs: 1, hosts: [HOST] })
  const answer = await network.fetch(`${BASE}/health`)
  expect(answer.status).toBe(204)
  await expect(network.advance(1)).rejects.toThrow('real time')
  network.dispose()
})

const bad: [object, string][] = [
  [{ latencyMs: -1 }, 'latencyMs'],
  [{ latencyMs: 0.5 }, 'latencyMs'],
  [{ connectionsPerHost: 0 }, 'connectionsPerHost is 0; allowed: a whole number from 1, or Infinity'],
  [{ connectionsPerHost: 2.5 }, 'connectionsPerHost'],
  [{ dials: 'own' }, 'dials is "own"; allowed: bound, shared'],
  [{ connectionsPerHost: '6' }, 'connectionsPerHost is "6"'],
  [{ seed: Number.NaN }, 'seed'],
  [{ hosts: 'api.example' }, 'hosts'],
  [{ hosts: ['https://api.example'] }, 'hosts'],
  [{ health: 'health' }, 'health'],
  [{ origin: 'nowhere' }, 'origin'],
  [{ handler: [] }, 'createNetwork.handler'],
]
test.each(bad)('the option %j is refused by name', (options, named) => {
  expect(() => createNetwork(options)).toThrow(named)
})
