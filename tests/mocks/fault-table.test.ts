/**
 * The table of faults in docs/spec/simulator.md, cell by cell: what the caller of a request, a stream or a socket sees,
 * whether the fault is there before or strikes who is connected; and that a limit, a chance or a count changes only
 * whether it is met.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fault, Only, RequestFault, Transport } from '../../mocks/faults.js'
import { HOST } from './desk.js'
import { rows, type Row } from './table/rows.js'
import { playFaults, type When } from './table/stage.js'

const isSoak = import.meta.env.MODE === 'soak'
const WHENS: readonly When[] = ['before', 'open']
const TRANSPORTS: readonly Transport[] = ['http', 'sse', 'ws']
/** What each transport asks for. */
const ASKS: { readonly [T in Transport]: { readonly path: string; readonly method: string } } = {
  http: { path: '/orders', method: 'POST' },
  sse: { path: '/sse', method: 'GET' },
  ws: { path: '/ws', method: 'GET' },
}
const CALM: Fault = { type: 'latency', ms: 0, only: { host: 'nowhere.example' } }

const traceOf = async (transport: Transport, when: When, ...faults: readonly Fault[]) =>
  (await playFaults({ transport, when, faults })).trace
const cells = rows.flatMap((row) =>
  TRANSPORTS.flatMap((transport) => (row.seen[transport] ? [{ row, transport }] : [])),
)

describe.each(cells)('$row.name, $transport', ({ row, transport }) => {
  test.each(WHENS)('there %s: what its caller sees', async (when) => {
    const play = { transport, when, faults: [row.fault] }
    const [once, again] = [await playFaults(play), await playFaults(play)]
    expect(once.trace).toBe(row.seen[transport]![when])
    expect(again.hash).toBe(once.hash)
    expect(once.pending).toBe(0)
  })
})

const limited = (fault: Fault, only: Only): Fault =>
  ({ ...fault, only: { ...onlyOf(fault), ...only } }) as Fault
const onlyOf = (fault: Fault): Only => ('only' in fault && fault.only) || {}
const isWhole = ({ fault }: Row) => fault.type === 'offline' || fault.type === 'lie'
const limitable = cells.filter(({ row }) => !isWhole(row))

test.each(limitable)(
  '$row.name, $transport: limited to what it strikes it is the same',
  async ({ row, transport }) => {
    // An idle connection has no path and no method.
    const only = { host: HOST, ...(row.fault.type === 'lost' ? {} : ASKS[transport]), transport }
    const ways = row.way ? [only] : [only, { ...only, direction: 'down' as const }]
    for (const one of ways)
      expect(await traceOf(transport, 'open', limited(row.fault, one))).toBe(row.seen[transport]!.open)
  },
)

test.each(limitable)(
  '$row.name, $transport: limited to anything else it is not there',
  async ({ row, transport }) => {
    const calm = await traceOf(transport, 'open', CALM)
    const path = `${ASKS[transport].path}x`
    const others: Only[] = [
      { host: 'other.example' },
      { path },
      { method: 'PUT' },
      { transport: transport === 'ws' ? 'sse' : 'ws' },
    ]
    if (!row.way) others.push({ direction: 'up' })
    for (const only of others) {
      expect(await traceOf(transport, 'open', limited(row.fault, only)), JSON.stringify(only)).toBe(calm)
    }
  },
)

/** What is lost is so as a whole; luck within luck is another. */
const chancy = limitable.filter(({ row }) => row.fault.type !== 'lost' && row.fault.type !== 'flaky')
test.each(chancy)(
  '$row.name, $transport: always met it is the same, never met it is not there',
  async (cell) => {
    const { row, transport } = cell
    const fault = row.fault as RequestFault
    const met: Fault[] = [
      { type: 'flaky', probability: 1, fault },
      { type: 'failTimes', n: 1_000_000, fault },
      { type: 'failTimes', n: 1_000_000, fault: { type: 'flaky', probability: 1, fault } },
    ]
    for (const when of WHENS) {
      for (const one of met) {
        expect(await traceOf(transport, when, one), JSON.stringify(one)).toBe(row.seen[transport]![when])
      }
    }
    const never: Fault = { type: 'flaky', probability: 0, fault }
    expect(await traceOf(transport, 'open', never)).toBe(await traceOf(transport, 'open', CALM))
  },
)

test('all of them compose, two and three at a time: whatever is asked ends or is silent, and each run is the same', async () => {
  const some = fc.array(fc.constantFrom(...rows), { minLength: 2, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(
      some,
      fc.constantFrom(...TRANSPORTS),
      fc.constantFrom(...WHENS),
      async (chosen, transport, when) => {
        const faults = chosen.map(({ fault }) => fault)
        const play = { transport, when, faults }
        const [once, again] = [await playFaults(play), await playFaults(play)]
        expect(again).toEqual(once)
        expect(once.pending).toBe(0)
      },
    ),
    { numRuns: isSoak ? 2000 : 40 },
  )
})

test('latency is on top of whatever else happens', async () => {
  const late: Fault = { type: 'latency', ms: 60 }
  for (const transport of TRANSPORTS) {
    const refused = await traceOf(transport, 'before', { type: 'refuse' }, late)
    expect(refused).toContain('@100')
    const bad = await traceOf(transport, 'before', late, { type: 'status', code: 503 })
    expect(bad).toContain('@100')
  }
})

test('a chance of one in two: half of them, others with another seed, whatever else is in force', async () => {
  const lucky: Fault = { type: 'flaky', probability: 0.5, fault: { type: 'status', code: 503 } }
  const play = async (seed: number, ...others: Fault[]) => {
    const { trace } = await playFaults({
      transport: 'http',
      when: 'before',
      faults: [...others, lucky],
      seed,
    })
    return trace.replaceAll(/@\d+/g, '').split(' ').slice(0, 2).join()
  }
  const seen = new Set<string>()
  for (let seed = 1; seed <= 20; seed++) {
    const trace = await play(seed)
    seen.add(trace)
    expect(await play(seed, { type: 'latency', ms: 10 })).toBe(trace)
  }
  expect([...seen].sort()).toEqual(['1:201,2:201', '1:201,2:503', '1:503,2:201', '1:503,2:503'])
})
