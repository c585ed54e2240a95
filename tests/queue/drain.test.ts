import { expect, test } from 'vitest'
import { memoryStore } from '../../src/queue/index.js'
import { countedStore, rig, statusError } from './rig.js'

const NETWORK = new TypeError('Failed to fetch')

test('an accepted action is sent at once while the link is up, and leaves only after its answer (I04)', async () => {
  const desk = await rig()
  const { settled } = await desk.add('one')
  expect(desk.last()).toMatchObject({ payload: { label: 'one' }, attempt: 1 })
  expect(desk.states()).toEqual(['one sending'])
  desk.last().ok('applied')
  await desk.clock.settle()
  expect(desk.states()).toEqual([])
  expect(await settled).toEqual({ outcome: 'confirmed', result: 'applied' })
})

test('a lane has one in flight and keeps the order of acceptance; lanes go side by side (I05, ux-38)', async () => {
  const desk = await rig()
  for (const label of ['a1', 'a2']) await desk.add(label, { lane: 'a' })
  await desk.add('b1', { lane: 'b' })
  expect(desk.sent()).toEqual(['a1', 'b1'])
  desk.calls[0]!.ok()
  await desk.clock.settle()
  expect(desk.sent()).toEqual(['a1', 'b1', 'a2'])
})

test('no more lanes send at a time than is allowed', async () => {
  const desk = await rig({ parallel: 2 })
  for (const lane of ['a', 'b', 'c']) await desk.add(lane, { lane })
  expect(desk.sent()).toEqual(['a', 'b'])
  desk.last().ok()
  await desk.clock.settle()
  expect(desk.sent()).toEqual(['a', 'b', 'c'])
})

test.each([
  ['the link is down', (c: Awaited<ReturnType<typeof rig>>['connection']) => c.down()],
  ['the link is suspect', (c) => c.suspect()],
  ['recovery runs', (c) => c.set({ resync: 'running' })],
  ['the person works offline (rows 59 and 66)', (c) => c.set({ intent: 'offline' })],
  ['sign-in is needed (row 65)', (c) => c.set({ auth: 'required' })],
  ['tokens are being refreshed', (c) => c.set({ auth: 'refreshing' })],
])('nothing new is sent while %s, and it is accepted nevertheless', async (_why, stop) => {
  const desk = await rig()
  stop(desk.connection)
  await desk.add('one')
  expect(desk.states()).toEqual(['one queued'])
  expect(desk.connection.wanted).toBe(1)
  desk.connection.set({ resync: 'none', intent: 'online', auth: 'valid' })
  desk.connection.up()
  await desk.clock.settle()
  expect(desk.sent()).toEqual(['one'])
  desk.last().ok()
  await desk.clock.settle()
  expect(desk.connection.wanted).toBe(0)
})

test('a loss aborts what is in flight and makes it unconfirmed at its place; it goes first, same key (ux-41, ux-42)', async () => {
  const desk = await rig()
  await desk.add('one')
  await desk.add('two')
  const first = desk.last()
  desk.connection.down()
  await desk.clock.settle()
  expect(first.signal.aborted).toBe(true)
  expect(desk.states()).toEqual(['one unconfirmed', 'two queued'])
  desk.connection.up()
  await desk.clock.settle()
  expect(desk.sent()).toEqual(['one', 'one'])
  expect(desk.last()).toMatchObject({ key: first.key, attempt: 2 })
  expect(desk.queue.facts).toMatchObject({ unconfirmed: 0, waiting: 1, sending: 1 })
})

test('a planned loss lets what is in flight end by itself', async () => {
  const desk = await rig()
  await desk.add('one')
  desk.connection.down('planned')
  await desk.clock.settle()
  expect(desk.last().signal.aborted).toBe(false)
  desk.last().ok()
  await desk.clock.settle()
  expect(desk.states()).toEqual([])
})

