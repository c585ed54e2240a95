import { expect, test } from 'vitest'
import { rig } from './rig.js'

const NETWORK = new TypeError('Failed to fetch')
const refused = { code: 'not-changeable' }

/** One that is in the state, and what follows it. */
async function desk(state: 'queued' | 'sending' | 'failed' | 'conflict' | 'unconfirmed') {
  const made = await rig()
  if (state === 'queued') made.connection.down()
  const handler = state === 'unconfirmed' ? 'mail' : 'order'
  const { id, settled } = await made.add('one', { handler })
  if (state === 'failed') made.last().status(400)
  if (state === 'conflict') made.last().status(412)
  if (state === 'unconfirmed') made.last().fail(NETWORK)
  await made.clock.settle()
  return { ...made, id, settled }
}

test('ux-43: a failed one tried again goes to the end of its lane, with its key', async () => {
  const { queue, clock, calls, connection, add, id, states, last } = await desk('failed')
  connection.down()
  await add('two')
  await queue.retry(id)
  await clock.settle()
  expect(states()).toEqual(['two queued', 'one queued'])
  connection.up()
  await clock.settle()
  last().ok()
  await clock.settle()
  expect(last().key).toBe(calls[0]!.key)
})

test('what follows a failed one goes on after it was tried again, although it stands before it', async () => {
  const { queue, clock, add, id, last, sent } = await desk('failed')
  await add('two', { after: [id] })
  await add('three', { lane: 'side', after: [queue.actions[1]!.id] })
  await queue.retry(id)
  await clock.settle()
  expect(sent()).toEqual(['one', 'one'])
  last().ok()
  await clock.settle()
  last().ok()
  await clock.settle()
  expect(sent()).toEqual(['one', 'one', 'two', 'three'])
})

test('an expired one tried again does not expire again', async () => {
  const made = await rig()
  made.connection.down()
  const { id } = await made.add('one', { expiresAt: made.clock.now() + 1_000 })
  await made.clock.advance(1_000)
  await made.queue.retry(id)
  await made.clock.advance(10_000)
  expect(made.states()).toEqual(['one queued'])
})

test.each(['queued', 'sending'] as const)('retry is refused for one that is %s', async (state) => {
  const { queue, id } = await desk(state)
  await expect(queue.retry(id)).rejects.toMatchObject(refused)
})

test('an unconfirmed one without honoured keys is never resent under its key, only as a new action', async () => {
  const { queue, clock, calls, id, last, states, settled } = await desk('unconfirmed')
  expect((await settled).outcome).toBe('unconfirmed')
  await expect(queue.retry(id)).rejects.toMatchObject(refused)
  const fresh = await queue.sendAgain(id)
  await clock.settle()
  expect(fresh).not.toBe(id)
  expect(last().key).not.toBe(calls[0]!.key)
  last().ok()
  await clock.settle()
  expect(states()).toEqual([])
})

test('"it was saved" takes an unconfirmed one out, and its lane goes on', async () => {
  const { queue, clock, add, id, sent } = await desk('unconfirmed')
  await add('two')
  const ends: string[] = []
  queue.onSettled(({ action, ended }) => ends.push(`${action.label} ${ended.outcome}`))
  await queue.markSaved(id)
  await clock.settle()
  expect(ends).toEqual(['one confirmed'])
  expect(sent()).toEqual(['one', 'two'])
})

test('a never sent one is changed in its place, with its key', async () => {
  const { queue, clock, connection, id, last } = await desk('queued')
  const { key } = queue.actions[0]!
  expect(await queue.edit(id, { payload: { label: 'better' }, label: 'better' })).toBe(id)
  connection.up()
  await clock.settle()
  expect(last()).toMatchObject({ key, payload: { label: 'better' } })
})

test('editing a refused one makes a new action with a new key, which those that follow it follow', async () => {
  const { queue, clock, calls, add, id, last, sent } = await desk('failed')
  await add('two', { after: [id] })
  const fresh = await queue.edit(id, { payload: { label: 'better' } })
  await clock.settle()
  expect(last()).toMatchObject({ payload: { label: 'better' }, attempt: 1 })
  expect(last().key).not.toBe(calls[0]!.key)
  expect(queue.actions.find(({ label }) => label === 'two')?.after).toEqual([fresh])
  last().ok()
  await clock.settle()
  expect(sent()).toEqual(['one', 'better', 'two'])
})

