import { expect, test } from 'vitest'
import type { Moment } from '../../stories/film/shoot.js'
import { telling } from '../../stories/film/telling.js'

const moment = (atMs: number, phase: string, more: Partial<Moment> = {}): Moment => ({
  ...{ atMs, at: atMs, view: { phase, surface: 'none' } as Moment['view'], actions: [], orders: [] },
  news: { state: 'live', said: 0, came: 0, heard: 0 },
  server: { orders: 0, askedAgain: 0 },
  ...{ askedForMs: null, hasSignedIn: false },
  ...more,
})

/** As many phases as that, one after the other, a second each. */
const phases = (count: number) => Array.from({ length: count }, (_, at) => moment(at * 1000, `phase ${at}`))

test('R38: a film of more moments than a screen has room for says how many it leaves out, and shows how it ends', () => {
  const frames = telling(phases(20), 20_000)
  expect(frames.map(({ view, leftOut }) => `${view.phase}, ${leftOut}`)).toEqual([
    ...Array.from({ length: 10 }, (_, at) => `phase ${at}, 0`),
    'phase 19, 9',
  ])
})

test('R38: a film that fits is shown whole', () => {
  expect(telling(phases(12), 12_000).map(({ leftOut }) => leftOut)).toEqual(Array(12).fill(0))
})

test('R38: where the kit tells little, a film shows what else changes on the page', () => {
  const news = { said: 0, came: 0, heard: 0 }
  const frames = telling(
    [
      moment(0, 'online'),
      moment(1000, 'online', { orders: [{} as never] }),
      moment(2000, 'online', { orders: [{} as never], news: { ...news, state: 'waiting' } }),
      moment(2100, 'online', { orders: [{} as never], news: { ...news, state: 'connecting' } }),
      moment(2900, 'online', { orders: [{} as never], news: { ...news, state: 'live' } }),
    ],
    9000,
  )
  expect(frames.map(({ atMs, lastsMs }) => [atMs, lastsMs])).toEqual([
    [0, 1000],
    [1000, 1100],
    [2100, 800],
    [2900, null],
  ])
})

test('R38: what comes within a blink of the end is not shown as if it had been there before', () => {
  const frames = telling([moment(0, 'one'), moment(1000, 'two'), moment(9900, 'three')], 10_000)
  expect(frames.map(({ atMs, view }) => [atMs, view.phase])).toEqual([
    [0, 'one'],
    [1000, 'two'],
  ])
})
