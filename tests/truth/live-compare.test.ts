import { expect, test } from 'vitest'
import { compareClient } from './live/live-compare.js'
import type { Happening, LiveTrace, Seen, TransportName } from './live/diary.js'

const said = (atMs: number, on: number, what: string, hintMs: number | null = null): Happening => {
  return { atMs, on, what, hintMs }
}
const seen: Seen<TransportName> = {
  ws: [
    said(10, 1, 'open'),
    said(1_500, 1, 'DRAIN', 8_000),
    said(4_000, 1, 'close 1012 clean'),
    said(5_000, 2, 'open'),
  ],
  sse: [said(20, 1, 'answered 200'), said(1_500, 1, 'DRAIN', 8_005)],
  poll: [said(1_500, 1, 'DRAIN at 1+1', 8_010)],
}
const trace: LiveTrace = { seen, departures: [] }
const MOMENTS = [1_000, 4_000]

const changed = (change: Partial<Seen<TransportName>>): LiveTrace => ({
  ...trace,
  seen: { ...seen, ...change },
})
const differences = (real: LiveTrace, untilMs = 10_000) =>
  compareClient('ws', { simulated: trace, real }, MOMENTS, untilMs).differences
const withWs = (at: number, change: Partial<Happening>) =>
  changed({ ws: seen.ws.map((one, index) => (index === at ? { ...one, ...change } : one)) })

test('a trace is the same as itself, and so is one whose two connections speak in another order', () => {
  expect(compareClient('ws', { simulated: trace, real: trace }, MOMENTS, 10_000)).toEqual({
    differences: [],
    largest: { ms: 0, of: 'nothing' },
  })
  const [open, drain, close, second] = seen.ws
  expect(differences(changed({ ws: [open!, drain!, second!, close!] }))).toEqual([])
})

test('something more, less or other is a difference, whenever it comes', () => {
  expect(differences(changed({ ws: seen.ws.slice(0, 3) }))).toHaveLength(1)
  expect(differences(changed({ ws: [...seen.ws, said(5_001, 2, 'error')] }))).toHaveLength(1)
  expect(differences(withWs(2, { what: 'close 1012 not clean' }))).toHaveLength(1)
  expect(differences(withWs(1, { hintMs: null }))[0]).toMatch(/^ws: 1 open/)
})

test('times may differ by 150 ms or by a tenth of the time since the last step; what was told of times by a tenth of it', () => {
  expect(differences(withWs(2, { atMs: 4_150 }))).toEqual([])
  expect(differences(withWs(2, { atMs: 4_151 }))).toEqual([
    'ws 1, close 1012 clean: at 4000 ms simulated, at 4151 ms real',
  ])
  expect(differences(withWs(1, { hintMs: 8_004 }))).toEqual([])
  expect(differences(withWs(1, { hintMs: 7_199 }))[0]).toBe(
    'ws 1, DRAIN: 8000 ms told simulated, 7199 ms real',
  )
})

test('who stands where in the row is compared, however little it makes', () => {
  const other = changed({ sse: [seen.sse[0]!, said(1_500, 1, 'DRAIN', 8_010)] })
  expect(differences(other)).toEqual(['places in the row: ws, sse, poll simulated, ws, sse and poll real'])
})

test('what comes after the end is not compared', () => {
  expect(differences(changed({ ws: [...seen.ws, said(8_001, 2, 'error')] }), 8_000)).toEqual([])
})
