import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import type { QueueNews } from '../../src/queue/index.js'
import { broadcastBus } from '../../src/queue/bus.js'
import { webLocks, type LockManagerLike } from '../../src/queue/lock.js'
import { sharedLock, twoTabs } from './tabs.js'

test('of two tabs one sends, in the order of acceptance of both, and both show the same (I05, I37)', async () => {
  const { a, b } = await twoTabs(sharedLock().lock)
  a.connection.down()
  b.connection.down()
  await b.add('one')
  await a.add('two')
  await b.add('three')
  expect(a.states()).toEqual(['one queued', 'two queued', 'three queued'])
  expect(b.states()).toEqual(a.states())
  a.connection.up()
  b.connection.up()
  for (let n = 0; n < 3; n++) {
    await a.clock.settle()
    expect(b.states()).toEqual(a.states())
    a.last().ok()
  }
  await a.clock.settle()
  expect(a.sent()).toEqual(['one', 'two', 'three'])
  expect(b.calls).toEqual([])
  expect(b.queue.facts).toMatchObject({ waiting: 0, sending: 0, sent: 3, total: 3, persisted: true })
})

test('whoever enqueued in another tab hears how it ended', async () => {
  const { a, b } = await twoTabs(sharedLock().lock)
  const one = await b.add('one')
  a.last().ok('kept here')
  await a.clock.settle()
  expect(await one.settled).toEqual({ outcome: 'confirmed', result: undefined })
  const two = await b.add('two')
  a.last().status(400)
  await a.clock.settle()
  expect(await two.settled).toEqual({ outcome: 'failed', why: 'rejected', status: 400 })
})

test('ux-58: when the one who sends goes, the other goes on at once, with the same key', async () => {
  const { a, b } = await twoTabs(sharedLock().lock)
  await b.add('one')
  expect(a.sent()).toEqual(['one'])
  a.queue.stop()
  await b.clock.settle()
  expect(b.last().key).toBe(a.last().key)
})

test('release lets another tab send, and the returned function asks again (I32)', async () => {
  const { a, b } = await twoTabs(sharedLock().lock)
  const resume = a.queue.release()
  await b.add('one')
  expect([a.sent(), b.sent()]).toEqual([[], ['one']])
  resume()
  b.queue.release()
  await a.clock.settle()
  // What the other one had begun is unknown to this one: the same key again.
  expect(a.last().key).toBe(b.last().key)
})

test('a tab that slept through losing the lock sends nothing more: the store says who sends (I07)', async () => {
  const { lock, steal } = sharedLock()
  const { a, b, clock } = await twoTabs(lock)
  await a.add('one')
  steal()
  await clock.settle()
  // The other one has taken over and sent it again under its key; the sleeper's answer still counts.
  expect(b.last().key).toBe(a.last().key)
  a.last().ok()
  await clock.settle()
  expect(a.states()).toEqual([])
  await a.add('two')
  expect(a.sent()).toEqual(['one'])
})

test('a late failure of a tab that no longer sends changes nothing (I07, I20)', async () => {
  const { lock, steal } = sharedLock()
  const { a, b, clock } = await twoTabs(lock)
  await a.add('one')
  steal()
  await clock.settle()
  a.last().status(400)
  await clock.settle()
  expect(b.states()).toEqual(['one sending'])
  b.last().ok()
  await clock.settle()
  expect(b.states()).toEqual([])
})

test('without locks the one who sends keeps its lease while it has something to do', async () => {
  const { a, b, clock } = await twoTabs(null)
  await a.add('one')
  await clock.advance(60_000)
  expect([a.calls.length, b.calls.length]).toEqual([1, 0])
})

test('with nothing to do there is no timer, with or without locks', async () => {
  for (const lock of [sharedLock().lock, null]) {
    const { a, clock } = await twoTabs(lock)
    await clock.advance(60_000)
    expect(clock.pending()).toBe(0)
    await a.add('one')
    a.last().ok()
    await clock.advance(60_000)
    expect(clock.pending()).toBe(0)
  }
})

test('Web Locks are let go when the page is frozen or put aside, and asked for again (I32)', async () => {
  const clock = manualClock()
  const held = new Map<string, boolean>()
  const waiting: (() => void)[] = []
  let busy = false
  const locks: LockManagerLike = {
    query: async () => ({}),
    async request(_name, { signal }, hold) {
      if (busy) await new Promise<void>((resolve) => waiting.push(resolve))
      if (signal.aborted) throw signal.reason
      busy = true
      await hold()
      busy = false
      waiting.shift()?.()
    },
  }
  const pages = { a: new EventTarget(), b: new EventTarget() }
  const stops = (['a', 'b'] as const).map((tab) =>
    webLocks(clock, locks, [pages[tab]])!.hold('queue', (is) => held.set(tab, is)),
  )
  await clock.settle()
  expect([...held]).toEqual([['a', true]])
  pages.a.dispatchEvent(new Event('freeze'))
  await clock.settle()
  expect(held).toEqual(
    new Map([
      ['a', false],
      ['b', true],
    ]),
  )
  pages.a.dispatchEvent(new Event('resume'))
  pages.b.dispatchEvent(new Event('pagehide'))
  await clock.settle()
  expect(held).toEqual(
    new Map([
      ['a', true],
      ['b', false],
    ]),
  )
  for (const stop of stops) stop()
  await clock.settle()
  expect([busy, held.get('a')]).toEqual([false, false])
})

test('a stolen Web Lock is noticed, and asked for again', async () => {
  const clock = manualClock()
  const changes: boolean[] = []
  let steal: (error: Error) => void = () => {}
  const locks: LockManagerLike = {
    query: async () => ({}),
    request: (_name, _options, hold) => Promise.race([hold(), new Promise((_, reject) => (steal = reject))]),
  }
  const stop = webLocks(clock, locks, [])!.hold('queue', (held) => changes.push(held))
  await clock.settle()
  steal(new Error('stolen'))
  await clock.settle()
  expect(changes).toEqual([true, false, true])
  stop()
})

test('what the channel brings is checked before it is believed', async () => {
  const heard: QueueNews[] = []
  const stop = broadcastBus('queue-test')!.listen((news) => heard.push(news))
  const other = new BroadcastChannel('queue-test')
  const good: QueueNews = { scope: 'ann', changed: [1], ended: [] }
  for (const message of [
    null,
    'x',
    { scope: 1 },
    { ...good, changed: ['a'] },
    { ...good, ended: [null] },
    { ...good, ended: [{ position: 1, id: 'x', outcome: 'forgotten' }] },
    { ...good, ended: [{ position: 1, id: 'x', outcome: 'toString' }] },
    { ...good, said: 'hello' },
    { ...good, changed: Array.from({ length: 100_001 }, () => 1) },
    good,
  ]) {
    other.postMessage(message)
  }
  while (heard.length === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(heard).toEqual([good])
  other.close()
  stop()
})

test('I21 locks that are refused are asked for again in a second, not at once for ever', async () => {
  const clock = manualClock()
  let asked = 0
  const locks = {
    request() {
      asked += 1
      return asked > 9 ? new Promise(() => {}) : Promise.reject(new DOMException('denied', 'SecurityError'))
    },
    query: () => Promise.resolve(),
  }
  const stop = webLocks(clock, locks, [])?.hold('queue', () => {})
  await clock.advance(2_500)
  expect(asked).toBe(3)
  stop?.()
  await clock.advance(5_000)
  expect(asked).toBe(3)
})
