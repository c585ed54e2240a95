import { http, HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import type { Fault } from '../../mocks/faults.js'
import { BASE, createDesk } from './desk.js'
import { listen, ticker } from './listener.js'

/** A desk with a stream of ten events, one each 100 ms, and a file of 1,000 bytes. */
function createTicking(times = 10) {
  const desk = createDesk()
  desk.network.use(
    ticker(desk, 100, times),
    http.get(`${BASE}/file`, () => HttpResponse.text('x'.repeat(1000))),
  )
  return desk
}

/** Applies it at 250 ms, when two events have come, and tells all that came in the end. */
async function strikeAt250(fault: Fault, forMs?: number) {
  const desk = createTicking()
  const heard = listen(desk, '/sse')
  await desk.clock.advance(250)
  const stop = desk.network.apply(fault)
  if (forMs !== undefined) {
    await desk.clock.advance(forMs)
    stop()
  }
  await desk.clock.advance(60_000)
  return { ...desk, heard, after: heard.lines.slice(4) }
}

test('reset cuts an open stream at once, with afterBytes after so many more', async () => {
  const at = await strikeAt250({ type: 'reset' })
  expect(at.after).toEqual(['250 TypeError: network error'])
  expect(at.network.log).toMatchObject([{ end: 'reset', fault: 'reset', status: 200, bytes: 27 }])
  const later = await strikeAt250({ type: 'reset', afterBytes: 13 })
  expect(later.after).toEqual(['340 data: 4', '440 data', '440 TypeError: network error'])
  const between = await strikeAt250({ type: 'reset', afterBytes: 9 })
  expect(between.after).toEqual(['340 data: 4', '340 TypeError: network error'])
})

test('reset with afterBytes: a body that breaks as its head arrives gives a page the head and no bytes, as in Chromium', async () => {
  const desk = createTicking()
  desk.network.apply({ type: 'reset', afterBytes: 400 })
  const cut = listen(desk, '/file', {})
  const text = desk.ask('/file')
  await desk.clock.advance(100)
  expect(cut.lines).toEqual(['40 open', '40 TypeError: network error'])
  await expect(text.answer?.text()).rejects.toThrow(TypeError)
  expect(desk.network.log).toMatchObject([
    { end: 'reset', status: 200, bytes: 0, reached: true },
    { end: 'reset', status: 200, bytes: 0, reached: true },
  ])
})

test('reset with afterBytes: of a body that comes by and by so much is read, then it errors', async () => {
  const desk = createTicking()
  desk.network.apply({ type: 'bandwidth', kBps: 1 })
  desk.network.apply({ type: 'reset', afterBytes: 400 })
  const cut = listen(desk, '/file', {})
  await desk.clock.advance(5000)
  expect(cut.lines).toEqual(['40 open', `1040 ${'x'.repeat(400)}`, '1040 TypeError: network error'])
})

test('reset with afterBytes spares an answer without a body, of a service and of its health; one that lets nothing through does not', async () => {
  const desk = createTicking()
  desk.network.use(http.get(`${BASE}/empty`, () => new HttpResponse(null, { status: 204 })))
  desk.network.apply({ type: 'reset', afterBytes: 400 })
  const whole = [desk.ask('/empty'), desk.ask('/health')]
  await desk.clock.advance(100)
  expect(whole.map(({ end }) => end)).toEqual(['204', '204'])
  desk.network.apply({ type: 'reset', afterBytes: 0 })
  const cut = desk.ask('/empty')
  await desk.clock.advance(1000)
  expect(cut.end).toBe('TypeError')
})

test('what is as long as the cut, or shorter, is whole', async () => {
  const desk = createTicking()
  desk.network.apply({ type: 'truncate', bytes: 1000 })
  desk.network.apply({ type: 'reset', afterBytes: 1000 })
  const whole = listen(desk, '/file', {})
  await desk.clock.advance(100)
  expect(whole.lines.at(-1)).toBe('40 end')
})

test('truncate: the body ends early, which is a network error, as in Chromium', async () => {
  const desk = createTicking()
  desk.network.apply({ type: 'truncate', bytes: 10 })
  const file = listen(desk, '/file', {})
  const events = listen(desk, '/sse')
  await desk.clock.advance(1000)
  expect(file.lines).toEqual(['40 open', '40 TypeError: network error'])
  expect(events.lines).toEqual(['40 open', '40 data: 1', '140 d', '140 TypeError: network error'])
  expect(desk.network.log).toMatchObject([
    { end: 'truncated', fault: 'truncate', bytes: 0 },
    { end: 'truncated', fault: 'truncate', bytes: 10 },
  ])
})

test('a kept connection whose body was cut is not used again', async () => {
  const desk = createTicking()
  const stop = desk.network.apply({ type: 'truncate', bytes: 10 })
  listen(desk, '/file', {})
  await desk.clock.advance(100)
  stop()
  // A new connection dials: its first packet is sent again after 1,020 ms, not after 210.
  const hole = desk.network.apply({ type: 'blackhole' })
  const asked = desk.ask()
  await desk.clock.advance(100)
  hole()
  await desk.clock.advance(2000)
  expect(asked.atMs).toBe(100 + 1020 + 40)
})

test('close ends an open stream of events, and each that opens while it is in force; a file is not touched', async () => {
  const { after, ask, clock, network, heard, ...desk } = await strikeAt250({ type: 'close', code: 1012 })
  expect(after).toEqual(['270 end'])
  expect(heard.status).toBe(200)
  expect(network.log).toMatchObject([{ end: 'answered', fault: 'close', bytes: 27 }])
  const next = listen({ ask, clock, network, ...desk }, '/sse')
  const file = ask('/file')
  await clock.advance(1000)
  expect(next.lines).toEqual(['60290 open', '60290 end'])
  expect(file.end).toBe('200')
})

test('a close that is not clean is a cut', async () => {
  expect((await strikeAt250({ type: 'close', code: 1006 })).after).toEqual(['250 TypeError: network error'])
  const unclean = await strikeAt250({ type: 'close', code: 1011, clean: false })
  expect(unclean.after).toEqual(['250 TypeError: network error'])
})

test('drop, duplicate and reorder strike events one by one', async () => {
  const first = (type: 'drop' | 'duplicate' | 'reorder'): Fault => ({
    type: 'failTimes',
    n: 1,
    fault: { type },
  })
  const numbers = (lines: readonly string[]) => lines.map((line) => line.replace(/^\d+ (data: )?/, ''))
  expect(numbers((await strikeAt250(first('drop'))).after)).toEqual([...'56789'].concat('10', 'end'))
  expect(numbers((await strikeAt250(first('duplicate'))).after).slice(0, 3)).toEqual(['4', '4', '5'])
  const swapped = numbers((await strikeAt250(first('reorder'))).after)
  expect(swapped).toEqual(['5', '4', '6', '7', '8', '9', '10', 'end'])
})

test('flaky strikes events by their own luck, and the same ones again', async () => {
  const fault: Fault = { type: 'flaky', probability: 0.4, fault: { type: 'drop' } }
  const [one, other] = [await strikeAt250(fault), await strikeAt250(fault)]
  expect(one.after).toEqual(other.after)
  expect(one.after.length).toBeGreaterThan(2)
  expect(one.after.length).toBeLessThan(8)
})

test('offline: a request that waits fails, an open stream is silent and goes on', async () => {
  const desk = createTicking()
  const heard = listen(desk, '/sse')
  await desk.clock.advance(250)
  const waiting = desk.ask()
  await desk.clock.advance(10)
  const stop = desk.network.apply({ type: 'offline' })
  await desk.clock.advance(2000)
  expect(waiting.atMs).toBe(260)
  expect(heard.lines.slice(4)).toEqual([])
  stop()
  await desk.clock.advance(2000)
  // Sent at 320, then 210, 630, 1470 and 3150 ms later.
  expect(heard.lines.slice(4, 6)).toEqual(['3490 data: 4', '3490 data: 5'])
  expect(heard.lines.at(-1)).toBe('3490 end')
})

test('lost: an open stream is silent for ever, a kept connection never answers, new ones do', async () => {
  const desk = createTicking(1000)
  desk.ask()
  const heard = listen(desk, '/sse')
  await desk.clock.advance(250)
  desk.network.apply({ type: 'lost' })()
  const controller = new AbortController()
  const onKept = desk.ask('/orders', { signal: controller.signal })
  await desk.clock.advance(20_000)
  expect(onKept.end).toBe('pending')
  controller.abort()
  const onNew = desk.ask()
  await desk.clock.advance(100)
  expect(onNew.end).toBe('200')
  expect(heard.lines.slice(4)).toEqual([])
  const again = listen(desk, '/sse')
  await desk.clock.advance(1000)
  expect(again.lines).toHaveLength(11)
})

test('lost strikes what is in flight, and its handler may have run', async () => {
  const desk = createDesk()
  const written = desk.order('a')
  await desk.clock.advance(30)
  desk.network.apply({ type: 'lost' })
  const next = desk.order('b')
  await desk.clock.advance(10_000)
  expect(written.end).toBe('pending')
  expect(desk.api.ledger.map(({ key }) => key)).toEqual(['a', 'b'])
  expect(next.end).toBe('201')
  desk.network.dispose()
  expect(desk.network.log.at(-1)).toMatchObject({ end: 'disposed', fault: 'lost', reached: true })
})

test('lost is limited: by host it takes idle connections, by path only what is in use', async () => {
  const desk = createDesk()
  desk.ask()
  await desk.clock.advance(100)
  desk.network.apply({ type: 'lost', only: { path: '/orders' } })
  const spared = desk.ask()
  await desk.clock.advance(10)
  desk.network.apply({ type: 'lost', only: { path: '/elsewhere' } })
  await desk.clock.advance(1000)
  expect(spared.end).toBe('200')
  desk.network.apply({ type: 'lost', only: { host: 'api.example' } })
  const lost = desk.ask()
  await desk.clock.advance(1000)
  expect(lost.end).toBe('pending')
})

test('R07 a drained service tells its streams when to come back, each a little later, and ends them', async () => {
  const desk = createTicking(1000)
  const streams = [listen(desk, '/sse'), listen(desk, '/sse'), listen(desk, '/sse')]
  await desk.clock.advance(100)
  desk.network.restart.graceful({ drainMs: 450, downMs: 4000 })
  await desk.clock.advance(2000)
  expect(streams.map(({ lines }) => lines.slice(-3))).toEqual([
    ['540 data: 6', '570 retry: 4000', '570 end'],
    ['540 data: 6', '570 retry: 4005', '570 end'],
    ['540 data: 6', '570 retry: 4010', '570 end'],
  ])
  expect(desk.network.log[0]).toMatchObject({ end: 'answered', fault: 'restart' })
})

test('a download that is not done when the drain ends is cut; one that is on its way arrives', async () => {
  const desk = createTicking(1000)
  const stop = desk.network.apply({ type: 'bandwidth', kBps: 1 })
  const sent = listen(desk, '/file', {})
  await desk.clock.advance(100)
  stop()
  const made = listen(desk, '/sse', {})
  await desk.clock.advance(100)
  desk.network.restart.graceful({ drainMs: 500, downMs: 4000 })
  await desk.clock.advance(5000)
  expect(made.lines.at(-1)).toBe('700 TypeError: network error')
  expect(sent.lines.at(-1)).toBe('1040 end')
})

test('a kill cuts every stream', async () => {
  const desk = createTicking(1000)
  const streams = [listen(desk, '/sse'), listen(desk, '/sse', {})]
  await desk.clock.advance(250)
  desk.network.restart.kill({ downMs: 1000 })
  await desk.clock.advance(5000)
  for (const { lines } of streams) expect(lines.at(-1)).toBe('250 TypeError: network error')
  expect(desk.network.log).toMatchObject([{ end: 'reset', fault: 'restart', status: 200 }, { end: 'reset' }])
  expect(desk.clock.pending()).toBe(0)
})
