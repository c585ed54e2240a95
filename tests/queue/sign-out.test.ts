import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import type { Action, QueueNews } from '../../src/queue/index.js'
import { countedStore, rig } from './rig.js'
import { sharedBus, sharedLock, sharedStore, twoTabs } from './tabs.js'

const NOTHING = { waiting: 0, sending: 0, failed: 0, unconfirmed: 0, sent: 0, total: 0, lastWriteAt: null }

test('I15 keep: what is in flight is aborted, nothing is shown or accepted, and all of it is there again', async () => {
  const store = sharedStore()
  const desk = await rig({ store, lock: sharedLock().lock, bus: null })
  const one = await desk.add('one')
  await desk.add('two')
  const { signal } = desk.last()
  await desk.queue.signOut({ actions: 'keep' })
  expect(signal.aborted).toBe(true)
  expect(await one.settled).toEqual({ outcome: 'stopped' })
  expect([desk.queue.actions, desk.queue.facts]).toMatchObject([[], NOTHING])
  await expect(desk.queue.enqueue({ handler: 'order', payload: 1, label: 'late' })).rejects.toMatchObject({
    code: 'stopped',
  })
  await desk.clock.advance(60_000)
  expect(desk.calls).toHaveLength(1)
  // The same person signs in again: the aborted one goes first, under its key.
  desk.queue.start()
  await desk.clock.settle()
  expect(desk.states()).toEqual(['one sending', 'two queued'])
  expect(desk.last()).toMatchObject({ key: one.key, attempt: 2 })
})

test('I15 erase: nothing is left in the store, records that are no actions neither; callers hear how it ended', async () => {
  const store = sharedStore()
  await store.write({ scope: 'ann', positions: [], durability: 'strict' }, (draft) =>
    draft.put({ scope: 'ann', position: 9 } as Action),
  )
  const desk = await rig({ store, lock: sharedLock().lock, bus: null })
  expect(desk.queue.facts.aside).toBe(1)
  const one = await desk.add('one')
  const two = await desk.add('two')
  await desk.queue.signOut({ actions: 'erase' })
  expect([await one.settled, await two.settled]).toEqual([
    { outcome: 'unconfirmed' },
    { outcome: 'discarded' },
  ])
  const rows: unknown[] = []
  await store.load('ann', (page) => void rows.push(...page))
  expect(rows).toEqual([])
})

test('I15 export: erased only when it is saved; what was in flight is handed over as unknown', async () => {
  const store = sharedStore()
  const desk = await rig({ store, lock: sharedLock().lock, bus: null })
  await desk.add('one')
  await desk.add('two')
  const refuse = new Error('no room for the file')
  await expect(desk.queue.signOut({ actions: 'export', save: () => Promise.reject(refuse) })).rejects.toBe(
    refuse,
  )
  expect(desk.queue.actions).toEqual([])
  desk.queue.start()
  await desk.clock.settle()
  expect(desk.states()).toEqual(['one sending', 'two queued'])
  let saved: readonly Action[] = []
  await desk.queue.signOut({ actions: 'export', save: (actions) => void (saved = actions) })
  expect(saved.map(({ label, state }) => `${label} ${state.name}`)).toEqual(['one unconfirmed', 'two queued'])
  expect(await store.read('ann', [1, 2])).toEqual([undefined, undefined])
})

test('I14 I15 in mid-replay in another tab: it is told, aborts, shows nothing and sends nothing more', async () => {
  const { a, b, clock } = await twoTabs(sharedLock().lock)
  await a.add('one')
  await a.add('two')
  expect(a.sent()).toEqual(['one'])
  await b.queue.signOut({ actions: 'keep' })
  await clock.settle()
  expect(a.calls[0]!.signal.aborted).toBe(true)
  expect([a.queue.actions, b.queue.actions]).toEqual([[], []])
  await clock.advance(60_000)
  expect([a.calls.length, b.calls.length]).toEqual([1, 0])
})

test('I14 a tab that heard nothing of it asks the store right before sending, and accepting, and is over', async () => {
  const clock = manualClock()
  const store = sharedStore()
  const { lock } = sharedLock()
  const a = await rig({ clock, store, lock, bus: null, seed: 'a' })
  const b = await rig({ clock, store, lock, bus: null, seed: 'b' })
  a.connection.down()
  await a.add('one')
  await b.queue.signOut({ actions: 'keep' })
  await expect(a.queue.enqueue({ handler: 'order', payload: 1, label: 'late' })).rejects.toMatchObject({
    code: 'unauthorized',
  })
  a.connection.up()
  await clock.advance(5_000)
  expect(a.calls).toEqual([])
  expect(a.queue.actions).toEqual([])
})

test('I14 another person signs in: the one who left is neither shown nor sent, and the same one goes on later', async () => {
  const clock = manualClock()
  const store = sharedStore()
  const bus = sharedBus()
  const { lock } = sharedLock()
  const ann = await rig({ clock, store, lock, bus: bus(), scope: 'ann', seed: 'a' })
  ann.connection.down()
  await ann.add('of ann')
  await ann.queue.signOut({ actions: 'keep' })
  const bob = await rig({ clock, store, lock: sharedLock().lock, bus: bus(), scope: 'bob', seed: 'b' })
  await bob.add('of bob')
  bob.last().ok()
  await clock.advance(30_000)
  expect(bob.sent()).toEqual(['of bob'])
  await bob.queue.signOut({ actions: 'erase' })
  const again = await rig({ clock, store, lock: sharedLock().lock, bus: bus(), scope: 'ann', seed: 'c' })
  expect(again.sent()).toEqual(['of ann'])
  again.queue.stop()
  await clock.settle()
  expect(clock.pending()).toBe(0)
})

test('I14 old or forged news of a sign-out is checked with the store, and changes nothing', async () => {
  const bus = sharedBus()
  const forger = bus()
  const desk = await rig({ store: sharedStore(), lock: sharedLock().lock, bus: bus() })
  await desk.add('one')
  const news: QueueNews = { scope: 'ann', changed: [], ended: [], said: 'signed-out' }
  forger.post(news)
  await desk.clock.settle()
  expect(desk.states()).toEqual(['one sending'])
})

test('I15 where the store refuses, nothing is shown or sent all the same, and the caller hears of it', async () => {
  const store = countedStore()
  const desk = await rig({ store })
  desk.connection.down()
  await desk.add('one')
  store.refuse = () => new Error('no')
  await expect(desk.queue.signOut({ actions: 'erase' })).rejects.toThrow('no')
  store.refuse = () => undefined
  expect(desk.queue.actions).toEqual([])
  expect(await store.read('ann', [1])).toMatchObject([{ label: 'one' }])
})

test('a bad choice is refused by its name, and the person stays', async () => {
  const desk = await rig()
  await expect(desk.queue.signOut({ actions: 'burn' as never })).rejects.toThrow(
    'signOut.actions is "burn"; allowed: "keep", "export", "erase"',
  )
  await expect(desk.queue.signOut({ actions: 'export' })).rejects.toThrow('signOut.save is undefined')
  await desk.add('one')
  expect(desk.sent()).toEqual(['one'])
})
