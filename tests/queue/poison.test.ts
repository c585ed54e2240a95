import { expect, test } from 'vitest'
import { HoldfastError } from '../../src/core/errors.js'
import { memoryStore, type Handler, type Sending } from '../../src/queue/index.js'
import { rig, statusError } from './rig.js'

/** `bad` is the handler under test, `good` confirms at once. */
async function desk(bad: Partial<Handler>, more: Parameters<typeof rig>[0] = {}) {
  const sent: string[] = []
  const good = async ({ payload }: Sending) => void sent.push((payload as { label: string }).label)
  const handlers = { order: { honoursKeys: true, send: good, ...bad } as Handler, mail: good }
  return { ...(await rig({ handlers, ...more })), sent }
}
/** Puts a row of an older page, or of somebody else, into the store. */
async function stored(change: object) {
  const store = memoryStore()
  const before = await desk({}, { store, isDown: true, seed: 'before' })
  await before.add('bad')
  await before.add('next')
  const row = { ...before.queue.actions[0]!, ...change }
  before.queue.stop()
  await store.write({ scope: 'ann', positions: [], durability: 'strict' }, (draft) => draft.put(row))
  return { store, clock: before.clock }
}

test('a handler that throws before it returns a promise has sent nothing: unsendable, and the lane goes on (I12)', async () => {
  const error = new TypeError('payload.lines is undefined')
  const made = await desk({
    send() {
      throw error
    },
  })
  const { settled } = await made.add('bad')
  await made.add('next', { handler: 'mail' })
  expect(await settled).toEqual({ outcome: 'failed', why: 'unsendable', error })
  expect(made.states()).toEqual(['bad failed'])
  expect(made.sent).toEqual(['next'])
  await made.clock.advance(3_600_000)
  expect(made.queue.facts).toMatchObject({ failed: 1, waiting: 0 })
})

test.each([
  ['a refusal', statusError(400), 'bad failed', 'rejected'],
  ['that it was not sent', new HoldfastError('stopped'), 'bad queued', undefined],
])('one that throws at once and says itself that it was %s is believed', async (_what, error, state, why) => {
  const made = await desk({
    send() {
      throw error
    },
  })
  await made.add('bad')
  expect(made.states()).toEqual([state])
  expect(made.queue.actions[0]!.state).toMatchObject(why === undefined ? {} : { why })
})

test('what may have been applied by an earlier attempt is not said to have failed: a person decides (I06)', async () => {
  let round = 0
  const made = await desk({
    send() {
      if (++round > 1) throw new TypeError('a page that broke')
      return Promise.reject(new TypeError('Failed to fetch'))
    },
  })
  const { settled } = await made.add('maybe')
  await made.add('next', { handler: 'mail', lane: 'other' })
  await made.clock.advance(2_000)
  expect((await settled).outcome).toBe('unconfirmed')
  expect(made.states()).toEqual(['maybe unconfirmed'])
  await made.clock.advance(3_600_000)
  expect(round).toBe(2)
})

test('a version that its handler cannot send any more: unsendable and visible, the next one goes (I12)', async () => {
  const made = await desk({ versions: [2, 3] }, await stored({ version: 1 }))
  // The next one is of version 1 as well.
  expect(made.states()).toEqual(['bad failed', 'next failed'])
  expect(made.queue.actions[0]!.state).toEqual({ name: 'failed', why: 'unsendable' })
  await made.add('new')
  expect(made.sent).toEqual(['new'])
})

test('a handler is told the version of each payload; new and newly written ones are of its last', async () => {
  const versions: unknown[] = []
  const send = async ({ version, payload }: Sending) => void versions.push([version, payload])
  const made = await desk({ versions: [1, 2], send }, { ...(await stored({ version: 1 })), isDown: true })
  await made.queue.edit(made.queue.actions[1]!.id, { payload: 'rewritten' })
  await made.add('new', { payload: 'new' })
  made.connection.up()
  await made.clock.settle()
  expect(versions).toEqual([
    [1, { label: 'bad' }],
    [2, 'rewritten'],
    [2, 'new'],
  ])
})

test('a stored row without a version is of the first one: a page of before versions were kept', async () => {
  const made = await desk({}, await stored({ version: undefined }))
  expect(made.sent).toEqual(['bad', 'next'])
})

test('an unknown version of what may have been applied waits for a person, not for ever behind itself (I06)', async () => {
  const sentBefore = { state: { name: 'sending', from: 'queued' }, firstSentAt: 1, attempts: 1, version: 9 }
  const { store, clock } = await stored({ ...sentBefore, firstSentAt: Date.UTC(2026, 0, 1, 9), lane: 'own' })
  const made = await desk({}, { store, clock })
  expect(made.states()).toEqual(['bad unconfirmed', 'next unconfirmed'].slice(0, 1))
  expect(made.sent).toEqual(['next'])
})

test('a handler that is gone: no-handler, the next one goes, and nothing is dropped (I12)', async () => {
  const made = await desk({}, await stored({ handler: 'fax' }))
  expect(made.queue.actions.map(({ state }) => state)).toEqual([{ name: 'failed', why: 'no-handler' }])
  expect(made.sent).toEqual(['next'])
})

test.each([[[]], [['1']], [[1.5]]])('versions %j are refused', async (versions) => {
  await expect(desk({ versions: versions as number[] })).rejects.toThrow('handlers.order.versions is')
})

test.each([503, 429])('I12 one that is answered %s for ever holds up its own lane alone', async (code) => {
  const desk = await rig({ isDown: true })
  await desk.add('poison', { lane: 'a' })
  await desk.add('good', { lane: 'b' })
  desk.connection.up()
  await desk.clock.settle()
  for (let n = 0; n < 3; n++) {
    if (desk.sent().at(-1) === 'good') desk.last().ok()
    else desk.last().status(code)
    await desk.clock.advance(20_000)
  }
  expect(desk.states()).toEqual(['poison sending'])
})