test('an unknown outcome without honoured keys waits for a person, and so does its lane (I27)', async () => {
  const desk = await rig()
  const { settled } = await desk.add('mail', { handler: 'mail' })
  await desk.add('next')
  await desk.add('other', { lane: 'other' })
  desk.calls[0]!.fail(NETWORK)
  await desk.clock.advance(60_000)
  expect(desk.sent()).toEqual(['mail', 'other'])
  expect(desk.states()).toEqual(['mail unconfirmed', 'next blocked', 'other sending'])
  expect(desk.queue.facts).toMatchObject({ unconfirmed: 1, blocked: 1, waiting: 0, sending: 1 })
  expect(await settled).toEqual({ outcome: 'unconfirmed', error: NETWORK })
})

test('an unknown outcome while the link stays up is repeated with growing delays, then shown (I12, R04)', async () => {
  const desk = await rig()
  await desk.add('one')
  await desk.add('other', { lane: 'other' })
  desk.last().ok()
  const times: number[] = []
  for (let attempt = 1; attempt <= 6; attempt++) {
    const call = desk.calls.findLast(({ payload }) => (payload as { label: string }).label === 'one')!
    times.push(call.at)
    call.fail(NETWORK)
    await desk.clock.advance(16_000)
  }
  const gaps = times.slice(1).map((at, index) => at - times[index]!)
  expect(gaps).toHaveLength(5)
  expect(new Set(desk.calls.filter((c) => c.attempt > 1).map((c) => c.key)).size).toBe(1)
  await desk.clock.advance(3_600_000)
  expect(desk.sent().filter((label) => label === 'one')).toHaveLength(6)
  expect(desk.queue.facts.unconfirmed).toBe(1)
  await desk.queue.retry(desk.queue.actions[0]!.id)
  await desk.clock.settle()
  expect(desk.last()).toMatchObject({ attempt: 7, key: desk.calls[0]!.key })
})

test('losses are not counted as tries', async () => {
  const desk = await rig({ maxRetries: 1 })
  await desk.add('one')
  for (let loss = 0; loss < 5; loss++) {
    desk.connection.down()
    await desk.clock.settle()
    desk.connection.up()
    await desk.clock.settle()
  }
  expect(desk.calls).toHaveLength(6)
  expect(desk.states()).toEqual(['one sending'])
})

test('a refusal fails the action in words, and independent ones go on (ux-38, ux-46)', async () => {
  const desk = await rig()
  const { id, settled } = await desk.add('one')
  await desk.add('two')
  await desk.add('three', { after: [id] })
  desk.last().status(422, {}, { detail: 'No stock'.padEnd(500, '!') })
  await desk.clock.settle()
  expect(desk.sent()).toEqual(['one', 'two'])
  const [failed] = desk.queue.actions
  expect(failed?.state).toMatchObject({ name: 'failed', why: 'rejected', status: 422 })
  expect((failed?.state as { detail: string }).detail).toHaveLength(200)
  expect(desk.queue.actions[2]?.state).toEqual({ name: 'blocked', on: id })
  expect(await settled).toMatchObject({ outcome: 'failed', why: 'rejected', status: 422 })
})

test('where a lane is told to block, its successors wait behind the failed one', async () => {
  const desk = await rig({ onFailure: { strict: 'block' } })
  await desk.add('one', { lane: 'strict' })
  await desk.add('two', { lane: 'strict' })
  desk.last().status(400)
  await desk.clock.settle()
  expect(desk.states()).toEqual(['one failed', 'two blocked'])
  await desk.queue.discard(desk.queue.actions[0]!.id)
  await desk.clock.settle()
  expect(desk.sent()).toEqual(['one', 'two'])
})

test.each([
  [412, {}],
  [409, {}],
])('ux-39: %i is a conflict and is never repeated by itself', async (code, headers) => {
  const desk = await rig()
  const { settled } = await desk.add('one')
  desk.last().status(code, headers)
  await desk.clock.advance(3_600_000)
  expect(desk.calls).toHaveLength(1)
  expect(desk.states()).toEqual(['one conflict'])
  expect(desk.queue.facts.conflict).toBe(1)
  expect(await settled).toMatchObject({ outcome: 'conflict', status: code })
})

