import axios from 'axios'
import { http, HttpResponse, ws } from 'msw'
import { expect, test } from 'vitest'
import { BASE, createDesk, type Asked } from './desk.js'
import { listen, ticker } from './listener.js'

/** A desk whose orders take 1 s, and how many of them are at work. */
function createSlowDesk(connectionsPerHost?: number) {
  const atWork = { now: 0, most: 0, paths: [] as string[] }
  const desk = createDesk(connectionsPerHost === undefined ? {} : { connectionsPerHost })
  const slow = http.get(`${BASE}/slow/:n`, async ({ params }) => {
    atWork.paths.push(String(params['n']))
    atWork.most = Math.max(atWork.most, ++atWork.now)
    await desk.network.delay(1000)
    atWork.now--
    return HttpResponse.text('done')
  })
  desk.network.use(slow)
  return { ...desk, atWork }
}

test('six at a time to a host; the others wait in the browser, first come, first served, on what frees', async () => {
  const { ask, clock, atWork, network } = createSlowDesk()
  const asked = Array.from({ length: 14 }, (_, n) => ask(`/slow/${n}`))
  await clock.advance(10_000)
  expect(atWork.most).toBe(6)
  expect(asked.map(({ atMs }) => atMs)).toEqual([
    ...Array(6).fill(1040),
    ...Array(6).fill(2080),
    ...Array(2).fill(3120),
  ])
  expect(atWork.paths).toEqual(Array.from({ length: 14 }, (_, n) => String(n)))
  expect(network.log.map(({ ms }) => ms)).toEqual(asked.map(({ atMs }) => atMs))
})

test('what takes over a connection that freed is on a kept one: in a hole it is sent again as data is', async () => {
  const { ask, clock, network } = createSlowDesk(1)
  ask('/slow/1')
  const next = ask('/slow/2')
  await clock.advance(1040)
  const stop = network.apply({ type: 'blackhole' })
  await clock.advance(200)
  stop()
  await clock.advance(5000)
  expect(next.atMs).toBe(1040 + 210 + 1000 + 40)
})

test('as many at a time as the option says, with Infinity all; another host has its own', async () => {
  const three = createSlowDesk(3)
  for (let n = 0; n < 7; n++) three.ask(`/slow/${n}`)
  const other = three.ask('https://other.example/')
  await three.clock.advance(40)
  expect(three.atWork.now).toBe(3)
  expect(other.end).toBe('TypeError')
  const all = createSlowDesk(Infinity)
  for (let n = 0; n < 50; n++) all.ask(`/slow/${n}`)
  await all.clock.advance(40)
  expect(all.atWork.now).toBe(50)
})

test('fetch, axios and the probe stand in one row; an open stream of events holds a connection, a WebSocket none', async () => {
  const desk = createSlowDesk()
  const { network, clock, ask, atWork } = desk
  network.use(
    ticker(desk, 100, 1000),
    ws.link('wss://api.example/live').addEventListener('connection', () => {}),
  )
  const api = axios.create({ adapter: network.axiosAdapter, baseURL: BASE })
  const heard = listen(desk, '/sse')
  for (let n = 0; n < 3; n++) ask(`/slow/${n}`)
  for (let n = 3; n < 6; n++) void api.get(`/slow/${n}`).catch(() => 'disposed')
  const health = ask('/health')
  const socket = new network.WebSocket('wss://api.example/live')
  await clock.advance(100)
  expect(atWork.paths).toEqual(['0', '1', '2', '3', '4'])
  expect([health.end, socket.readyState, heard.status]).toEqual(['pending', WebSocket.OPEN, 200])
  await clock.advance(1000)
  expect(health).toMatchObject({ end: '204', atMs: 1080 })
  expect(atWork.paths).toEqual(['0', '1', '2', '3', '4', '5'])
  network.dispose()
})

test('an abort takes what waits out of the row, at once and without a trace of it at the service', async () => {
  const { clock, network, atWork, ask } = createSlowDesk(1)
  const controller = new AbortController()
  ask('/slow/1')
  const waiting = network.fetch(`${BASE}/slow/2`, { signal: controller.signal }).catch(() => 'aborted')
  ask('/slow/3')
  await clock.advance(500)
  controller.abort()
  expect(network.log).toMatchObject([{ id: 2, end: 'aborted', reached: false, ms: 500 }])
  await clock.advance(10_000)
  expect(await waiting).toBe('aborted')
  expect(atWork.paths).toEqual(['1', '3'])
  expect(network.log.map(({ id, end }) => `${id} ${end}`)).toEqual(['2 aborted', '1 answered', '3 answered'])
})

test('an abort of what is at work, a cut and a refusal free a connection, too: the next one dials', async () => {
  const { clock, network, ask } = createSlowDesk(1)
  const controller = new AbortController()
  const lost = network.fetch(`${BASE}/slow/1`, { signal: controller.signal }).catch(() => 'aborted')
  const cut = ask('/slow/2')
  const refused = ask('/slow/3')
  const last = ask('/slow/4')
  await clock.advance(100)
  controller.abort()
  await clock.advance(100)
  network.restart.kill({ downMs: 30 })
  await clock.advance(10_000)
  expect(await lost).toBe('aborted')
  expect(cut).toMatchObject({ end: 'TypeError', atMs: 200 })
  expect(refused).toMatchObject({ end: 'TypeError', atMs: 240 })
  expect(last).toMatchObject({ end: '200', atMs: 1280 })
})

