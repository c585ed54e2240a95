import { http, HttpResponse, sse } from 'msw'
import { afterEach, expect, test, vi } from 'vitest'
import { BASE, createDesk } from './desk.js'
import { listen, ticker, ticking } from './listener.js'

afterEach(() => vi.unstubAllGlobals())

/** A desk with a stream of ten events, one each 100 ms. */
function createTicking(everyMs = 100, times = 10) {
  const desk = createDesk()
  desk.network.use(ticker(desk, everyMs, times))
  return desk
}

test('a stream comes to the application piece by piece, half a round trip after each was sent', async () => {
  const desk = createTicking(100, 3)
  const heard = listen(desk, '/sse')
  await desk.clock.advance(39)
  expect(heard.lines).toEqual([])
  await desk.clock.advance(1000)
  expect(heard.lines).toEqual(['40 open', '40 data: 1', '140 data: 2', '240 data: 3', '240 end'])
  expect(desk.network.log).toMatchObject([
    { at: desk.clock.now() - 799, end: 'answered', status: 200, transport: 'sse', bytes: 27, ms: 240 },
  ])
  expect(desk.clock.pending()).toBe(0)
})

test('an open stream is pending and writes its line when it ends', async () => {
  const desk = createTicking()
  listen(desk, '/sse')
  await desk.clock.advance(500)
  expect(desk.network.pending).toBe(1)
  expect(desk.network.log).toEqual([])
  await desk.clock.advance(1000)
  expect(desk.network.pending).toBe(0)
  expect(desk.network.calls({ transport: 'sse' })).toHaveLength(1)
  expect(desk.network.calls({ transport: 'http' })).toHaveLength(0)
})

test("MSW's sse handlers are taken as they are: only for accept text/event-stream, and told when a client leaves", async () => {
  vi.stubGlobal('EventSource', class {})
  const desk = createDesk()
  const closed: string[] = []
  desk.network.use(
    sse<{ message: string; tick: string }>(`${BASE}/events`, ({ client, request }) => {
      client.send({ id: '7', event: 'tick', data: 'one' })
      const timer = desk.clock.setTimeout(() => client.send({ data: 'two' }), 300)
      request.signal.addEventListener('abort', () => {
        timer()
        closed.push('closed')
      })
    }),
  )
  const heard = listen(desk, '/events')
  const plain = desk.ask('/events')
  await desk.clock.advance(1000)
  expect(heard.lines).toEqual(['40 open', '40 id:7\nevent:tick\ndata:one', '340 data:two'])
  expect(plain.end).toBe('404')
  heard.abort()
  await desk.clock.advance(0)
  expect(heard.lines.at(-1)).toMatch(/^1000 AbortError/)
  expect(closed).toEqual(['closed'])
  expect(desk.network.log.at(-1)).toMatchObject({ end: 'aborted', status: 200 })
})

test('whoever cancels the body ends the request, and its handler hears of it', async () => {
  const desk = createDesk()
  const source = ticking(desk, 100, 100)
  desk.network.use(http.get(`${BASE}/sse`, () => new HttpResponse(source.body)))
  const asked = desk.ask('/sse')
  await desk.clock.advance(250)
  await asked.answer?.body?.cancel()
  expect(desk.network.log).toMatchObject([{ end: 'aborted', bytes: 27, ms: 250 }])
  await desk.clock.advance(200)
  expect(source.isCancelled()).toBe(true)
  expect(desk.clock.pending()).toBe(0)
})

test('a body is read whole by text(), and time passes while it comes', async () => {
  const desk = createTicking(100, 3)
  const asked = desk.ask('/sse')
  await desk.clock.advance(40)
  const text = asked.answer?.text()
  const copy = asked.answer?.clone
  expect(copy).toBeTypeOf('function')
  await desk.clock.advance(1000)
  expect(await text).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n')
})

test('a stream whose handler errors breaks off after what was sent', async () => {
  const desk = createDesk()
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode('half'))
      await desk.network.delay(50)
      controller.error(new Error('a bug'))
    },
  })
  desk.network.use(http.get(`${BASE}/sse`, () => new HttpResponse(body)))
  const heard = listen(desk, '/sse')
  await desk.clock.advance(1000)
  expect(heard.lines).toEqual(['40 open', '40 half', '70 TypeError: network error'])
  expect(desk.network.log).toMatchObject([{ end: 'error', bytes: 4 }])
})

test('latency makes each piece later and keeps their order', async () => {
  const desk = createTicking(10, 50)
  desk.network.apply({ type: 'latency', ms: 300, jitterMs: 300 })
  const heard = listen(desk, '/sse')
  await desk.clock.advance(5000)
  const numbers = heard.lines.flatMap((line) => /data: (\d+)/.exec(line)?.[1] ?? [])
  expect(numbers).toEqual(Array.from({ length: 50 }, (_, n) => String(n + 1)))
})