test('ux-39: 409 with Retry-After makes it unconfirmed and is repeated with the same key, no sooner', async () => {
  const desk = await rig()
  await desk.add('one')
  const { at, key } = desk.last()
  desk.last().status(409, { 'retry-after': '7' })
  await desk.clock.settle()
  expect(desk.states()).toEqual(['one unconfirmed'])
  await desk.clock.advance(6_999)
  expect(desk.calls).toHaveLength(1)
  await desk.clock.advance(1_000)
  expect(desk.last().key).toBe(key)
  expect(desk.last().at - at).toBeGreaterThanOrEqual(7_000)
})

test.each([429, 503])(
  'ux-40: %i with Retry-After pauses the queue at least that long, and says until when',
  async (code) => {
    const desk = await rig()
    await desk.add('one')
    desk.last().status(code, { 'retry-after': '30' })
    await desk.clock.settle()
    const { pausedUntil } = desk.queue.facts
    expect(pausedUntil).toBeGreaterThanOrEqual(desk.clock.now() + 30_000)
    await desk.add('two', { lane: 'other' })
    await desk.clock.advance(29_999)
    expect(desk.calls).toHaveLength(1)
    await desk.clock.advance(3_001)
    expect(desk.queue.facts.pausedUntil).toBe(null)
    // One at a time at first: the server has just said that it is too much.
    expect(desk.sent()).toEqual(['one', 'one'])
    desk.last().ok()
    await desk.clock.settle()
    expect(desk.sent()).toEqual(['one', 'one', 'two'])
  },
)

test('a malformed Retry-After is ignored, never a hot loop (I24)', async () => {
  const desk = await rig()
  await desk.add('one')
  desk.last().status(429, { 'retry-after': '-5' })
  await desk.clock.advance(499)
  expect(desk.calls).toHaveLength(1)
})

test('row 65: a 401 pauses, is told once, and the action goes on with its key after the refresh (I17)', async () => {
  const desk = await rig({ auth: { token: () => null, refresh: async () => {} } })
  await desk.add('one')
  const { key } = desk.last()
  desk.last().status(401)
  await desk.clock.settle()
  expect(desk.connection.events).toEqual([{ type: 'UNAUTHORIZED' }])
  expect(desk.states()).toEqual(['one queued'])
  desk.connection.signedIn()
  await desk.clock.settle()
  expect(desk.last()).toMatchObject({ key, attempt: 2 })
})

test('401 to fresh credentials again and again is no loop: it ends as a refusal (I17)', async () => {
  const desk = await rig({ auth: { token: () => null, refresh: async () => {} } })
  await desk.add('one')
  for (let n = 0; n < 10; n++) {
    desk.last().status(401)
    await desk.clock.settle()
    desk.connection.signedIn()
    await desk.clock.advance(16_000)
  }
  // The first one was sent before the first refresh.
  expect(desk.calls).toHaveLength(7)
  expect(desk.states()).toEqual(['one failed'])
})

test('without an auth port a 401 is a refusal like any other', async () => {
  const desk = await rig()
  await desk.add('one')
  desk.last().status(401)
  await desk.clock.settle()
  expect(desk.states()).toEqual(['one failed'])
  expect(desk.connection.events).toEqual([])
})

test('a handler that never answers is given up in time, and the lane goes on', async () => {
  const desk = await rig({ sendTimeoutMs: 10_000 })
  await desk.add('one')
  await desk.clock.advance(10_000)
  expect(desk.calls[0]?.signal.aborted).toBe(true)
  expect(desk.states()).toEqual(['one unconfirmed'])
  await desk.clock.advance(1_000)
  expect(desk.calls).toHaveLength(2)
})

test('a handler that throws at once is one that rejects', async () => {
  const desk = await rig({})
  desk.calls.push = () => {
    throw statusError(400)
  }
  await desk.add('one')
  expect(desk.states()).toEqual(['one failed'])
})

