import { reactive } from 'vue'
import { expect, test } from 'vitest'
import { HoldfastError } from '../../src/core/errors.js'
import { createQueue, memoryStore } from '../../src/queue/index.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { countedStore, fakeConnection, rig } from './rig.js'

test('a thousand enqueues of one turn share their transaction and keep their order (P9)', async () => {
  const store = countedStore()
  const desk = await rig({ store })
  desk.connection.down()
  const before = store.writes.length
  const all = Array.from({ length: 1_000 }, (_, n) =>
    desk.queue.enqueue({ handler: 'order', payload: n, label: `${n}` }),
  )
  await Promise.all(all)
  expect(store.writes.slice(before)).toEqual(['strict'])
  expect(desk.queue.actions.map(({ payload }) => payload)).toEqual(all.map((_, n) => n))
})

test.each(['storage-full', 'storage-failed'] as const)(
  'when the transaction fails the caller gets %s, and nothing shows as queued (I02)',
  async (code) => {
    const store = countedStore()
    const desk = await rig({ store })
    desk.connection.down()
    store.refuse = () => new HoldfastError(code)
    const refused = desk.queue.enqueue({ handler: 'order', payload: 1, label: 'one' })
    await expect(refused).rejects.toMatchObject({ code })
    await desk.clock.settle()
    expect(desk.queue.actions).toEqual([])
    expect(desk.queue.facts).toMatchObject({ waiting: 0, lastWriteAt: null })
    store.refuse = () => undefined
    await desk.add('two')
    expect(desk.states()).toEqual(['two queued'])
  },
)

test('it accepts before it was started, and sends once it is', async () => {
  const clock = manualClock()
  const connection = fakeConnection(clock)
  const sent: unknown[] = []
  const queue = createQueue({
    connection,
    store: memoryStore(),
    scope: 'ann',
    handlers: { order: async ({ payload }) => void sent.push(payload) },
  })
  await queue.enqueue({ handler: 'order', payload: 1, label: 'one' })
  await clock.settle()
  expect(sent).toEqual([])
  expect(queue.facts.waiting).toBe(1)
  queue.start()
  await clock.settle()
  expect(sent).toEqual([1])
})

test('a payload is copied at once, reactive ones too', async () => {
  const desk = await rig()
  const form = reactive({ items: [{ id: 1, at: new Date(0) }], label: 'x' })
  const accepted = desk.queue.enqueue({ handler: 'order', payload: form, label: 'one' })
  form.items[0]!.id = 2
  await accepted
  await desk.clock.settle()
  expect(desk.last().payload).toEqual({ items: [{ id: 1, at: new Date(0) }], label: 'x' })
})

const circle: Record<string, unknown> = {}
circle['self'] = circle

test.each([
  ['a function', { run: () => 1 }],
  ['a class instance', new (class Order {})()],
  ['a circle', circle],
  ['a symbol', [Symbol('s')]],
  ['a key __proto__', JSON.parse('{"__proto__": {"admin": true}}') as unknown],
  ['too much', 'x'.repeat(200_000)],
])(
  'a payload with %s is refused as bad-action, and the rest of the turn is accepted',
  async (_what, payload) => {
    const desk = await rig()
    desk.connection.down()
    const good = desk.queue.enqueue({ handler: 'order', payload: 1, label: 'good' })
    const bad = desk.queue.enqueue({ handler: 'order', payload, label: 'bad' })
    await expect(bad).rejects.toMatchObject({ code: 'bad-action' })
    await good
    expect(desk.states()).toEqual(['good queued'])
  },
)

test.each([
  ['no-handler', { handler: 'nobody' }],
  ['bad-action', { label: 7 as never }],
  ['bad-action', { expiresAt: Number.NaN }],
  ['bad-action', { colour: 'red' } as object],
])('a request that makes no sense is refused as %s', async (code, wrong) => {
  const desk = await rig()
  await expect(desk.add('one', wrong)).rejects.toMatchObject({ code })
})