test.each(['sending', 'unconfirmed'] as const)('one that is %s cannot be changed', async (state) => {
  const { queue, id } = await desk(state)
  await expect(queue.edit(id, { payload: 1 })).rejects.toMatchObject(refused)
})

test('a discarded one ends as such, and what had to follow it fails because of it', async () => {
  const { queue, clock, add, id, settled, states } = await desk('queued')
  const follower = await add('two', { after: [id] })
  await queue.discard(id)
  await clock.settle()
  expect(await settled).toEqual({ outcome: 'discarded' })
  expect(states()).toEqual(['two failed'])
  expect(await follower.settled).toEqual({ outcome: 'failed', why: 'depends' })
})

test('one that is being sent cannot be discarded', async () => {
  const { queue, id } = await desk('sending')
  await expect(queue.discard(id)).rejects.toMatchObject(refused)
})

test('discard all leaves alone what may have been applied and will be sent again (I06)', async () => {
  const desk = await rig()
  await desk.add('maybe')
  await desk.add('waits')
  desk.connection.down()
  await desk.clock.settle()
  expect(await desk.queue.discardAll()).toBe(1)
  expect(desk.states()).toEqual(['maybe unconfirmed'])
  desk.connection.up()
  await desk.clock.settle()
  expect(await desk.queue.discardAll()).toBe(0)
  expect(desk.states()).toEqual(['maybe sending'])
})

test('discard all takes what needs a person, unknown outcomes too: nothing more will be heard of them', async () => {
  const desk = await rig()
  await desk.add('mail', { handler: 'mail' })
  desk.last().fail(new TypeError('Failed to fetch'))
  await desk.clock.settle()
  expect(desk.queue.facts.unconfirmed).toBe(1)
  expect(await desk.queue.discardAll()).toBe(1)
  expect(desk.states()).toEqual([])
})

test('an action that is gone is refused, not ignored', async () => {
  const { queue } = await desk('queued')
  await expect(queue.discard('nobody')).rejects.toMatchObject(refused)
})

test('ux-43: retry all and discard all take one transaction, and say how many', async () => {
  const made = await rig({ parallel: 10 })
  for (const lane of ['a', 'b', 'c']) await made.add(lane, { lane })
  for (const call of made.calls) call.status(400)
  await made.clock.settle()
  expect(made.queue.facts.failed).toBe(3)
  expect(await made.queue.retryFailed()).toBe(3)
  await made.clock.settle()
  expect(made.queue.facts).toMatchObject({ failed: 0, sending: 3 })
  await made.add('d', { lane: 'a' })
  expect(await made.queue.discardAll()).toBe(1)
})

test('a failure is told once to listeners, and again only after it was tried again (I13)', async () => {
  const made = await rig()
  const ends: string[] = []
  made.queue.onSettled(({ ended }) => ends.push(ended.outcome))
  const { id } = await made.add('one')
  made.last().status(400)
  await made.add('two')
  made.last().ok()
  await made.clock.settle()
  expect(ends).toEqual(['failed', 'confirmed'])
  await made.queue.retry(id)
  await made.clock.settle()
  made.last().status(400)
  await made.clock.settle()
  expect(ends).toEqual(['failed', 'confirmed', 'failed'])
})

test('I05 what is accepted in the turn in which its leader is let go, or changed, still follows it', async () => {
  const after = (id: string) => ({ handler: 'order', payload: { label: 'line' }, label: 'line', after: [id] })
  const gone = await rig({ isDown: true })
  const leader = await gone.add('order')
  await Promise.all([gone.queue.enqueue(after(leader.id)), gone.queue.discard(leader.id)])
  await gone.clock.settle()
  expect(gone.queue.actions[0]?.state).toEqual({ name: 'failed', why: 'depends' })

  const changed = await rig()
  const refused = await changed.add('order')
  changed.last().status(422)
  await changed.clock.settle()
  const line = changed.queue.enqueue(after(refused.id))
  await Promise.all([line, changed.queue.edit(refused.id, { payload: { label: 'better' } })])
  await changed.clock.settle()
  expect(changed.sent()).toEqual(['order', 'better'])
})
