import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hear, type Heard } from '../../../mocks/storybook/panel/heard.js'
import { pack, ticksOf, timelineOf, type Bar } from '../../../mocks/storybook/panel/timeline.js'
import type { Told } from '../../../mocks/storybook/messages.js'
import { line, START_AT, told } from './told.js'

const heard = (more: Partial<Told>): Heard => hear(null, told(more))!

const barsOf = (given: Heard, name: string) =>
  timelineOf(given)
    .lanes.filter((lane) => lane.name === name)
    .flatMap(({ rows }) => rows.flat())
    .map(({ fromMs, toMs, label, tone }) => [fromMs, toMs, label, tone])

test('device, network and server show what is planned, also what is still to come', () => {
  const given = heard({
    script: {
      seed: 1,
      commands: [
        { atMs: 0, do: 'run', what: 'offline-4s' },
        { atMs: 2000, do: 'begin', what: 'status-503' },
      ],
    },
  })
  expect(barsOf(given, 'device')).toEqual([[1000, 5000, 'offline', 'bad']])
  expect(barsOf(given, 'server')).toEqual([[2000, 20_000, 'answers 503', 'bad']])
})

test('connection and phase are one value after the other, up to now; lanes that nobody watches are not there', () => {
  const given = heard({
    nowMs: 3000,
    marks: [
      { lane: 'connection', atMs: 0, value: 'connecting' },
      { lane: 'connection', atMs: 40, value: 'online' },
      { lane: 'connection', atMs: 1000, value: 'waiting' },
    ],
  })
  expect(barsOf(given, 'connection')).toEqual([
    [0, 40, 'connecting', 'info'],
    [40, 1000, 'online', 'ok'],
    [1000, 3000, 'waiting', 'bad'],
  ])
  expect(timelineOf(given).lanes.map(({ name }) => name)).toEqual([
    'device',
    'network',
    'server',
    'connection',
    'requests',
  ])
})

test('a request is as long as it took; what is under way goes on until now', () => {
  const given = heard({
    nowMs: 900,
    log: [line(1, 140, { ms: 40 }), line(2, 500, { ms: 300, end: 'refused', status: null })],
    underWay: [
      {
        id: 3,
        who: 'fetch',
        transport: 'http',
        method: 'POST',
        url: 'https://api.example/list',
        leftAt: START_AT + 700,
      },
    ],
  })
  expect(barsOf(given, 'requests')).toEqual([
    [100, 140, '', 'ok'],
    [200, 500, '', 'bad'],
    [700, 900, '', 'info'],
  ])
})

test('a socket is open from its handshake to its end, and until now while it has none', () => {
  const socket = { transport: 'ws', who: 'ws', url: 'wss://api.example/ws' } as const
  const open = line(1, 100, { ...socket, status: 101, ms: 80 })
  const close = { code: 1012, reason: '', wasClean: true, up: 1, down: 2 }
  expect(barsOf(heard({ nowMs: 5000, log: [open] }), 'sockets')).toEqual([[20, 5000, '/ws', 'ok']])
  const ended = line(1, 3000, { ...socket, status: 101, end: 'closed', ms: 2980, close })
  expect(barsOf(heard({ nowMs: 5000, log: [open, ended] }), 'sockets')).toEqual([[20, 3000, '/ws', 'ok']])
  const titleOf = (log: Told['log']) =>
    timelineOf(heard({ nowMs: 5000, log })).lanes.at(-1)?.rows[0]?.[0]?.title
  expect(titleOf([open])).toBe('#1 GET /ws: 101, 0.08 s, open for 4.90 s, still open')
  expect(titleOf([open, ended])).toBe('#1 GET /ws: 101, 0.08 s, open for 2.90 s, closed (1012)')
})

test('the picture is long enough for the scenario and for what was lived through, and grows in steps', () => {
  const offline = { seed: 1, commands: [{ atMs: 0, do: 'run' as const, what: 'offline-60s' }] }
  expect(timelineOf(heard({})).lengthMs).toBe(20_000)
  expect(timelineOf(heard({ script: offline })).lengthMs).toBe(70_000)
  expect(timelineOf(heard({ nowMs: 18_999 })).lengthMs).toBe(20_000)
  expect(timelineOf(heard({ nowMs: 19_001 })).lengthMs).toBe(30_000)
})

const bar = fc.record({ fromMs: fc.nat(1000), lasts: fc.nat(300) }).map(({ fromMs, lasts }): Bar => ({
  ...{ key: '', fromMs, toMs: fromMs + lasts, tone: 'ok', label: '', title: '', request: null },
}))

test('property: packed bars are all there, in as few rows as needed, and overlap in the last row only', () => {
  fc.assert(
    fc.property(fc.array(bar, { maxLength: 30 }), fc.integer({ min: 1, max: 6 }), (bars, most) => {
      const rows = pack(bars, most)
      expect(rows.length).toBeLessThanOrEqual(most)
      expect(rows.flat()).toHaveLength(bars.length)
      for (const row of rows.slice(0, most - 1)) {
        row.forEach((one, at) => at > 0 && expect(row[at - 1]!.toMs).toBeLessThanOrEqual(one.fromMs))
      }
    }),
  )
})

test('the lines of the ruler stand at round times, about eight of them', () => {
  expect(ticksOf(20_000)).toEqual([0, 5000, 10_000, 15_000, 20_000])
  expect(ticksOf(70_000)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000])
  for (const length of [10_000, 130_000, 990_000]) {
    expect(ticksOf(length).length).toBeGreaterThan(3)
    expect(ticksOf(length).length).toBeLessThan(12)
  }
})