test('what a handler does to its payload does not change the next attempt (I03)', async () => {
  const desk = await rig()
  await desk.add('one')
  ;(desk.last().payload as { label: string }).label = 'changed'
  desk.last().fail(NETWORK)
  await desk.clock.advance(1_000)
  expect(desk.last()).toMatchObject({ payload: { label: 'one' }, attempt: 2 })
})

test('the answer is kept even if the store refuses it for a while; until then the action is not done (I06)', async () => {
  const store = countedStore()
  const desk = await rig({ store })
  const { settled } = await desk.add('one')
  let broken = true
  store.refuse = () => (broken ? new Error('no') : undefined)
  desk.last().ok()
  await desk.clock.advance(5_000)
  expect(desk.states()).toEqual(['one sending'])
  broken = false
  await desk.clock.advance(16_000)
  expect(desk.calls).toHaveLength(1)
  expect(await settled).toMatchObject({ outcome: 'confirmed' })
})

test('what the store will not claim is not sent, and is tried again later', async () => {
  const store = countedStore()
  const desk = await rig({ store })
  desk.connection.down()
  await desk.add('one')
  let broken = true
  store.refuse = () => (broken ? new Error('no') : undefined)
  desk.connection.up()
  await desk.clock.advance(4_000)
  expect(desk.calls).toHaveLength(0)
  expect(store.writes.length).toBeLessThan(10)
  broken = false
  await desk.clock.advance(16_000)
  expect(desk.sent()).toEqual(['one'])
})

test('progress counts from when the queue was last empty (ux-37, ux-45)', async () => {
  const desk = await rig()
  desk.connection.down()
  for (const label of ['one', 'two', 'three']) await desk.add(label)
  expect(desk.queue.facts).toMatchObject({ waiting: 3, sent: 0, total: 3, oldestAt: desk.clock.now() })
  desk.connection.up()
  await desk.clock.settle()
  desk.last().ok()
  await desk.clock.settle()
  expect(desk.queue.facts).toMatchObject({ waiting: 1, sending: 1, sent: 1, total: 3 })
  desk.last().ok()
  await desk.clock.settle()
  desk.last().ok()
  await desk.clock.settle()
  expect(desk.queue.facts).toMatchObject({ waiting: 0, sent: 3, total: 3, oldestAt: null })
  await desk.add('four')
  expect(desk.queue.facts).toMatchObject({ sent: 0, total: 1 })
})

test('stop ends every open promise, aborts what is in flight, and leaves no timer behind (I13)', async () => {
  const store = memoryStore()
  const desk = await rig({ store })
  const first = await desk.add('one')
  const second = await desk.add('two', { expiresAt: desk.clock.now() + 60_000 })
  desk.queue.stop()
  await desk.clock.settle()
  expect(await Promise.all([first.settled, second.settled])).toEqual([
    { outcome: 'stopped' },
    { outcome: 'stopped' },
  ])
  expect(desk.last().signal.aborted).toBe(true)
  expect(desk.clock.pending()).toBe(0)
  expect(desk.connection.wanted).toBe(0)
  await expect(desk.queue.enqueue({ handler: 'order', payload: 1, label: 'late' })).rejects.toMatchObject({
    code: 'stopped',
  })
})

test('what was being sent when the page died is unconfirmed afterwards, and sent again with its key (I04)', async () => {
  const store = memoryStore()
  const before = await rig({ store })
  await before.add('one')
  await before.add('mail', { handler: 'mail', lane: 'mail' })
  before.queue.stop()
  const after = await rig({ store, clock: before.clock, seed: 2 })
  expect(after.states()).toEqual(['one sending', 'mail unconfirmed'])
  expect(after.sent()).toEqual(['one'])
  expect(after.last().key).toBe(before.calls[0]?.key)
})

test('B17: a rate limit without Retry-After is waited for as well, whatever the case of its name (I24)', async () => {
  const desk = await rig()
  await desk.add('one')
  desk.last().status(429, { RateLimit: '"orders";r=0;t=30' })
  await desk.clock.advance(29_000)
  expect(desk.calls).toHaveLength(1)
  await desk.clock.advance(5_000)
  expect(desk.calls).toHaveLength(2)
})
