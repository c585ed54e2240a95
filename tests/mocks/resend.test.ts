/** What browsers do by themselves with a request that is cut on a kept connection, as measured in Chromium 156. */
import axios from 'axios'
import { http, HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import type { NetworkOptions } from '../../mocks/network.js'
import { BASE, createDesk } from './desk.js'

const BODY = '{"item":"rope","qty":1}'

/** A desk with a kept connection, and a handler without a key that counts how often it ran. */
async function createKeptDesk(options: NetworkOptions = {}) {
  const desk = createDesk(options)
  const { network, clock } = desk
  let runs = 0
  network.use(
    http.post(`${BASE}/write`, async ({ request }) => HttpResponse.json([++runs, await request.text()])),
  )
  desk.ask('/health')
  await clock.advance(100)
  const write = (init?: RequestInit) => desk.ask('/write', { method: 'POST', body: BODY, ...init })
  const lines = () =>
    network.log.slice(1).map(({ id, end, reached, ms }) => `${id} ${end}${reached ? ' reached' : ''} ${ms}`)
  return { ...desk, write, lines, runs: () => runs }
}

test('one cut: the page sees 200, the service has done it twice, and the log tells', async () => {
  const { network, clock, write, lines, runs } = await createKeptDesk()
  network.apply({ type: 'failTimes', n: 1, fault: { type: 'reset' } })
  const written = write()
  await clock.advance(1000)
  expect(written).toMatchObject({ end: '200', atMs: 180 })
  expect(await written.answer?.json()).toEqual([2, BODY])
  expect(runs()).toBe(2)
  expect(lines()).toEqual(['2 resent reached 40', '2 answered reached 80'])
  expect([network.pending, clock.pending()]).toEqual([0, 0])
})

test('each cut: it is sent on every idle connection, then on a new one, and a cut there is a network error', async () => {
  const { network, clock, ask, write, lines, runs } = await createKeptDesk()
  for (const path of ['/orders', '/orders', '/orders']) ask(path)
  await clock.advance(100)
  network.apply({ type: 'reset' })
  const written = write()
  await clock.advance(1000)
  expect([written.end, runs()]).toEqual(['TypeError', 4])
  expect(lines().slice(3)).toEqual([
    '5 resent reached 40',
    '5 resent reached 80',
    '5 resent reached 120',
    '5 reset reached 160',
  ])
})

test('on a new connection nothing is sent again', async () => {
  const { network, clock, order, api } = createDesk()
  network.apply({ type: 'failTimes', n: 1, fault: { type: 'reset' } })
  const ordered = order('a')
  await clock.advance(1000)
  expect([ordered.end, api.ledger[0]?.replays]).toEqual(['TypeError', 0])
  expect(network.log.map(({ end }) => end)).toEqual(['reset'])
})

test('a body that is a stream is not sent again', async () => {
  const { network, clock, write, lines } = await createKeptDesk()
  network.apply({ type: 'failTimes', n: 1, fault: { type: 'reset' } })
  const written = write({ body: new Blob([BODY]).stream(), duplex: 'half' } as RequestInit)
  await clock.advance(1000)
  expect(written.end).toBe('TypeError')
  expect(lines()).toEqual(['2 reset reached 40'])
})

test('once a head has come, nothing is sent again', async () => {
  const { network, clock, write, lines, runs } = await createKeptDesk()
  network.apply({ type: 'reset', afterBytes: 2 })
  const written = write()
  await clock.advance(1000)
  expect([written.end, runs()]).toEqual(['200', 1])
  await expect(written.answer?.text()).rejects.toThrow(new TypeError('Failed to fetch'))
  expect(lines()).toEqual(['2 reset reached 40'])
})

test('a kill cuts it, and it is sent again and refused; by the next process, if that is there by then', async () => {
  const desk = await createKeptDesk()
  const [refused] = [desk.write()]
  await desk.clock.advance(25)
  desk.network.restart.kill({ downMs: 1000 })
  await desk.clock.advance(500)
  expect([refused.end, desk.runs()]).toEqual(['TypeError', 1])
  expect(desk.lines()).toEqual(['2 resent reached 25', '2 refused 65'])

  const other = await createKeptDesk()
  const answered = other.write()
  await other.clock.advance(25)
  other.network.restart.kill({ downMs: 10 })
  await other.clock.advance(500)
  expect([answered.end, other.runs()]).toEqual(['200', 2])
  expect(answered.answer?.headers.get('Holdfast-Boot')).toBe('boot-2')
})

test('a kill in the middle of the work: the first run never ends, the second waits for its own time', async () => {
  const { network, clock, api, ask, order } = createDesk({}, { work: () => network.delay(100) })
  ask('/health')
  await clock.advance(100)
  const ordered = order('a')
  await clock.advance(50)
  network.restart.kill({ downMs: 5 })
  await clock.advance(1000)
  expect(ordered).toMatchObject({ end: '201', atMs: 150 + 140 })
  expect(api.ledger).toMatchObject([{ key: 'a', replays: 0 }])
  expect(clock.pending()).toBe(0)
})

test('a 408 on a kept connection is taken for its loss; the second one is an answer', async () => {
  const { network, clock, write, lines } = await createKeptDesk()
  network.apply({ type: 'status', code: 408 })
  const written = write()
  await clock.advance(1000)
  expect(written.end).toBe('408')
  expect(lines()).toEqual(['2 resent 40', '2 answered 80'])
})

test('axios hears of nothing; an abort in between ends it', async () => {
  const { network, clock, lines, runs } = await createKeptDesk()
  const api = axios.create({ baseURL: BASE, adapter: network.axiosAdapter })
  const stop = network.apply({ type: 'failTimes', n: 1, fault: { type: 'reset' } })
  const posted = api.post('/write', BODY)
  await clock.advance(1000)
  expect((await posted).data).toEqual([2, BODY])
  stop()
  network.apply({ type: 'reset' })
  const controller = new AbortController()
  const aborted = api.post('/write', BODY, { signal: controller.signal }).catch((error) => error.code)
  await clock.advance(50)
  controller.abort()
  await clock.advance(1000)
  expect([await aborted, runs()]).toEqual(['ERR_CANCELED', 3])
  expect(lines().slice(2)).toEqual(['3 resent reached 40', '3 aborted 50'])
  expect([network.pending, clock.pending()]).toEqual([0, 0])
})

test('a resend has luck of its own and no number: the next request has the next', async () => {
  const { network, clock, write, ask, lines } = await createKeptDesk()
  network.apply({ type: 'failTimes', n: 1, fault: { type: 'reset' } })
  write()
  await clock.advance(1000)
  ask()
  await clock.advance(1000)
  expect(lines().map((line) => line.split(' ')[0])).toEqual(['2', '2', '3'])
})

test('of six connections the one that was cut is free for whoever waits longest; what was cut waits its turn', async () => {
  const { network, clock, ask, write } = await createKeptDesk({ connectionsPerHost: 1 })
  network.apply({ type: 'failTimes', n: 1, fault: { type: 'reset' } })
  const written = write()
  const next = ask('/health')
  await clock.advance(1000)
  expect([next, written]).toMatchObject([
    { end: '204', atMs: 180 },
    { end: '200', atMs: 220 },
  ])
})

test('what is cut again on a kept connection that it waited for is sent a third time, on a new one', async () => {
  const { network, clock, ask, write, runs } = await createKeptDesk({ connectionsPerHost: 1 })
  network.apply({ type: 'reset', only: { method: 'POST' } })
  const written = write()
  const next = ask('/health')
  await clock.advance(1000)
  expect([next.end, written.end, runs()]).toEqual(['204', 'TypeError', 3])
})

test.each([
  ['a kept one, if there is another: in a black hole it waits as data does', 2, 210 + 420],
  ['else a new one: in a black hole its SYN waits 1.02 s', 1, 1020],
])('the next connection is %s', async (_, kept, waitsMs) => {
  const { network, clock, ask, write } = await createKeptDesk()
  for (let number = 0; number < kept; number++) ask('/orders')
  await clock.advance(100)
  network.apply({ type: 'failTimes', n: 1, fault: { type: 'reset' } })
  const written = write()
  await clock.advance(30)
  const stop = network.apply({ type: 'blackhole', only: { direction: 'up' } })
  await clock.advance(400)
  stop()
  await clock.advance(5000)
  expect(written).toMatchObject({ end: '200', atMs: 240 + waitsMs + 40 })
})
