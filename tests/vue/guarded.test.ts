import { afterEach, expect, test, vi } from 'vitest'
import { nextTick, shallowRef } from 'vue'
import { manualClock } from '../../mocks/manual-clock.js'
import { seededRandom } from '../../mocks/random.js'
import { createGuard, type GuardOptions } from '../../src/guard/index.js'
import { fixed } from '../../src/index.js'
import { useGuarded } from '../../src/vue/guard.js'
import { mountWith } from './live-rig.js'

afterEach(() => vi.unstubAllGlobals())

/** A feature that answers with how often it was asked, in a component that is mounted. */
function rig(options: Partial<GuardOptions> = {}) {
  const clock = manualClock()
  const feature = { afterMs: 10, isBroken: false }
  const asked: string[] = []
  const key = shallowRef('42')
  const guard = createGuard({
    ...{ name: 'stock', slowAfterMs: 800, minCalls: 2, rest: fixed(30_000) },
    ...{ clock, random: seededRandom(1), ...options },
  })
  const ask = (signal?: AbortSignal) => {
    asked.push(key.value)
    const { afterMs, isBroken } = feature
    const answer = `${key.value}: ${asked.length}`
    return new Promise<string>((resolve, reject) => {
      clock.setTimeout(() => (isBroken ? reject(new TypeError('broken')) : resolve(answer)), afterMs)
      signal?.addEventListener('abort', () => reject(signal.reason as Error))
    })
  }
  /** How many hear of the guard. */
  const hearers = { count: 0 }
  const subscribe = guard.subscribe
  guard.subscribe = (listener) => {
    hearers.count++
    const stop = subscribe(listener)
    return () => (hearers.count--, stop())
  }
  const mounted = mountWith(() => useGuarded(guard, ask, { key, againMs: 10_000 }))
  const shown = () => {
    const { answer, ageMs, error } = mounted.is
    return [answer.value?.value, answer.value?.stale, ageMs.value, error.value !== null]
  }
  return { clock, feature, asked, key, guard, ask, hearers, mounted, shown }
}

test('B15: it is asked for once mounted, and while that is fresh nothing runs', async () => {
  const { clock, asked, shown } = rig()
  expect(shown()).toEqual([undefined, undefined, 0, false])
  await clock.advance(10)
  expect([shown(), clock.pending()]).toEqual([['42: 1', null, 0, false], 0])
  await clock.advance(3_600_000)
  expect(asked).toHaveLength(1)
})

test('B15: what is old is shown with its age, counted on by the second, and asked for again until it is fresh', async () => {
  const { clock, feature, asked, mounted, shown } = rig({ minCalls: 100 })
  await clock.advance(10)
  feature.isBroken = true
  void mounted.is.refresh()
  await clock.advance(4_500)
  expect(shown()).toEqual(['42: 1', 'failed', 4_000, false])
  await clock.advance(500)
  expect(shown()).toEqual(['42: 1', 'failed', 5_000, false])
  feature.isBroken = false
  const before = asked.length
  await clock.advance(12_500)
  expect([asked.length - before, shown(), clock.pending()]).toEqual([1, ['42: 3', null, 0, false], 0])
})

test('R32: a slow one is shown as it was, and as it is as soon as the answer comes', async () => {
  const { clock, feature, mounted, shown } = rig({ minCalls: 100 })
  await clock.advance(10)
  feature.afterMs = 3_000
  void mounted.is.refresh()
  await clock.advance(800)
  expect(shown()).toEqual(['42: 1', 'slow', 0, false])
  await clock.advance(2_200)
  expect(shown()).toEqual(['42: 2', null, 0, false])
})

test('I26: while the guard rests nothing is asked before its time; then one asks, and brings the others back', async () => {
  const { clock, feature, asked, guard, ask, mounted, shown } = rig()
  const other = mountWith(() => useGuarded(guard, ask, { key: 'other' }))
  await clock.advance(10)
  feature.isBroken = true
  void mounted.is.refresh()
  void other.is.refresh()
  await clock.advance(10)
  expect(mounted.is.state.value.name).toBe('open')
  const before = asked.length
  await clock.advance(29_999)
  expect([asked.length - before, shown()[1], other.is.ageMs.value]).toEqual([0, 'resting', 30_000])
  feature.isBroken = false
  await clock.advance(1)
  expect([asked.length - before, mounted.is.state.value.name]).toEqual([1, 'half-open'])
  await clock.advance(20)
  expect([asked.length - before, mounted.is.state.value.name]).toEqual([2, 'closed'])
  expect([shown()[1], other.is.answer.value?.stale, clock.pending()]).toEqual([null, null, 0])
})