test('full in count or in bytes is a visible refusal, never an eviction (I08)', async () => {
  const desk = await rig({ maxActions: 2 })
  desk.connection.down()
  const three = await Promise.allSettled([1, 2, 3].map((n) => desk.add(`${n}`)))
  expect(three.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
  expect(three[2]).toMatchObject({
    reason: { code: 'queue-full', message: expect.stringContaining('maxActions is 2') as string },
  })
  expect(desk.states()).toEqual(['1 queued', '2 queued'])
  const small = await rig({ maxBytes: 1_000 })
  await small.add('x'.repeat(200))
  await expect(small.add('x'.repeat(400))).rejects.toThrow(/maxBytes is \d+ \[queue-full\]/)
})

test('an action that was never sent in time fails as expired, also while the link is down (I09)', async () => {
  const desk = await rig()
  desk.connection.down()
  const { settled } = await desk.add('one', { expiresAt: desk.clock.now() + 60_000 })
  await desk.clock.advance(59_999)
  expect(desk.states()).toEqual(['one queued'])
  await desk.clock.advance(1)
  expect(desk.states()).toEqual(['one failed'])
  expect(await settled).toEqual({ outcome: 'failed', why: 'expired' })
  desk.connection.up()
  await desk.clock.settle()
  expect(desk.calls).toHaveLength(0)
})

test('23 hours after its first sending an action is unknown, and is not sent again by itself (I09)', async () => {
  const desk = await rig()
  const { settled } = await desk.add('one')
  desk.connection.down()
  await desk.clock.advance(23 * 3_600_000 - 1)
  expect(desk.queue.facts).toMatchObject({ waiting: 1, unconfirmed: 0 })
  await desk.clock.advance(1)
  expect(desk.queue.facts).toMatchObject({ waiting: 0, unconfirmed: 1 })
  expect((await settled).outcome).toBe('unconfirmed')
  desk.connection.up()
  await desk.clock.advance(3_600_000)
  expect(desk.calls).toHaveLength(1)
})

test('one never sent waits as long as its application says', async () => {
  const desk = await rig()
  desk.connection.down()
  await desk.add('one')
  await desk.clock.advance(100 * 3_600_000)
  desk.connection.up()
  await desk.clock.settle()
  expect(desk.sent()).toEqual(['one'])
})

test('only the actions of the scope are shown and sent (I14, ux-49)', async () => {
  const store = memoryStore()
  const ann = await rig({ store })
  ann.connection.down()
  await ann.add('of ann')
  ann.queue.stop()
  const bob = await rig({ store, scope: 'bob', clock: ann.clock })
  expect(bob.states()).toEqual([])
  await bob.add('of bob')
  expect(bob.sent()).toEqual(['of bob'])
  bob.queue.stop()
  const again = await rig({ store, clock: ann.clock })
  expect(again.sent()).toEqual(['of ann'])
})

test('rows that others wrote into the store are left alone; a kind that nobody sends fails visibly', async () => {
  const store = memoryStore()
  await store.write({ scope: 'ann', positions: [], durability: 'relaxed' }, (draft) => {
    draft.put({ position: 1, nonsense: true } as never)
    draft.meta = { ...draft.meta, position: 1 }
  })
  const desk = await rig({ store })
  desk.connection.down()
  await desk.add('one')
  desk.queue.stop()
  const other = createQueue({ connection: fakeConnection(desk.clock), store, scope: 'ann', handlers: {} })
  other.start()
  await desk.clock.settle()
  expect(other.actions.map(({ state }) => state)).toEqual([{ name: 'failed', why: 'no-handler' }])
  expect(await store.read('ann', [1])).toEqual([{ position: 1, nonsense: true }])
})

test.each([
  [{ scope: '' }, 'scope'],
  [{ parallel: 0 }, 'parallel'],
  [{ maxRetries: Number.NaN }, 'maxRetries'],
  [{ keyLifeMs: -1 }, 'keyLifeMs'],
  [{ maxActions: Infinity }, 'maxActions'],
  [{ sendTimeoutMs: '5' as never }, 'sendTimeoutMs'],
  [{ onFailure: 'stop' as never }, 'onFailure'],
  [{ lanes: 3 } as object, 'lanes'],
  [{ handlers: undefined as never }, 'handlers is undefined; allowed: handlers by name'],
  [{ handlers: { order: { send: 3 } as never } }, 'handlers.order'],
  [{ handlers: { order: { send: async () => {}, honoursKeys: 'yes' } as never } }, 'honoursKeys?: boolean'],
])('a bad option is refused at construction by its name: %o', async (wrong, name) => {
  await expect(rig(wrong)).rejects.toMatchObject({
    code: 'bad-option',
    message: expect.stringContaining(name),
  })
})

test.each([
  ['order', /: give createQueue the option handlers\.order \[no-handler\]$/],
  ['request', /handlers\.request, made by sendRequest\(axios\) or sendFetch\(fetch\)/],
])(
  'whoever enqueues for a handler that is missing is told which option to set: %s',
  async (handler, message) => {
    const queue = createQueue({
      connection: fakeConnection(manualClock()),
      store: memoryStore(),
      scope: 'ann',
      handlers: {},
    })
    await expect(queue.enqueueRequest({ handler, payload: 1, label: 'one' })).rejects.toThrow(message)
  },
)

test('a fact is told at once, and only when it has changed; a bad listener does not silence the rest', async () => {
  const desk = await rig()
  const told: number[] = []
  const stop = desk.queue.subscribe(({ queue }) => told.push(queue!.waiting + queue!.sending))
  expect(told).toEqual([0])
  desk.connection.down()
  await desk.add('one')
  desk.connection.down()
  await desk.clock.settle()
  expect(told).toEqual([0, 1])
  stop()
  await desk.add('two')
  expect(told).toEqual([0, 1])
})

test('what http hands over settles with the result, or with what the handler rejected with', async () => {
  const desk = await rig()
  const good = desk.queue.enqueueRequest({ handler: 'order', payload: 1, label: 'one' })
  await desk.clock.settle()
  desk.last().ok('answer')
  expect(await good).toBe('answer')
  const bad = desk.queue.enqueueRequest({ handler: 'order', payload: 1, label: 'two' })
  const seen = expect(bad).rejects.toThrow('status 400')
  await desk.clock.settle()
  desk.last().status(400)
  await seen
  const gone = desk.queue.enqueueRequest({ handler: 'order', payload: 1, label: 'three' })
  const stopped = expect(gone).rejects.toMatchObject({ code: 'stopped' })
  await desk.clock.settle()
  desk.queue.stop()
  await stopped
})
