import { expect, test } from 'vitest'
import { compare } from './compare.js'
import type { Trace } from './trace.js'

const trace: Trace = {
  links: [
    { atMs: -994, what: 'online' },
    { atMs: 1_500, what: 'suspect (server)' },
    { atMs: 6_000, what: 'online' },
  ],
  phases: [
    { atMs: 1_500, what: 'grace' },
    { atMs: 6_000, what: 'recovered' },
  ],
  requests: [
    { number: 1, method: 'GET', attempts: 2, outcome: 'ok', settledMs: 6_010 },
    { number: 2, method: 'POST', attempts: 1, outcome: 'ok', settledMs: 9_000 },
  ],
  departures: [],
}
const STEPS = [1_000, 4_000]
const UNTIL = 10_000

/** The trace with one of its lists changed. */
const changed = (change: Partial<Trace>): Trace => ({ ...trace, ...change })
const differences = (real: Trace, untilMs = UNTIL) => compare(trace, real, STEPS, untilMs).differences
const late = (byMs: number): Trace =>
  changed({ links: trace.links.map((one) => (one.atMs === 6_000 ? { ...one, atMs: 6_000 + byMs } : one)) })

test('a trace is the same as itself', () => {
  const same = compare(trace, structuredClone(trace), STEPS, UNTIL)
  expect(same).toEqual({ differences: [], largest: { ms: 0, of: 'nothing' } })
})

test('a state or phase more, less or other is a difference, whenever it comes', () => {
  expect(differences(changed({ links: trace.links.slice(0, 2) }))).toHaveLength(1)
  expect(
    differences(changed({ links: [...trace.links, { atMs: 6_001, what: 'suspect (device)' }] })),
  ).toHaveLength(1)
  expect(differences(changed({ phases: [{ atMs: 1_500, what: 'reconnecting' }, trace.phases[1]!] }))).toEqual(
    ['phases: grace at 1500, recovered at 6000 simulated, reconnecting at 1500, recovered at 6000 real'],
  )
})

test('another outcome, another number of attempts, and a request that does not settle are differences', () => {
  const [first, second] = trace.requests
  for (const other of [
    { outcome: 'ok (replayed)' },
    { attempts: 3 },
    { settledMs: null, outcome: 'pending' },
  ]) {
    expect(differences(changed({ requests: [{ ...first!, ...other }, second!] }))).toHaveLength(1)
  }
})

test('a time may differ by 150 ms, or by a tenth of the time since the last step', () => {
  expect(differences(late(200))).toEqual([])
  expect(differences(late(201))).toEqual(['online: at 6000 ms simulated, at 6201 ms real'])
  expect(differences(late(-200))).toEqual([])
  expect(differences(late(-201))).toHaveLength(1)
  // Half a second after a step a tenth is little, and 150 ms are allowed.
  const suspected = (atMs: number) =>
    changed({ links: trace.links.map((one, at) => (at === 1 ? { ...one, atMs } : one)) })
  expect(differences(suspected(1_650))).toEqual([])
  expect(differences(suspected(1_651))).toHaveLength(1)
})

test('the largest difference is told, with what it was of', () => {
  expect(compare(trace, late(90), STEPS, UNTIL).largest).toEqual({ ms: 90, of: 'online' })
})

test('what comes after the end is not compared', () => {
  const links = [...trace.links, { atMs: 8_001, what: 'suspect (server)' }]
  expect(differences(changed({ links }), 8_000)).toEqual([])
  const requests = [trace.requests[0]!, { ...trace.requests[1]!, settledMs: 8_500 }]
  expect(differences(changed({ requests }), 8_000)).toEqual([])
})
