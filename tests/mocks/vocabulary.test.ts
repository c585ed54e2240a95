import { expect, test } from 'vitest'
import type { Fault } from '../../mocks/faults.js'
import { createService } from '../../mocks/service.js'
import { paceOf } from '../../mocks/pace.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { createDesk } from './desk.js'
import { listen, ticker } from './listener.js'

const bearing = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })

test('unauthorized: 401 to the token that was shown, until another is; whatever shows none passes', async () => {
  const { ask, clock, network } = createDesk()
  network.apply({ type: 'unauthorized' })
  const asked = [
    ask('/health', bearing('old')),
    ask('/orders', bearing('old')),
    ask('/orders'),
    ask('/orders', bearing('new')),
    ask('/orders', bearing('old')),
  ]
  await clock.advance(100)
  expect(asked.map(({ end }) => end)).toEqual(['204', '401', '200', '200', '401'])
  expect(await asked[1]?.answer?.json()).toMatchObject({ type: 'unauthorized', status: 401 })
  expect(asked[1]?.answer?.headers.get('Holdfast')).toBe('1')
  expect(network.log[1]).toMatchObject({ fault: 'unauthorized', reached: false })
})

test('lostSession: it comes back as another process that does not know the session any more', async () => {
  const { ask, clock, network } = createDesk()
  network.restart.lostSession({ downMs: 1000 })
  const down = ask('/orders', bearing('old'))
  await clock.advance(1000)
  const [unknown, other] = [ask('/orders', bearing('old')), ask('/orders', bearing('new'))]
  await clock.advance(100)
  expect([down.end, unknown.end, other.end]).toEqual(['TypeError', '401', '200'])
  expect(await unknown.answer?.json()).toMatchObject({ type: 'session_unknown' })
  network.calm()
  const well = ask('/orders', bearing('old'))
  await clock.advance(100)
  expect(well.end).toBe('200')
})

test('lie: the flag is wrong, both ways, and the network is as it is', async () => {
  const { ask, clock, network } = createDesk()
  const events: string[] = []
  network.device.on((event) => events.push(event))
  const stopLie = network.apply({ type: 'lie', onLine: false })
  expect(network.device.onLine).toBe(false)
  const reached = ask()
  await clock.advance(100)
  expect(reached.end).toBe('200')
  stopLie()
  network.apply({ type: 'lie', onLine: true })
  network.apply({ type: 'offline' })
  const failed = ask()
  await clock.advance(100)
  expect(network.device.onLine).toBe(true)
  expect(failed.end).toBe('TypeError')
  expect(events).toEqual(['offline', 'online'])
})

test("clockSkew: the service's clock differs, in its Date and in a Retry-After that is a date", async () => {
  const { ask, clock, network } = createDesk()
  network.apply({ type: 'clockSkew', ms: -3_600_000 })
  const plain = ask()
  network.apply({ type: 'status', code: 503, retryAfter: 30, retryAfterAs: 'date' })
  const told = ask()
  await clock.advance(100)
  expect(plain.answer?.headers.get('Date')).toBe('Thu, 01 Jan 2026 08:00:00 GMT')
  expect(told.answer?.headers.get('Retry-After')).toBe('Thu, 01 Jan 2026 08:00:30 GMT')
  network.calm()
  network.apply({ type: 'clockSkew', ms: 5000 })
  network.restart.graceful({ drainMs: 3000, downMs: 5000, retryAfterAs: 'date' })
  const health = ask('/health')
  await clock.advance(100)
  expect(health.answer?.headers.get('Retry-After')).toBe('Thu, 01 Jan 2026 09:00:12 GMT')
})

test('crashLoop: it dies, comes up as another process, and dies again, so many times', async () => {
  const { ask, clock, network, sinceStart } = createDesk({ latencyMs: 0 })
  network.restart.crashLoop({ times: 3, upMs: 2000, downMs: 1000 })
  const seen: string[] = []
  while (sinceStart() < 9000) {
    const asked = ask('/health')
    await clock.advance(500)
    seen.push(asked.end === '204' ? network.boot.slice(-1) : '.')
  }
  expect(seen.join('')).toBe('..2222..3333..4444')
  expect(clock.pending()).toBe(0)
})

test('stopping a crash loop has the service up at once, for good', async () => {
  const { ask, clock, network } = createDesk()
  const stop = network.restart.crashLoop({ times: 3, upMs: 2000, downMs: 1000 })
  await clock.advance(500)
  stop()
  const asked = ask()
  await clock.advance(40)
  expect(asked.end).toBe('200')
  expect(clock.pending()).toBe(0)
})