test('B15: with nothing kept its error is shown, and it is asked for again', async () => {
  const { clock, feature, asked, key, shown } = rig({ minCalls: 100 })
  await clock.advance(10)
  feature.isBroken = true
  key.value = '43'
  expect(shown()).toEqual([undefined, undefined, 0, false])
  await clock.advance(10)
  expect(shown()).toEqual([undefined, undefined, 0, true])
  feature.isBroken = false
  await clock.advance(12_600)
  expect([asked.at(-1), shown()[1], shown()[3]]).toEqual(['43', null, false])
})

test('B15: what is older than it may be goes, and its error is shown instead', async () => {
  const { clock, feature, mounted, shown } = rig({ minCalls: 100, maxAgeMs: 60_000 })
  await clock.advance(10)
  feature.isBroken = true
  void mounted.is.refresh()
  await clock.advance(55_000)
  expect(shown()).toEqual(['42: 1', 'failed', 55_000, false])
  await clock.advance(20_000)
  expect(shown()).toEqual([undefined, undefined, 0, true])
})

test('B15: the answer to another key is not shown, however late the first one comes', async () => {
  const { clock, feature, key, shown } = rig()
  await clock.advance(10)
  feature.afterMs = 500
  key.value = '43'
  feature.afterMs = 100
  key.value = '44'
  await nextTick()
  await clock.advance(600)
  expect(shown()).toEqual(['44: 3', null, 0, false])
})

test('B15: nothing is asked by itself while the page is hidden, and at once when it is seen again', async () => {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  vi.stubGlobal('document', page)
  const { clock, feature, asked, mounted } = rig({ minCalls: 100 })
  await clock.advance(10)
  feature.isBroken = true
  void mounted.is.refresh()
  await clock.advance(10)
  page.visibilityState = 'hidden'
  page.dispatchEvent(new Event('visibilitychange'))
  const before = asked.length
  await clock.advance(600_000)
  expect(asked).toHaveLength(before)
  page.visibilityState = 'visible'
  page.dispatchEvent(new Event('visibilitychange'))
  expect(asked).toHaveLength(before + 1)
})

test('whoever goes leaves nothing behind, and what they have asked for is given up', async () => {
  const { clock, feature, guard, mounted } = rig({ minCalls: 1 })
  await clock.advance(10)
  feature.afterMs = 60_000
  void mounted.is.refresh()
  await clock.advance(100)
  mounted.unmount()
  await clock.settle()
  expect(guard.state.name).toBe('closed')
  await clock.advance(60_000)
  expect(clock.pending()).toBe(0)
})

test('whoever goes while it is not fresh asks for nothing any more, and no timer runs', async () => {
  const { clock, feature, asked, guard, ask, hearers, mounted } = rig({ minCalls: 2, rest: fixed(1_000) })
  await clock.advance(10)
  feature.isBroken = true
  void mounted.is.refresh()
  void mounted.is.refresh()
  await clock.advance(500)
  expect([guard.state.name, clock.pending(), hearers.count]).toEqual(['open', 2, 2])
  mounted.unmount()
  expect([clock.pending(), hearers.count]).toEqual([0, 0])
  feature.isBroken = false
  await clock.advance(1_000)
  const before = asked.length
  void guard.call(ask)
  await clock.advance(1_000)
  expect([guard.state.name, asked.length - before]).toEqual(['closed', 1])
})

test('B15: an older answer that comes later is no news', async () => {
  const { clock, feature, mounted, shown } = rig({ minCalls: 100 })
  await clock.advance(10)
  feature.isBroken = true
  feature.afterMs = 700
  void mounted.is.refresh()
  Object.assign(feature, { isBroken: false, afterMs: 100 })
  void mounted.is.refresh()
  await clock.advance(200)
  expect(shown()).toEqual(['42: 3', null, 0, false])
  await clock.advance(700)
  expect(shown()).toEqual(['42: 3', null, 0, false])
})

test('againMs says what is wrong with it', () => {
  const guard = createGuard({ name: 'stock' })
  expect(() => useGuarded(guard, async () => 1, { key: 'a', againMs: 10 })).toThrow(
    'useGuarded.againMs is 10; allowed: a number from 1000 to 3600000',
  )
})
