import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fault, RequestFault } from '../../mocks/faults.js'
import { BASE, createDesk } from './desk.js'
import { listen, ticker, type Heard } from './listener.js'

const requestFault: fc.Arbitrary<RequestFault> = fc.oneof(
  fc.record({ type: fc.constant('latency' as const), ms: fc.nat(5000), jitterMs: fc.nat(2000) }),
  fc.constantFrom<RequestFault>(
    { type: 'refuse' },
    { type: 'blackhole' },
    { type: 'reset' },
    { type: 'reset', afterBytes: 30 },
    { type: 'truncate', bytes: 20 },
    { type: 'bandwidth', kBps: 0.1 },
    { type: 'close', code: 1012 },
    { type: 'drop' },
    { type: 'duplicate' },
    { type: 'reorder' },
    { type: 'unauthorized' },
    { type: 'clockSkew', ms: -5000 },
    { type: 'portal' },
    { type: 'portal', redirect: true },
    { type: 'refuse', only: { method: 'GET' } },
  ),
  fc.record({ type: fc.constant('status' as const), code: fc.constantFrom(200, 401, 429, 500, 503) }),
)
const fault: fc.Arbitrary<Fault> = fc.oneof(
  requestFault,
  fc.constantFrom<Fault>({ type: 'offline' }, { type: 'lost' }, { type: 'lie', onLine: false }),
  fc.record({
    type: fc.constant('failTimes' as const),
    n: fc.integer({ min: 1, max: 3 }),
    fault: requestFault,
  }),
  fc.record({
    type: fc.constant('flaky' as const),
    probability: fc.constantFrom(0.3, 0.7),
    fault: requestFault,
  }),
)

type Move =
  | { readonly move: 'get' | 'health' | 'listen' | 'abort' | 'stop' | 'calm' }
  | { readonly move: 'post'; readonly key: number }
  /** Asks, and leaves while it is on its way, at work, or on its way back. */
  | { readonly move: 'leave'; readonly key: number; readonly ms: number }
  | { readonly move: 'apply'; readonly fault: Fault }
  | { readonly move: 'kill' | 'graceful' | 'advance'; readonly ms: number }

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ move: fc.constantFrom('get' as const, 'health' as const) }) },
  { weight: 2, arbitrary: fc.record({ move: fc.constant('listen' as const) }) },
  { weight: 4, arbitrary: fc.record({ move: fc.constant('post' as const), key: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ move: fc.constantFrom('abort' as const, 'stop' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ move: fc.constant('leave' as const), key: fc.nat(4), ms: fc.nat(60) }),
  },
  { weight: 1, arbitrary: fc.record({ move: fc.constant('calm' as const) }) },
  { weight: 2, arbitrary: fc.record({ move: fc.constant('apply' as const), fault }) },
  {
    weight: 1,
    arbitrary: fc.record({ move: fc.constantFrom('kill' as const, 'graceful' as const), ms: fc.nat(8000) }),
  },
  { weight: 6, arbitrary: fc.record({ move: fc.constant('advance' as const), ms: fc.nat(3000) }) },
)

/** Longer than a kernel goes on trying, so that everything has ended. */
const FOR_EVER_MS = 2_000_000

async function walk(moves: readonly Move[]) {
  const desk = createDesk({ seed: 11 }, { work: () => desk.network.delay(30) })
  const { network, clock, api } = desk
  network.use(ticker(desk, 150, 20))
  const streams: Heard[] = []
  const ends: string[] = []
  const aborts: AbortController[] = []
  const stops: (() => void)[] = []
  const ask = (path: string, init: RequestInit = {}) => {
    const controller = new AbortController()
    aborts.push(controller)
    const place = ends.push('pending') - 1
    network.fetch(`${BASE}${path}`, { ...init, signal: controller.signal }).then(
      ({ status }) => (ends[place] = String(status)),
      (error: Error) => (ends[place] = error.name),
    )
  }
  for (const one of moves) {
    if (one.move === 'get') ask('/orders')
    else if (one.move === 'health') ask('/health')
    else if (one.move === 'listen') streams.push(listen(desk, '/sse'))
    else if (one.move === 'post' || one.move === 'leave') {
      const headers = { 'Idempotency-Key': `"${one.key}"` }
      ask('/orders', { method: 'POST', headers, body: JSON.stringify({ item: `item ${one.key}`, qty: 1 }) })
      if (one.move === 'post') continue
      await clock.advance(one.ms)
      aborts.pop()?.abort()
    } else if (one.move === 'apply') stops.push(network.apply(one.fault))
    else if (one.move === 'stop') stops.shift()?.()
    else if (one.move === 'abort') aborts.shift()?.abort()
    else if (one.move === 'calm') network.calm()
    else if (one.move === 'kill') stops.push(network.restart.kill({ downMs: one.ms }))
    else if (one.move === 'graceful') stops.push(network.restart.graceful({ drainMs: one.ms, downMs: 500 }))
    else if ('ms' in one) await clock.advance(one.ms)
  }
  await clock.advance(FOR_EVER_MS)
  const unanswered = ends.filter((end) => end === 'pending').length
  // What is open and silent stays so until its caller has enough; who waited for its connection then has one.
  for (const one of [...aborts, ...streams]) one.abort()
  network.calm()
  await clock.advance(200_000)
  return { ends, unanswered, streams, network, clock, api }
}

test('whatever is done to it, every request ends once, each key is applied once, and the log is the same again', async () => {
  let seen = 0
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 40 }), async (moves) => {
      const { ends, unanswered, streams, network, clock, api } = await walk(moves)
      expect(unanswered).toBe(0)
      expect(network.pending).toBe(0)
      expect(clock.pending()).toBe(0)

      const arrived = network.calls({ end: 'arrived' })
      for (const line of arrived) {
        const first = network.log.find(({ id }) => id === line.id)
        expect(first).toMatchObject({ end: 'aborted', reached: false })
        expect(line).toMatchObject({ reached: true, status: null, bytes: 0 })
      }
      seen += arrived.length
      const ids = network.log.filter((line) => !arrived.includes(line)).map(({ id }) => id)
      expect([...ids].sort((a, b) => a - b)).toEqual([...ends, ...streams].map((_, place) => place + 1))
      const times = network.log.map(({ at }) => at)
      expect(times).toEqual([...times].sort((a, b) => a - b))
      for (const { end, status, ms } of network.log) {
        if (end === 'answered' || end === 'truncated') expect(status).not.toBeNull()
        if (end === 'refused' || end === 'offline') expect(status).toBeNull()
        expect(Number.isInteger(ms)).toBe(true)
      }

      for (const { lines } of streams) {
        const last = lines.filter((line) => /^\d+ (end|\w*Error)/.test(line))
        expect(last).toEqual(lines.slice(-1))
      }
      const heard = streams.reduce((sum, { text }) => sum + text().length, 0)
      const told = network.calls({ transport: 'sse' }).reduce((sum, { bytes }) => sum + bytes, 0)
      expect(told).toBe(heard)

      const keys = api.ledger.map(({ key }) => key)
      expect(new Set(keys).size).toBe(keys.length)

      expect((await walk(moves)).network.logHash()).toBe(network.logHash())
    }),
    { numRuns: 60, seed: 20_260_101 },
  )
  expect(seen).toBeGreaterThan(5)
}, 60_000)
