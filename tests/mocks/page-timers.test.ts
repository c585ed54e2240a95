import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPageTimers } from '../../mocks/device/page-timers.js'
import { manualClock } from '../../mocks/manual-clock.js'
import type { Stop } from '../../src/core/state.js'

const START_AT = Date.UTC(2026, 0, 1, 9)
let takeBack: Stop = () => {}
afterEach(() => {
  takeBack()
  vi.unstubAllGlobals()
})

function installed() {
  const clock = manualClock()
  const timers = createPageTimers()
  const stop = timers.install(clock)
  takeBack = stop
  return { clock, timers, stop }
}

const originals = { setTimeout, setInterval, clearTimeout, clearInterval, Date }
beforeEach(() => expect(globalThis).toMatchObject(originals))

test('timers run at the times of the clock, in their order, with what they were given', async () => {
  const { clock } = installed()
  const ran: unknown[] = []
  const note = (...what: unknown[]) => ran.push([clock.now() - START_AT, ...what])
  setTimeout(note, 300, 'late', 1)
  setTimeout(note, 100, 'soon')
  setInterval(note, 120, 'again')
  await clock.advance(300)
  expect(ran).toEqual([
    [100, 'soon'],
    [120, 'again'],
    [240, 'again'],
    [300, 'late', 1],
  ])
})

test('what is cleared does not run, by whichever of the two it is cleared, and within its own turn', async () => {
  const { clock } = installed()
  const ran: string[] = []
  clearInterval(setTimeout(() => ran.push('timeout'), 10))
  clearTimeout(setInterval(() => ran.push('interval'), 10))
  const twice = setInterval(() => ran.push('twice') === 2 && clearInterval(twice), 10)
  clearTimeout(undefined)
  await clock.advance(1000)
  expect(ran).toEqual(['twice', 'twice'])
  expect(clock.pending()).toBe(0)
})

test('a timer that sets itself again at once does not hold the time up', async () => {
  const { clock } = installed()
  let turns = 0
  const turn = (): void => {
    turns += 1
    setTimeout(turn, 0)
  }
  turn()
  await clock.advance(20)
  expect(turns).toBe(21)
})

test('the Date says the time of the clock, and is the page’s own in all else', async () => {
  const { clock } = installed()
  await clock.advance(1500)
  expect([Date.now(), new Date().getTime()]).toEqual([START_AT + 1500, START_AT + 1500])
  expect(Date()).toBe(new originals.Date(START_AT + 1500).toString())
  expect(new Date(7).getTime()).toBe(7)
  expect(new Date()).toBeInstanceOf(originals.Date)
  expect(Date.UTC(1970, 0, 2)).toBe(86_400_000)
})

test('taken back, the page has its own again, and what was set meanwhile never runs', async () => {
  const { clock, stop } = installed()
  let ran = 0
  setTimeout(() => ran++, 10)
  stop()
  expect(globalThis).toMatchObject(originals)
  await clock.advance(100)
  expect([ran, clock.pending()]).toEqual([0, 0])
})

test('an application that goes cannot clear the timers of the next one', async () => {
  const { clock, timers, stop } = installed()
  const old = setTimeout(() => {}, 10)
  stop()
  takeBack = timers.install(clock)
  let ran = 0
  setTimeout(() => ran++, 10)
  clearTimeout(old)
  await clock.advance(10)
  expect(ran).toBe(1)
})

test('what was set before is cleared as before', () => {
  const cleared: unknown[] = []
  vi.stubGlobal('clearTimeout', (id: unknown) => cleared.push(id))
  takeBack = createPageTimers().install(manualClock())
  clearTimeout(42)
  expect(cleared).toEqual([42])
})

test('what is cleared when it has run, or by who has gone, clears no timer of the page’s own', async () => {
  const cleared: number[] = []
  // A page takes 32 bits of it.
  vi.stubGlobal('clearTimeout', (id: number) => cleared.push(id | 0))
  const { clock, stop } = installed()
  const id = Number(setTimeout(() => {}, 10))
  await clock.advance(10)
  clearTimeout(id)
  stop()
  clearTimeout(id)
  expect(cleared).toEqual([id, id])
})

test.each([Infinity, 2 ** 31, -7, 'soon', undefined])(
  'a delay of %s is none, as in a page',
  async (delay) => {
    const { clock } = installed()
    let ran = 0
    setTimeout(() => ran++, delay as number)
    await clock.advance(1)
    expect(ran).toBe(1)
  },
)

test('what a timer throws is uncaught in the page, and those after it run', async () => {
  const uncaught: (() => void)[] = []
  vi.stubGlobal('setTimeout', (run: () => void) => uncaught.push(run))
  const { clock } = installed()
  let ran = 0
  setTimeout(() => {
    throw new Error('of the application’s own')
  }, 10)
  setTimeout(() => ran++, 20)
  await clock.advance(20)
  expect(ran).toBe(1)
  expect(() => uncaught[0]?.()).toThrow('of the application’s own')
})

test('the real time goes on beside it', async () => {
  const { timers } = installed()
  const passed = await new Promise((resolve) => timers.real.setTimeout(() => resolve('passed'), 1))
  expect(passed).toBe('passed')
  expect(timers.real.now()).toBeGreaterThan(START_AT)
})
