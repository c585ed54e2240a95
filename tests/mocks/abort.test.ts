import axios from 'axios'
import { http, HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import { data, orphan } from '../../mocks/retransmission.js'
import { BASE, createDesk } from './desk.js'
import { listen, ticking } from './listener.js'

/** A desk that has a kept connection, and an order that can be aborted. */
async function createKeptDesk(work?: () => Promise<void>) {
  const desk = createDesk({}, { work: () => work?.() ?? Promise.resolve() })
  desk.ask('/health')
  await desk.clock.advance(100)
  const startOrder = (key = 'a') => {
    const controller = new AbortController()
    const init = { method: 'POST', body: '{"item":"rope","qty":1}', signal: controller.signal }
    const headers = { 'Idempotency-Key': `"${key}"` }
    const ended = desk.network.fetch(`${BASE}/orders`, { ...init, headers }).then(
      () => 'answered',
      () => 'aborted',
    )
    return { ended, abort: () => controller.abort() }
  }
  const lines = () =>
    desk.network.log.slice(1).map(({ at, id, end, reached }) => {
      return `${at - desk.network.log[0]!.at + 40} ${id} ${end}${reached ? ' reached' : ''}`
    })
  return { ...desk, startOrder, lines }
}

test('an abort does not call back what a kept connection carries: it arrives, is committed, and has a line of its own', async () => {
  const { clock, api, network, startOrder, lines } = await createKeptDesk()
  const { ended, abort } = startOrder()
  await clock.advance(10)
  abort()
  expect(lines()).toEqual(['110 2 aborted'])
  expect(await ended).toBe('aborted')
  expect(network.pending).toBe(0)
  await clock.advance(9)
  expect(api.ledger).toHaveLength(0)
  await clock.advance(1)
  expect(api.ledger).toHaveLength(1)
  expect(lines()).toEqual(['110 2 aborted', '120 2 arrived reached'])
  expect(network.log.at(-1)).toMatchObject({ status: null, bytes: 0, ms: 20, method: 'POST' })
  expect(clock.pending()).toBe(0)
  const again = startOrder()
  await clock.advance(40)
  expect(await again.ended).toBe('answered')
  expect(api.ledger).toMatchObject([{ key: 'a', replays: 1 }])
})

test('so does a timeout of axios', async () => {
  const { clock, api, network, lines } = await createKeptDesk()
  network.apply({ type: 'latency', ms: 1000 })
  const shop = axios.create({ baseURL: BASE, adapter: network.axiosAdapter })
  const ended = shop.post('/orders', { item: 'rope', qty: 1 }, { timeout: 100 }).catch((error) => error.code)
  await clock.advance(2000)
  expect(await ended).toBe('ECONNABORTED')
  expect(api.ledger).toHaveLength(1)
  expect(lines()).toEqual(['200 2 timeout', '620 2 arrived reached'])
})

test('in a black hole it is sent again, and arrives after it', async () => {
  const { clock, api, network, startOrder, lines } = await createKeptDesk()
  const stop = network.apply({ type: 'blackhole' })
  const { abort } = startOrder()
  await clock.advance(2000)
  abort()
  await clock.advance(500)
  stop()
  expect(api.ledger).toHaveLength(0)
  await clock.advance(10_000)
  expect(api.ledger).toHaveLength(1)
  expect(lines()).toEqual(['2100 2 aborted', `${100 + 3150 + 20} 2 arrived reached`])
  expect(network.log.at(-1)?.fault).toBe('blackhole')
})

// Measured (retransmission.ts): the last try after 53.0 s, the socket gone after 106.7 s.
test.each([
  { holeMs: 53_000, arrives: true },
  { holeMs: 54_000, arrives: false },
])(
  'a kernel sends what was left eight times again: after $holeMs ms it arrives: $arrives',
  async ({ holeMs, arrives }) => {
    const { clock, api, network, startOrder } = await createKeptDesk()
    const stop = network.apply({ type: 'blackhole' })
    const { abort } = startOrder()
    await clock.advance(1000)
    abort()
    await clock.advance(holeMs - 1000)
    stop()
    await clock.advance(200_000)
    expect(api.ledger).toHaveLength(arrives ? 1 : 0)
    expect(clock.pending()).toBe(0)
    expect(orphan.sentMs).toEqual(data.sentMs.slice(0, 9))
    expect(orphan.gaveUpMs).toBe(107_310)
  },
)

test('left after its last try, it is not sent again', async () => {
  const { clock, api, network, startOrder } = await createKeptDesk()
  const stop = network.apply({ type: 'blackhole' })
  const { abort } = startOrder()
  await clock.advance(80_000)
  stop()
  abort()
  await clock.advance(200_000)
  expect(api.ledger).toHaveLength(0)
  expect(clock.pending()).toBe(0)
})

test('nothing arrives of a new connection whose SYN has not got through', async () => {
  const { clock, api, network, order } = createDesk()
  const stop = network.apply({ type: 'blackhole' })
  const controller = new AbortController()
  const lost = network.fetch(`${BASE}/orders`, {
    method: 'POST',
    body: '{"item":"rope","qty":1}',
    signal: controller.signal,
  })
  await clock.advance(500)
  controller.abort()
  await expect(lost).rejects.toThrow()
  stop()
  await clock.advance(100_000)
  expect(api.ledger).toHaveLength(0)
  expect(network.log).toMatchObject([{ end: 'aborted', reached: false }])
  expect(order('b').end).toBe('pending')
})

test('what is aborted in the breath in which it was made never leaves the browser', async () => {
  const { clock, api, lines, startOrder } = await createKeptDesk()
  const orders = [startOrder('a'), startOrder('b')]
  for (const { abort } of orders) abort()
  await clock.settle()
  expect(clock.pending()).toBe(0)
  await clock.advance(1000)
  expect(lines()).toEqual(['100 2 aborted', '100 3 aborted'])
  expect(api.ledger).toHaveLength(0)
})

test('a handler that is at work when its caller leaves runs to its end', async () => {
  const desk = await createKeptDesk(() => desk.network.delay(500))
  const { abort } = desk.startOrder()
  await desk.clock.advance(100)
  abort()
  await desk.clock.advance(1000)
  expect(desk.api.ledger).toHaveLength(1)
  expect(desk.lines()).toEqual(['200 2 aborted', '620 2 arrived reached'])
})

test('a process that is killed meanwhile commits nothing, and the next one does not know the connection', async () => {
  const desk = await createKeptDesk(() => desk.network.delay(500))
  const { network, clock, api, startOrder, ask, lines } = desk
  const atWork = startOrder('a')
  await clock.advance(100)
  atWork.abort()
  network.restart.kill({ downMs: 50 })
  await clock.advance(1000)
  ask('/health')
  await clock.advance(100)
  const stop = network.apply({ type: 'blackhole' })
  const left = startOrder('b')
  await clock.advance(10)
  const waits = ask('/health')
  await clock.advance(90)
  left.abort()
  network.restart.kill({ downMs: 50 })
  await clock.advance(1000)
  stop()
  await clock.advance(10_000)
  expect(api.ledger).toHaveLength(0)
  expect(lines().filter((line) => line.includes('arrived'))).toEqual([])
  expect(waits.end).toBe('204')
})

test('a request that waits on a kept connection for a hole to end is reset by a process that has begun since, and sent again', async () => {
  const { network, clock, api, startOrder } = await createKeptDesk()
  const stop = network.apply({ type: 'blackhole' })
  const { ended } = startOrder()
  await clock.advance(100)
  network.restart.kill({ downMs: 50 })
  await clock.advance(900)
  stop()
  await clock.advance(10_000)
  expect(await ended).toBe('answered')
  expect(api.ledger).toHaveLength(1)
  expect(network.log.slice(-2)).toMatchObject([
    { id: 2, end: 'resent', fault: 'restart', reached: false },
    { id: 2, end: 'answered', status: 201, reached: true },
  ])
})

test('a fault that answers in place of the handler does so for what was left, too: no line follows', async () => {
  const { clock, api, network, startOrder, lines } = await createKeptDesk()
  for (const fault of [{ type: 'status', code: 503 }, { type: 'portal' }, { type: 'refuse' }] as const) {
    const stop = network.apply(fault)
    const { abort } = startOrder()
    await clock.advance(10)
    abort()
    await clock.advance(1000)
    stop()
  }
  expect(api.ledger).toHaveLength(0)
  expect(lines()).toHaveLength(3)
})

test('offline does not forget what was left, and dispose does', async () => {
  const { clock, api, network, startOrder } = await createKeptDesk()
  const one = startOrder('a')
  await clock.advance(10)
  one.abort()
  network.apply({ type: 'offline' })()
  await clock.advance(1000)
  expect([api.ledger.length, clock.pending()]).toEqual([1, 0])
  const desk = await createKeptDesk()
  const other = desk.startOrder('b')
  await desk.clock.advance(10)
  other.abort()
  desk.network.dispose()
  expect(desk.clock.pending()).toBe(0)
  await desk.clock.advance(1000)
  expect(desk.api.ledger).toEqual([])
  expect(desk.network.log).toHaveLength(2)
})

test('a stream that is opened for nobody is cancelled', async () => {
  const desk = await createKeptDesk()
  const bodies: ReturnType<typeof ticking>[] = []
  desk.network.use(
    http.get(`${BASE}/sse`, () => {
      bodies.push(ticking(desk, 100, 1000))
      return new HttpResponse(bodies[0]!.body, { headers: { 'Content-Type': 'text/event-stream' } })
    }),
  )
  const heard = listen(desk, '/sse')
  await desk.clock.advance(10)
  heard.abort()
  await desk.clock.advance(100)
  expect(bodies.map(({ isCancelled }) => isCancelled())).toEqual([true])
  expect(desk.lines()).toEqual(['110 2 aborted', '120 2 arrived reached'])
  await desk.clock.advance(1000)
  expect(desk.clock.pending()).toBe(0)
})