test('going offline and being disposed end what waits in the row, and nothing is left', async () => {
  const { clock, network, ask, atWork } = createSlowDesk(1)
  const first = [ask('/slow/1'), ask('/slow/2')]
  await clock.advance(100)
  network.apply({ type: 'offline' })()
  await clock.advance(0)
  expect(first.map(({ end }) => end)).toEqual(['pending', 'TypeError'])
  await clock.advance(2000)
  expect(first[0]?.end).toBe('200')
  const second = [ask('/slow/3'), ask('/slow/4')]
  await clock.advance(10)
  network.dispose()
  await clock.advance(10_000)
  expect(second.map(({ end }) => end)).toEqual(['TypeError', 'TypeError'])
  expect(atWork.paths).toEqual(['1'])
  expect(network.pending).toBe(0)
  expect(clock.pending()).toBe(0)
})

/** When each was answered that is asked in a black hole from 1 to 6 s: ten, the first of them on a kept connection. */
async function answeredAfterHole(dials: 'bound' | 'shared') {
  const { ask, clock, network } = createDesk({ latencyMs: 6, dials })
  const startAt = clock.now()
  const at = (ms: number) => clock.advanceTo(startAt + ms)
  await at(500)
  ask()
  await at(1000)
  const stop = network.apply({ type: 'blackhole' })
  const asked: Asked[] = []
  for (const ms of [1500, 2000, 2500, 3000, 3500, 4000, 4500, 4640, 5000, 5500]) {
    await at(ms)
    asked.push(ask(ms === 4640 ? '/health' : '/orders'))
  }
  await at(6000)
  stop()
  await clock.advance(10_000)
  expect(clock.pending()).toBe(0)
  return asked.map(({ atMs }) => atMs)
}

test('after a hole each is answered at the next try of its own SYN, and those in the row on what frees first', async () => {
  const [kept, ...others] = await answeredAfterHole('bound')
  expect(kept).toBe(1500 + 6510 + 6)
  // 2.0, 2.5, 3.0, 3.5 and 4.0 have dialled; 4.5, 4.64, 5.0 and 5.5 follow on what is answered first.
  expect(others.slice(0, 5)).toEqual([6086, 6586, 6066, 6566, 6046])
  expect(others.slice(5)).toEqual([6052, 6058, 6064, 6070])
})

// Measured in Chromium with that hole: on one connection, the first that got through, came 2 (6066), 3 (6070) and
// 4 (6093), and 5 to 10 until 6179; the SYNs of 3 and 6 got through at 6578 and 6607 with nothing on them.
test('with shared dials the first connection that gets through carries all who wait, in the order in which they came', async () => {
  const [kept, ...others] = await answeredAfterHole('shared')
  expect(kept).toBe(1500 + 6510 + 6)
  expect(others[0]).toBe(4000 + 2040 + 3 + 6)
  expect(others).toEqual([...others].sort((one, other) => one - other))
  expect(Math.max(...others)).toBeLessThan(6180)
})

test('a bound dial ends with its request, and frees its place', async () => {
  const { clock, network, ask } = createDesk({ connectionsPerHost: 1 })
  const controller = new AbortController()
  const lost = network.fetch(`${BASE}/orders`, { signal: controller.signal }).catch(() => 'aborted')
  await clock.advance(10)
  controller.abort()
  expect(await lost).toBe('aborted')
  expect(clock.pending()).toBe(0)
  const next = ask()
  await clock.advance(1000)
  expect(next.atMs).toBe(10 + 40)
})

/** A dial that its request has left. */
async function createDeserted() {
  const desk = createDesk({ connectionsPerHost: 1, dials: 'shared' })
  const controller = new AbortController()
  const lost = desk.network.fetch(`${BASE}/orders`, { signal: controller.signal }).catch(() => 'aborted')
  await desk.clock.advance(10)
  controller.abort()
  expect(await lost).toBe('aborted')
  return desk
}

test('a dial that its request has left ends as an idle connection, on which the next request is sent', async () => {
  const { clock, network, ask } = await createDeserted()
  await clock.advance(10)
  const stop = network.apply({ type: 'blackhole' })
  const next = ask()
  await clock.advance(100)
  stop()
  await clock.advance(1000)
  expect(next.atMs).toBe(20 + 210 + 40)
})

test('offline, dispose and a refusal end a dial that its request has left', async () => {
  const [offline, disposed, refused] = [
    await createDeserted(),
    await createDeserted(),
    await createDeserted(),
  ]
  offline.network.apply({ type: 'offline' })
  await offline.clock.advance(0)
  expect(offline.clock.pending()).toBe(0)
  disposed.network.dispose()
  expect(disposed.clock.pending()).toBe(0)
  refused.network.restart.kill({ downMs: 100 })
  await refused.clock.advance(200)
  refused.network.apply({ type: 'blackhole' })
  const next = refused.ask()
  await refused.clock.advance(100)
  refused.network.calm()
  await refused.clock.advance(3000)
  expect(next.atMs).toBe(210 + 1020 + 40)
})

test('the SYN of an aborted request holds its place, and its connection is there for the next one', async () => {
  const { clock, network, ask } = createDesk({ connectionsPerHost: 1, dials: 'shared' })
  const stop = network.apply({ type: 'blackhole' })
  const controller = new AbortController()
  const lost = network.fetch(`${BASE}/orders`, { signal: controller.signal }).catch(() => 'aborted')
  await clock.advance(500)
  controller.abort()
  expect(await lost).toBe('aborted')
  const next = ask()
  await clock.advance(400)
  stop()
  await clock.advance(10_000)
  expect(next.atMs).toBe(1020 + 20 + 40)
  expect(network.calls({ end: 'arrived' })).toEqual([])
})
