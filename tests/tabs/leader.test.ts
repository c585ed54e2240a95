import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { lead } from '../../src/tabs/leader.js'
import { createWebLocks } from '../support/web-locks.js'

function setUp() {
  const clock = manualClock()
  const { ofPage, refuse, count } = createWebLocks()
  const tab = () => {
    const page = new EventTarget()
    const told: boolean[] = []
    const wish = lead(clock, 'name', (leads) => void told.push(leads), ofPage().locks, [page])
    return { ...wish, told, fire: (type: string) => page.dispatchEvent(new Event(type)) }
  }
  return { clock, tab, refuse, waiting: count }
}

test('I33 one leads, and the next one as soon as it stops', async () => {
  const { clock, tab, waiting } = setUp()
  const [a, b] = [tab(), tab()]
  expect(a.told).toEqual([])
  await clock.settle()
  expect([a.told, b.told]).toEqual([[true], []])
  a.stop()
  await clock.settle()
  expect([a.told, b.told]).toEqual([[true, false], [true]])
  b.stop()
  await clock.settle()
  expect(waiting()).toBe(0)
})

test.each([
  ['freeze', 'resume'],
  ['pagehide', 'pageshow'],
])('I33 on %s the lead is given back at once, and on %s asked for again', async (goes, comes) => {
  const { clock, tab } = setUp()
  const [a, b] = [tab(), tab()]
  await clock.settle()
  a.fire(goes)
  expect(a.told).toEqual([true, false])
  await clock.settle()
  expect(b.told).toEqual([true])
  a.fire(comes)
  a.fire(comes)
  b.stop()
  await clock.settle()
  expect(a.told).toEqual([true, false, true])
})

test('I33 the lead can be taken from one that has stalled; it hears of that, and waits in line again', async () => {
  const { clock, tab } = setUp()
  const [a, b] = [tab(), tab()]
  await clock.settle()
  b.seize()
  await clock.settle()
  expect([a.told, b.told]).toEqual([[true, false], [true]])
  b.seize()
  b.stop()
  await clock.settle()
  expect([a.told, b.told]).toEqual([
    [true, false, true],
    [true, false],
  ])
})

test('a page that is not allowed a lock asks again a second later, and not after it has stopped', async () => {
  const { clock, tab, refuse } = setUp()
  refuse(true)
  const a = tab()
  await clock.settle()
  refuse(false)
  await clock.advance(999)
  expect(a.told).toEqual([])
  await clock.advance(1)
  expect(a.told).toEqual([true])
  a.stop()
  await clock.settle()
  expect(clock.pending()).toBe(0)
})
