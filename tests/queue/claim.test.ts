import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { memoryStore, type QueueStore } from '../../src/queue/index.js'
import { rig } from './rig.js'
import { sharedBus, sharedLock, sharedStore, twoTabs } from './tabs.js'

/** A store whose transactions complete only when they are let. */
function gatedStore(memory = memoryStore()) {
  let gate: Promise<void> | null = null
  let open = () => {}
  const store: QueueStore = {
    ...memory,
    async write(about, work) {
      await memory.write(about, work)
      await gate
    },
  }
  return {
    store,
    shut: () => void (gate = new Promise((resolve) => (open = resolve))),
    open() {
      gate = null
      open()
    },
  }
}

/** Lets promises go on while a transaction is kept from completing: the clock would wait for it. */
async function turns(): Promise<void> {
  for (let n = 0; n < 50; n++) await Promise.resolve()
}

test('a link that flaps while the row is claimed never calls a handler with an aborted signal (I06, I27)', async () => {
  const clock = manualClock()
  const gated = gatedStore()
  const desk = await rig({ clock, store: gated.store })
  desk.connection.down()
  await desk.add('one', { handler: 'mail' })
  gated.shut()
  desk.connection.up()
  await turns()
  desk.connection.down()
  desk.connection.up()
  gated.open()
  await clock.settle()
  // Never called and so never counted: the first real sending is the first attempt.
  expect(desk.calls.map(({ attempt, signal }) => [attempt, signal.aborted])).toEqual([[1, false]])
})

test('a row whose claim came too late is what it was: nobody was called, and it may still be changed', async () => {
  const clock = manualClock()
  const gated = gatedStore()
  const desk = await rig({ clock, store: gated.store })
  desk.connection.down()
  const { id } = await desk.add('one')
  const before = desk.queue.actions[0]
  gated.shut()
  desk.connection.up()
  await turns()
  desk.connection.down()
  gated.open()
  await clock.settle()
  expect(desk.calls).toEqual([])
  expect(desk.queue.actions).toEqual([before])
  expect(await desk.queue.edit(id, { label: 'uno' })).toBe(id)
})

test('a tab that lets go while it claims calls nobody, and the other one sends it for the first time (I07)', async () => {
  const { a, b, clock } = await twoTabs(sharedLock().lock)
  a.connection.down()
  b.connection.down()
  await a.add('one', { handler: 'mail' })
  b.connection.up()
  a.connection.up()
  a.queue.release()
  await clock.settle()
  expect([a.calls.length, b.calls.length]).toEqual([0, 1])
})

test('a key that ran out while the device slept is not used again, even before the overdue timer (I09)', async () => {
  const real = manualClock()
  let slept = 0
  const desk = await rig({ clock: { ...real, now: () => real.now() + slept } })
  await desk.add('one')
  desk.connection.down()
  await desk.clock.settle()
  slept = 25 * 3_600_000
  desk.connection.up()
  await desk.clock.settle()
  expect(desk.calls).toHaveLength(1)
  expect(desk.queue.actions[0]?.state).toEqual({ name: 'unconfirmed', next: 'person' })
})

test('who lets go and asks again in mid-flight still believes the answer to its own request (I07)', async () => {
  for (const handler of ['order', 'mail']) {
    const desk = await rig()
    await desk.add('one', { handler })
    const again = desk.queue.release()
    await desk.clock.settle()
    again()
    await desk.clock.settle()
    expect(desk.states()).toEqual(['one sending'])
    desk.last().status(422)
    await desk.clock.settle()
    expect(desk.calls).toHaveLength(1)
    expect(desk.queue.actions[0]?.state).toEqual({ name: 'failed', why: 'rejected', status: 422 })
  }
})

test('what another tab claimed since is an orphan, although this tab still waits for its own answer', async () => {
  const { a, b, clock } = await twoTabs(sharedLock().lock)
  await a.add('one')
  const again = a.queue.release()
  await clock.settle()
  expect(b.sent()).toEqual(['one'])
  again()
  b.queue.stop()
  await clock.settle()
  // Its own answer no longer counts; the row does not stay `sending` for ever.
  a.calls[0]!.fail(new TypeError('Failed to fetch'))
  await clock.advance(2_000)
  expect(a.calls).toHaveLength(2)
  a.last().ok()
  await clock.settle()
  expect(a.states()).toEqual([])
})

test('one whose leader was changed in another tab waits for the new one, not for none (I05)', async () => {
  const { a, b, clock } = await twoTabs(sharedLock().lock)
  const leader = await a.add('leader')
  a.last().status(412)
  await clock.settle()
  await a.add('follower', { after: [leader.id] })
  await b.queue.edit(leader.id, { payload: { label: 'better' } })
  await clock.settle()
  expect(a.sent()).toEqual(['leader', 'better'])
  a.last().ok()
  await clock.settle()
  expect(a.sent()).toEqual(['leader', 'better', 'follower'])
})

test('I07 a tab that stood still between its claim and its sending for longer than its lease sends nothing', async () => {
  const clock = manualClock()
  const shared = sharedStore()
  const gated = gatedStore(shared)
  const bus = sharedBus()
  const { lock } = sharedLock()
  const still = { ...clock, track: <T>(promise: Promise<T>) => promise }
  const a = await rig({ clock: still, store: gated.store, lock, bus: bus(), seed: 'a', isDown: true })
  const b = await rig({ clock, store: shared, lock, bus: bus(), seed: 'b', isDown: true })
  const { id } = await a.add('one', { handler: 'mail' })
  gated.shut()
  b.connection.up()
  a.connection.up()
  await clock.advance(20_000)
  // The other one has found it: whether it was sent nobody knows, and the person lets it go.
  expect(b.states()).toEqual(['one unconfirmed'])
  await b.queue.discard(id)
  gated.open()
  await clock.settle()
  expect([a.calls, b.calls]).toEqual([[], []])
})

test('stopped between its claim and its sending, a row is what it was, and the store is closed after that', async () => {
  const clock = manualClock()
  const memory = memoryStore()
  const gated = gatedStore(memory)
  const steps: string[] = []
  const store: QueueStore = {
    ...gated.store,
    write: (about, work) => gated.store.write(about, work).finally(() => steps.push('write')),
    close: () => void steps.push('close'),
  }
  const desk = await rig({ clock, store, isDown: true })
  await desk.add('one', { handler: 'mail' })
  const before = desk.queue.actions[0]
  gated.shut()
  desk.connection.up()
  await turns()
  desk.queue.stop()
  gated.open()
  await clock.settle()
  expect(await memory.read('ann', [1])).toEqual([before])
  expect([desk.calls, steps.at(-1)]).toEqual([[], 'close'])
})
