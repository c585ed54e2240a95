import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coalescing, type Sending } from '../../src/queue/index.js'
import { rig as anyRig } from './rig.js'
import { sharedBus, sharedStore } from './tabs.js'

const sends: Sending[] = []
const rig = (more = {}) => {
  sends.length = 0
  const send = async (sending: Sending) => void sends.push(sending)
  const add = (earlier: unknown, later: unknown) => ({
    n: (earlier as { n: number }).n + (later as { n: number }).n,
  })
  const merges = {
    add,
    throws() {
      throw new Error('cannot')
    },
    spoils: () => () => 1,
  }
  return anyRig({
    features: [coalescing()],
    handlers: { order: { honoursKeys: true, send, merges }, mail: send },
    ...more,
  })
}
const coalesce = { key: 'title 7' }

test('of several writes of one key that were never sent the last one wins; the others end `replaced`', async () => {
  const desk = await rig()
  desk.connection.down()
  const first = await desk.add('one', { coalesce })
  const second = await desk.add('two', { coalesce })
  expect(desk.states()).toEqual(['two queued'])
  expect(await first.settled).toEqual({ outcome: 'replaced', to: second.id })
  desk.connection.up()
  await desk.clock.settle()
  expect(sends.map(({ payload, key }) => [payload, key])).toEqual([[{ label: 'two' }, second.key]])
  expect((await second.settled).outcome).toBe('confirmed')
})

test('within one turn, and so within one transaction, the same holds (P9)', async () => {
  const desk = await rig()
  desk.connection.down()
  const all = await Promise.all(
    [1, 2, 3].map((n) =>
      desk.queue.enqueue({
        handler: 'order',
        payload: { n },
        label: `${n}`,
        coalesce: { key: 'k', merge: 'add' },
      }),
    ),
  )
  expect(desk.queue.actions.map(({ payload }) => payload)).toEqual([{ n: 6 }])
  expect(await all[0]!.settled).toEqual({ outcome: 'replaced', to: all[1]!.id })
  expect(await all[1]!.settled).toEqual({ outcome: 'replaced', to: all[2]!.id })
})

test('it stands at the end of the lane, where it was accepted: what came between goes first (I05)', async () => {
  const desk = await rig()
  desk.connection.down()
  await desk.add('one', { coalesce })
  await desk.add('between')
  await desk.add('two', { coalesce })
  expect(desk.states()).toEqual(['between queued', 'two queued'])
})

test.each([
  ['another key', { coalesce: { key: 'other' } }],
  ['another lane', { coalesce, lane: 'side' }],
  ['another handler', { coalesce, handler: 'mail' }],
  ['no key', {}],
])('one with %s replaces nothing', async (_what, more) => {
  const desk = await rig()
  desk.connection.down()
  await desk.add('one', { coalesce })
  await desk.add('two', more)
  expect(desk.states()).toEqual(['one queued', 'two queued'])
})

test('what was sent once is never replaced, though it waits to be sent again (I03)', async () => {
  const desk = await rig({ handlers: { order: { honoursKeys: true, send: () => new Promise(() => {}) } } })
  await desk.add('one', { coalesce })
  desk.connection.down()
  await desk.clock.settle()
  await desk.add('two', { coalesce })
  expect(desk.states()).toEqual(['one unconfirmed', 'two queued'])
})

test('what others follow is left alone; the later one follows what the earlier one followed', async () => {
  const desk = await rig()
  desk.connection.down()
  const one = await desk.add('one', { coalesce })
  const base = await desk.add('follower', { after: [one.id] })
  await desk.add('two', { coalesce, after: [base.id] })
  expect(desk.states()).toEqual(['one queued', 'follower queued', 'two queued'])
  await desk.add('three', { coalesce })
  expect(desk.states()).toEqual(['one queued', 'follower queued', 'three queued'])
  expect(desk.queue.actions[2]!.after).toEqual([base.id])
})

test.each(['throws', 'spoils'])(
  'a merge that %s refuses the later one, and the earlier one stays',
  async (merge) => {
    const desk = await rig()
    desk.connection.down()
    await desk.add('one', { coalesce })
    await expect(desk.add('two', { coalesce: { key: coalesce.key, merge } })).rejects.toThrow()
    expect(desk.states()).toEqual(['one queued'])
  },
)

test.each([
  [{ coalesce: { key: '' } }, 'coalesce.key is no text of 1 to 1000 characters'],
  [{ coalesce: { key: 7 } }, 'coalesce.key is no text'],
  [
    { coalesce: { key: 'k', merge: 'toString' } },
    'coalesce.merge is toString; the handler has no such function',
  ],
  [{ coalesce: { key: 'k', by: 1 } }, 'coalesce has an unknown part by'],
])('%j is refused: %s', async (more, message) => {
  const desk = await rig()
  await expect(desk.add('one', more as object)).rejects.toThrow(message)
})

test('without the feature the request and the hook are refused by name', async () => {
  const desk = await anyRig()
  await expect(desk.add('one', { coalesce })).rejects.toThrow(
    'it has a part coalesce that nothing in `features` knows',
  )
  const send = async () => {}
  await expect(anyRig({ handlers: { order: { honoursKeys: true, send, merges: {} } } })).rejects.toThrow(
    'handlers.order.merges',
  )
})

test('another tab hears that it was replaced, and by which', async () => {
  const bus = sharedBus()
  const store = sharedStore()
  const a = await rig({ store, bus: bus(), lock: null })
  const b = await rig({ store, bus: bus(), lock: null, clock: a.clock })
  a.connection.down()
  b.connection.down()
  const one = await a.add('one', { coalesce })
  const two = await b.add('two', { coalesce })
  await a.clock.settle()
  expect(await one.settled).toEqual({ outcome: 'replaced', to: two.id })
  expect(a.states()).toEqual(['two queued'])
})

test('any mix of writes: the last of each key is kept, the order of what is kept is that of acceptance', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }), async (keys) => {
      const desk = await rig()
      desk.connection.down()
      for (const [n, key] of keys.entries()) await desk.add(`${n}`, key ? { coalesce: { key } } : {})
      const kept = keys.flatMap((key, n) => (key && keys.lastIndexOf(key) !== n ? [] : [`${n}`]))
      expect(desk.queue.actions.map(({ label }) => label)).toEqual(kept)
    }),
    { numRuns: 60 },
  )
})

test('I05 one that has a newer one of its key behind it that others follow does not pass it', async () => {
  const desk = await rig({ isDown: true })
  const merging = { coalesce: { key: 'title 7', merge: 'add' } }
  const one = await desk.add('one', { payload: { n: 1 }, ...merging })
  const follower = await desk.add('follower', { payload: {}, after: [one.id] })
  const two = await desk.add('two', { payload: { n: 2 }, ...merging })
  await desk.add('other', { payload: {}, after: [two.id] })
  await desk.queue.discard(follower.id)
  await desk.add('three', { payload: { n: 3 }, ...merging })
  expect(desk.states()).toEqual(['one queued', 'two queued', 'other queued', 'three queued'])
})