test('R07 whoever listens hears that a drain begins, with the estimate, and how the process ends', async () => {
  const clock = manualClock()
  const startAt = clock.now()
  const options = { hosts: null, health: null, onSessionLost: () => () => {} }
  const service = createService({ pace: paceOf(clock), ...options })
  const news: [number, object][] = []
  const note = (what: object) => void news.push([clock.now() - startAt, what])
  const stops = [service.onDraining(note), service.onGone(note)]
  service.graceful({ drainMs: 1000, downMs: 3000 })
  await clock.advance(5000)
  service.kill({ downMs: 700 })
  await clock.advance(1000)
  for (const stop of stops) stop()
  service.kill({ downMs: 700 })
  expect(news).toEqual([
    [0, { retryAfterMs: 4000, of: null }],
    [1000, { answers: false, retryAfterMs: 3000, of: null }],
    [5000, { answers: true, retryAfterMs: 700, of: null }],
  ])
})

test('a fault is limited to a transport and to a direction', async () => {
  const desk = createDesk()
  desk.network.use(ticker(desk, 100, 10))
  desk.network.apply({ type: 'refuse', only: { transport: 'sse' } })
  const [events, plain] = [listen(desk, '/sse'), listen(desk, '/sse', {})]
  await desk.clock.advance(2000)
  expect(events.lines).toEqual(['40 TypeError: Failed to fetch'])
  expect(plain.lines.at(-1)).toBe('940 end')
  desk.network.calm()
  const stop = desk.network.apply({ type: 'blackhole', only: { direction: 'down' } })
  desk.order('a')
  await desk.clock.advance(1000)
  expect(desk.api.ledger).toHaveLength(1)
  expect(desk.network.pending).toBe(1)
  stop()
})

const bad: [unknown, string][] = [
  [{ type: 'bandwidth' }, 'fault.kBps'],
  [{ type: 'bandwidth', kBps: 0 }, 'fault.kBps is 0'],
  [{ type: 'lost', forMs: 3 }, 'fault.forMs'],
  [{ type: 'reset', afterBytes: -1 }, 'fault.afterBytes'],
  [{ type: 'reset', afterBytes: 1.5 }, 'fault.afterBytes'],
  [{ type: 'truncate' }, 'fault.bytes'],
  [{ type: 'close', code: 999 }, 'fault.code is 999'],
  [{ type: 'close', code: 2000 }, '1000 to 1015 or 3000 to 4999'],
  [{ type: 'close', code: 1000, reason: 'ä'.repeat(62) }, 'fault.reason'],
  [{ type: 'close', code: 1000, clean: 'no' }, 'fault.clean'],
  [{ type: 'lie' }, 'fault.onLine'],
  [{ type: 'lie', onLine: true, only: {} }, 'fault.only'],
  [{ type: 'unauthorized', why: 'tired' }, 'fault.why'],
  [{ type: 'clockSkew', ms: 0.5 }, 'fault.ms'],
  [{ type: 'status', code: 503, retryAfterAs: 'hours' }, 'fault.retryAfterAs'],
  [{ type: 'refuse', only: { transport: 'tcp' } }, 'fault.only.transport is "tcp"; allowed: http, sse, ws'],
  [{ type: 'refuse', only: { direction: 'left' } }, 'fault.only.direction'],
  [{ type: 'flaky', probability: 0.5, fault: { type: 'lost' } }, 'fault.fault.type is "lost"'],
  [{ type: 'failTimes', n: 2, fault: { type: 'lie', onLine: true } }, 'fault.fault.type is "lie"'],
]
test.each(bad)('%j is refused and the error names what is wrong', (fault, named) => {
  const { network } = createDesk()
  expect(() => network.apply(fault as Fault)).toThrow(named)
  expect(() => network.apply(fault as Fault)).toThrow('[bad-option]')
})

test('a restart that cannot be is refused by name', () => {
  const { restart } = createDesk().network
  expect(() => restart.crashLoop({ times: 0, upMs: 1, downMs: 1 })).toThrow('restart.crashLoop.times is 0')
  expect(() => restart.lostSession({ downMs: 0.5 })).toThrow('restart.lostSession.downMs is 0.5')
  expect(() => restart.graceful({ drainMs: 1, downMs: 1, retryAfterAs: 'x' as 'date' })).toThrow(
    'retryAfterAs',
  )
})