test('bandwidth: a body takes the time of its bytes, and comes in pieces', async () => {
  const desk = createDesk()
  const text = 'x'.repeat(100_000)
  desk.network.use(http.get(`${BASE}/file`, () => HttpResponse.text(text)))
  desk.network.apply({ type: 'bandwidth', kBps: 50 })
  const heard = listen(desk, '/file', {})
  await desk.clock.advance(10_000)
  expect(heard.lines[0]).toBe('40 open')
  expect(heard.lines.at(-1)).toBe('2040 end')
  expect(heard.lines).toHaveLength(22)
  expect(heard.text()).toBe(text)
})

test('bandwidth counts for each way: a large upload is slow, its answer is not', async () => {
  const desk = createDesk()
  desk.network.apply({ type: 'bandwidth', kBps: 1, only: { direction: 'up' } })
  const note = 'x'.repeat(1000)
  const order = desk.order('a', { item: 'rope', qty: 1, note })
  await desk.clock.advance(10_000)
  const bytes = JSON.stringify({ item: 'rope', qty: 1, note }).length
  expect(order).toMatchObject({ end: '201', atMs: 40 + bytes })
  const get = desk.ask()
  await desk.clock.advance(1000)
  expect(get.atMs).toBe(10_040)
})

test('what a kernel cannot send is not read from the handler', async () => {
  const desk = createDesk()
  let read = 0
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        read += 10_000
        controller.enqueue(new Uint8Array(10_000))
      },
    },
    { highWaterMark: 0 },
  )
  desk.network.use(http.get(`${BASE}/endless`, () => new HttpResponse(body)))
  desk.network.apply({ type: 'bandwidth', kBps: 10 })
  const asked = desk.ask('/endless')
  await desk.clock.advance(10_000)
  expect(asked.end).toBe('200')
  expect(read).toBeGreaterThan(160_000)
  expect(read).toBeLessThan(190_000)
  desk.network.dispose()
  expect(desk.clock.pending()).toBe(0)
})

test('a black hole holds an open stream; it goes on at the next retransmission, in order', async () => {
  const desk = createTicking()
  const heard = listen(desk, '/sse')
  await desk.clock.advance(200)
  const stop = desk.network.apply({ type: 'blackhole' })
  await desk.clock.advance(700)
  expect(heard.lines.at(-1)).toBe('140 data: 2')
  stop()
  await desk.clock.advance(1000)
  // The third event was sent at 220, and again 210, 630 and 1470 ms later: after the hole at 850.
  expect(heard.lines.slice(3)).toEqual([
    ...[3, 4, 5, 6, 7].map((n) => `${220 + 1470 + 20} data: ${n}`),
    ...[8, 9, 10].map((n) => `${220 + 1470 + 20} data: ${n}`),
    '1710 end',
  ])
})

test('dispose breaks off what is open, and its handler hears of it', async () => {
  const desk = createDesk()
  const source = ticking(desk, 100, 100)
  desk.network.use(http.get(`${BASE}/sse`, () => new HttpResponse(source.body)))
  const heard = listen(desk, '/sse')
  await desk.clock.advance(50)
  desk.network.dispose()
  await desk.clock.advance(1000)
  expect(heard.lines.at(-1)).toBe('50 TypeError: network error')
  expect(source.isCancelled()).toBe(true)
  expect(desk.clock.pending()).toBe(0)
})

test('a handler that waits twice lets time pass twice, whoever is served in between', async () => {
  const desk = createDesk()
  desk.network.use(
    ticker(desk, 70, 5),
    http.get(`${BASE}/slow`, async () => {
      for (let turn = 0; turn < 3; turn++) await desk.network.delay(100)
      return HttpResponse.text('slow')
    }),
  )
  const slow = desk.ask('/slow')
  await desk.clock.advance(30)
  listen(desk, '/sse')
  const other = desk.ask('/slow')
  await desk.clock.advance(1000)
  expect(slow).toMatchObject({ end: '200', atMs: 340 })
  expect(other).toMatchObject({ end: '200', atMs: 370 })
})

test('a body that is read in many real hops is there with its head', async () => {
  const desk = createDesk()
  desk.network.use(http.get(`${BASE}/blob`, () => new HttpResponse(new Blob(['x'.repeat(50_000)]))))
  const heard = listen(desk, '/blob', {})
  await desk.clock.advance(1000)
  expect(heard.lines[0]).toBe('40 open')
  expect(heard.lines.at(-1)).toBe('40 end')
  expect(heard.text()).toHaveLength(50_000)
})
