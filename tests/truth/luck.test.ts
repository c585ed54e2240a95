import { expect, test } from 'vitest'
import { createFaultBook } from '../../mocks/fault-book.js'
import type { Fault } from '../../mocks/faults.js'
import { seededRandom } from '../../mocks/random.js'
import { createLuck, NUMBER_HEADER } from '../support/proxy/luck.js'

const SEED = 7
const numbered = (number: number) => ({ headers: { [NUMBER_HEADER.toLowerCase()]: String(number) } })
const onSimulator = (id: string | number) => seededRandom(SEED).fork(id).next()

test('what says its number has the luck that the simulator gives to that number, whatever came before', () => {
  const luckOf = createLuck(SEED)
  const met = [9, 4, 12].map((number) => luckOf(numbered(number)).next())
  expect(met).toEqual([9, 4, 12].map(onSimulator))
})

test('what a browser sends again by itself has the luck of a resend on the simulator', () => {
  const luckOf = createLuck(SEED)
  const met = [4, 4, 5, 4].map((number) => luckOf(numbered(number)).next())
  expect(met).toEqual(['4', '4/again/1', '5', '4/again/2'].map(onSimulator))
})

test('what says no number is counted as it comes', () => {
  const luckOf = createLuck(SEED)
  expect([luckOf({ headers: {} }).next(), luckOf({ headers: {} }).next()]).toEqual([1, 2].map(onSimulator))
})

test('a stage that knows only some of the faults strikes the same requests with them', () => {
  const flaky: Fault = { type: 'flaky', probability: 0.5, fault: { type: 'reset' } }
  const struckBy = (...faults: Fault[]) => {
    const book = createFaultBook(Date.now, () => {})
    for (const fault of faults) book.apply(fault)
    return Array.from({ length: 40 }, (_, number) => {
      const struck = book.striking({
        ...{
          method: 'GET',
          url: new URL('http://a/'),
          transport: 'http',
          direction: 'down',
          part: 'request',
        },
        ...{ authorization: null, random: seededRandom(SEED).fork(number), fate: new Map() },
      })
      return struck.some(({ type }) => type === 'reset')
    })
  }
  const alone = struckBy(flaky)
  expect(struckBy({ type: 'blackhole' }, { type: 'latency', ms: 5 }, flaky)).toEqual(alone)
  expect(new Set(alone)).toEqual(new Set([true, false]))
})
