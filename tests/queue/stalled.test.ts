import { afterEach, expect, test, vi } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import type { LockPort } from '../../src/queue/index.js'
import { presence } from '../../src/queue/lock.js'
import { countedStore, rig } from './rig.js'
import { sharedBus, sharedLock, sharedStore } from './tabs.js'

afterEach(() => vi.unstubAllGlobals())

/** Two tabs; the timers and transactions of the first one can be made to stop, as those of a stalled tab do. */
async function tabs(lock: LockPort | null) {
  const clock = manualClock()
  const store = sharedStore()
  const bus = sharedBus()
  let isStalled = false
  const own = {
    ...clock,
    setTimeout: (run: () => void, ms: number) => clock.setTimeout(() => isStalled || run(), ms),
  }
  const a = await rig({ clock: own, store, lock, bus: bus(), seed: 'a' })
  const b = await rig({ clock, store, lock, bus: bus(), seed: 'b' })
  return { a, b, clock, store, stall: (is: boolean) => void (isStalled = is) }
}

test('row 56, I07: a tab that stalls with the lock in its hand is replaced within 15 s, and sends nothing when it wakes', async () => {
  const { a, b, clock, stall } = await tabs(sharedLock().lock)
  await a.add('one')
  await a.add('two')
  await clock.advance(12_000)
  expect([a.sent(), b.sent()]).toEqual([['one'], []])
  stall(true)
  const stalledAt = clock.now()
  while (b.calls.length === 0 && clock.now() < stalledAt + 60_000) await clock.advance(100)
  expect(clock.now() - stalledAt).toBeLessThanOrEqual(15_000)
  expect(b.last().key).toBe(a.last().key)
  b.last().ok()
  await clock.settle()
  expect(b.sent()).toEqual(['one', 'two'])
  // It wakes up and answers late: refusals of a term that is over say nothing.
  stall(false)
  a.last().status(400)
  await clock.advance(2_000)
  expect(b.states()).toEqual(['two sending'])
  expect(a.sent()).toEqual(['one'])
})

test('I07 the one who sends slowly, but is there, is not replaced', async () => {
  const { a, b, clock } = await tabs(sharedLock().lock)
  await a.add('one')
  await clock.advance(110_000)
  expect([a.calls.length, b.calls.length]).toEqual([1, 0])
})

test('I07 while nobody can send nobody holds on, and nobody is replaced when the link is back', async () => {
  const { a, b, clock } = await tabs(sharedLock().lock)
  a.connection.down()
  b.connection.down()
  await a.add('one')
  const term = await a.store.read('ann', [])
  expect(term).toEqual([])
  await clock.advance(600_000)
  expect(clock.pending()).toBe(0)
  b.connection.up()
  a.connection.up()
  await clock.advance(30_000)
  expect([a.sent(), b.sent()]).toEqual([['one'], []])
})

test('ux-58, row 56: without locks, the one who closes gives its lease back, and the other one goes on at once', async () => {
  const { a, b, clock } = await tabs(null)
  await b.add('one')
  expect([a.sent(), b.sent()]).toEqual([['one'], []])
  a.queue.stop()
  await clock.settle()
  expect(b.last().key).toBe(a.last().key)
})

test('row 56: without locks, one that stalls is replaced within 15 s', async () => {
  const { a, b, clock, stall } = await tabs(null)
  await b.add('one')
  await clock.advance(12_000)
  stall(true)
  const stalledAt = clock.now()
  while (b.calls.length === 0 && clock.now() < stalledAt + 60_000) await clock.advance(100)
  expect(clock.now() - stalledAt).toBeLessThanOrEqual(15_000)
  expect(b.last().key).toBe(a.last().key)
})

test('I32 without locks, a page that is put aside takes no part until it is shown again', () => {
  const page = new EventTarget()
  const changes: boolean[] = []
  const stop = presence([page]).hold('queue', (held) => changes.push(held))
  for (const type of ['pageshow', 'freeze', 'pagehide', 'resume', 'pageshow'])
    page.dispatchEvent(new Event(type))
  expect(changes).toEqual([true, false, true])
  stop()
  page.dispatchEvent(new Event('freeze'))
  expect(changes).toHaveLength(3)
})

test('I32 I37 a page that is shown again reads what it has not heard, and whether its person is still there', async () => {
  const page = new EventTarget()
  vi.stubGlobal('document', page)
  vi.stubGlobal('window', new EventTarget())
  const clock = manualClock()
  const store = sharedStore()
  const { lock } = sharedLock()
  const a = await rig({ clock, store, lock, bus: null, seed: 'a' })
  const b = await rig({ clock, store, lock, bus: null, seed: 'b' })
  a.connection.down()
  b.connection.down()
  page.dispatchEvent(new Event('freeze'))
  await a.add('one')
  expect(b.states()).toEqual([])
  page.dispatchEvent(new Event('resume'))
  await clock.settle()
  expect(b.states()).toEqual(['one queued'])
  page.dispatchEvent(new Event('freeze'))
  await a.queue.signOut({ actions: 'keep' })
  page.dispatchEvent(new Event('resume'))
  await clock.settle()
  expect(b.states()).toEqual([])
})

test('I07 the one who sends is not replaced because the store refuses everything for a while: it says that it is there', async () => {
  const clock = manualClock()
  const store = countedStore(sharedStore())
  const bus = sharedBus()
  const { lock } = sharedLock()
  const a = await rig({ clock, store, lock, bus: bus(), seed: 'a' })
  const b = await rig({ clock, store, lock, bus: bus(), seed: 'b' })
  await a.add('one')
  store.refuse = () => new Error('full')
  await clock.advance(40_000)
  store.refuse = () => undefined
  await clock.advance(20_000)
  expect([a.calls.length, b.calls.length]).toEqual([1, 0])
})

test('I31 one that dies while its clock is a day ahead is replaced within two leases, not in a day', async () => {
  const clock = manualClock()
  const shared = { store: sharedStore(), lock: null }
  const bus = sharedBus()
  let isDead = false
  const ahead = {
    ...clock,
    now: () => clock.now() + 24 * 3_600_000,
    setTimeout: (run: () => void, ms: number) => clock.setTimeout(() => isDead || run(), ms),
  }
  const a = await rig({ clock: ahead, ...shared, bus: bus(), seed: 'a' })
  const b = await rig({ clock, ...shared, bus: bus(), seed: 'b' })
  await a.add('one')
  await clock.advance(60_000)
  expect([a.calls.length, b.calls.length]).toEqual([1, 0])
  isDead = true
  await clock.advance(31_000)
  expect(b.sent()).toEqual(['one'])
})
