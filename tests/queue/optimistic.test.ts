import { expect, test } from 'vitest'
import { memoryStore, optimistic, coalescing } from '../../src/queue/index.js'
import { rig as anyRig, statusError } from './rig.js'
import { sharedBus, sharedStore } from './tabs.js'

/** A handler that writes down what it is told to show; `wire` answers by hand. */
function desk(more: Parameters<typeof anyRig>[0] = {}, hooks: object = {}) {
  const told: string[] = []
  const wire: { ok(): void; fail(status: number): void }[] = []
  const label = (payload: unknown) => (payload as { label: string }).label
  const order = {
    honoursKeys: true,
    send: () =>
      new Promise<void>((resolve, reject) => {
        wire.push({ ok: resolve, fail: (status) => reject(statusError(status)) })
      }),
    apply: (payload: unknown) => void told.push(`+${label(payload)}`),
    rollback: (payload: unknown, why: string) => void told.push(`-${label(payload)} ${why}`),
    ...hooks,
  }
  const handlers = { order, mail: async () => {} }
  return anyRig({ features: [optimistic(), coalescing()], handlers, ...more }).then((made) => ({
    ...made,
    told,
    wire,
  }))
}

test('a change is shown once it is kept, and stays when it is confirmed', async () => {
  const { add, told, wire, clock } = await desk()
  await add('one')
  expect(told).toEqual(['+one'])
  wire[0]!.ok()
  await clock.settle()
  expect(told).toEqual(['+one'])
})

test.each([
  [400, 'rejected'],
  [412, 'conflict'],
])('a %i takes it back once, as %s; tried again it is shown again', async (status, why) => {
  const { add, told, wire, clock, queue } = await desk()
  const { id } = await add('one')
  wire[0]!.fail(status)
  await clock.settle()
  expect(told).toEqual(['+one', `-one ${why}`])
  await queue.retry(id)
  await clock.settle()
  wire[1]!.ok()
  await clock.settle()
  expect(told).toEqual(['+one', `-one ${why}`, '+one'])
})

test('discarded, replaced, edited, expired and dependent ones are taken back, each once', async () => {
  const { add, told, connection, queue, clock } = await desk()
  connection.down()
  const one = await add('one')
  await add('two', { after: [one.id] })
  await queue.discard(one.id)
  await clock.settle()
  expect(told.splice(0)).toEqual(['+one', '+two', '-one discarded', '-two depends'])
  await add('three', { coalesce: { key: 'k' } })
  await add('four', { coalesce: { key: 'k' } })
  expect(told.splice(0)).toEqual(['+three', '-three replaced', '+four'])
  const four = queue.actions.at(-1)!
  await queue.edit(four.id, { payload: { label: 'five' } })
  expect(told.splice(0)).toEqual(['-four edited', '+five'])
  await add('six', { expiresAt: clock.now() + 10 })
  await clock.advance(10)
  expect(told.splice(0)).toEqual(['+six', '-six expired'])
  await queue.discardAll()
  await clock.settle()
  expect(told).toEqual(['-five discarded'])
})

test('an edited copy of a refused one is shown in its place; sent again under another key it stays shown', async () => {
  const { add, told, wire, queue, clock, connection } = await desk({}, { honoursKeys: false })
  const one = await add('one')
  wire[0]!.fail(400)
  await clock.settle()
  await queue.edit(one.id, { payload: { label: 'better' } })
  await clock.settle()
  expect(told.splice(0)).toEqual(['+one', '-one rejected', '+better'])
  connection.down()
  await clock.settle()
  connection.up()
  await clock.settle()
  await queue.sendAgain(queue.actions[0]!.id)
  await clock.settle()
  expect(told).toEqual([])
})

test('what is refused at the door was never shown', async () => {
  const { add, told } = await desk({ maxActions: 1 })
  await add('one')
  await expect(add('two')).rejects.toMatchObject({ code: 'queue-full' })
  expect(told).toEqual(['+one'])
})

test.each([
  [true, ['+one', '-one rejected']],
  [false, []],
])('after a reload, with rehydrate %s: told is %j', async (rehydrate, expected) => {
  const store = memoryStore()
  const before = await desk({ store })
  before.connection.down()
  await before.add('one')
  before.queue.stop()
  const after = await desk({ store, clock: before.clock, seed: 2 }, { rehydrate })
  after.wire[0]!.fail(400)
  await after.clock.settle()
  expect(after.told).toEqual(expected)
})

test('after a reload what had failed before is not taken back again', async () => {
  const store = memoryStore()
  const before = await desk({ store })
  await before.add('one')
  before.wire[0]!.fail(400)
  await before.clock.settle()
  before.queue.stop()
  const after = await desk({ store, clock: before.clock, seed: 2 }, { rehydrate: true })
  expect(after.told).toEqual([])
  await after.queue.retry(after.queue.actions[0]!.id)
  await after.clock.settle()
  expect(after.told).toEqual(['+one'])
})

test('another tab shows it only where the handler says rehydrate, and takes it back when it hears', async () => {
  const bus = sharedBus()
  const store = sharedStore()
  const a = await desk({ store, bus: bus(), lock: null, seed: 'a' })
  const b = await desk({ store, bus: bus(), lock: null, clock: a.clock, seed: 'b' }, { rehydrate: true })
  a.connection.down()
  b.connection.down()
  const { id } = await a.add('one')
  await a.clock.settle()
  await a.queue.discard(id)
  await a.clock.settle()
  expect(a.told).toEqual(['+one', '-one discarded'])
  expect(b.told).toEqual(['+one', '-one discarded'])
})

test('a hook that throws is heard as an unhandled rejection, and stops nothing', async () => {
  const heard: unknown[] = []
  const listener = (reason: unknown) => void heard.push((reason as Error).message)
  const others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', listener)
  const { add, queue, clock, wire } = await desk(
    {},
    {
      apply() {
        throw new Error('no view')
      },
    },
  )
  await add('one')
  wire[0]!.ok()
  await clock.settle()
  await clock.settle()
  process.removeAllListeners('unhandledRejection')
  for (const other of others) process.on('unhandledRejection', other)
  expect(queue.actions).toEqual([])
  expect(heard).toEqual(['no view'])
})

test.each([
  [
    { rollback: undefined },
    'handlers.order.apply is "function"; allowed: a function, together with a function rollback',
  ],
  [{ apply: 1, rollback: 1 }, 'handlers.order.apply is "number"'],
  [{ rehydrate: 'yes' }, 'handlers.order.rehydrate is "yes"; allowed: true or false'],
])('%j is refused', async (hooks, message) => {
  await expect(desk({}, hooks)).rejects.toThrow(message)
})
