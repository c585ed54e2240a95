import { expect, test } from 'vitest'
import { resolving, type Conflict, type HandlerHooks, type Resolution } from '../../src/queue/index.js'
import { rig as anyRig, statusError, type Call } from './rig.js'

type Decide = NonNullable<HandlerHooks['resolve']>

/** A handler whose conflicts are decided by `decide`. */
async function desk(decide: Decide, more: object = {}) {
  const calls: Call[] = []
  const asked: Conflict[] = []
  const order = {
    honoursKeys: true,
    send: (sending: object) =>
      new Promise((resolve, reject) => {
        const status = (code: number) => reject(statusError(code, {}, { detail: 'newer' }))
        calls.push({ ...sending, ok: resolve, fail: reject, status } as Call)
      }),
    resolve(conflict: Conflict) {
      asked.push(conflict)
      return decide(conflict)
    },
  }
  const made = await anyRig({ features: [resolving()], handlers: { order }, ...more })
  const answer = async (code: number) => {
    calls.at(-1)!.status(code)
    await made.clock.settle()
  }
  return {
    ...made,
    calls,
    asked,
    answer,
    last: () => calls.at(-1)!,
    sent: () => calls.map(({ payload }) => (payload as { label: string }).label),
  }
}

test.each([412, 409])(
  'a %i asks the handler; its payload goes in the same place, under a new key (ux-39, I05)',
  async (code) => {
    const { add, answer, calls, asked, sent, clock, last, queue } = await desk(() => ({
      retry: { label: 'merged' },
    }))
    const { settled, id } = await add('one')
    await add('two')
    await answer(code)
    expect(asked).toMatchObject([{ payload: { label: 'one' }, answer: { response: { status: code } } }])
    expect(sent()).toEqual(['one', 'merged'])
    expect(last()).toMatchObject({ attempt: 1, override: false })
    expect(last().key).not.toBe(calls[0]!.key)
    expect(queue.actions[0]!.id).toBe(id)
    last().ok('done')
    await clock.settle()
    expect(await settled).toEqual({ outcome: 'confirmed', result: 'done' })
    expect(sent()).toEqual(['one', 'merged', 'two'])
  },
)

test('"mine" sends the same again, and its handler sees that it goes over what is there', async () => {
  const { add, answer, calls, last } = await desk(() => Promise.resolve('mine'))
  await add('one')
  await answer(412)
  expect(last()).toMatchObject({ payload: { label: 'one' }, override: true })
  expect(last().key).not.toBe(calls[0]!.key)
})

test('"theirs" ends it discarded, and what had to follow it fails because of it', async () => {
  const { add, answer, states } = await desk(() => 'theirs')
  const { settled, id } = await add('one')
  const follower = await add('two', { after: [id] })
  await answer(412)
  expect(await settled).toEqual({ outcome: 'discarded' })
  expect(await follower.settled).toEqual({ outcome: 'failed', why: 'depends' })
  expect(states()).toEqual(['two failed'])
})

test.each<[string, Decide]>([
  ['"ask"', () => 'ask'],
  ['nonsense', () => 'whatever' as Resolution],
  ['undefined', () => undefined as unknown as Resolution],
  ['a rejection', () => Promise.reject(new Error('cannot'))],
  ['what cannot be kept', () => ({ retry: () => 1 })],
  [
    'a throw',
    () => {
      throw new Error('cannot')
    },
  ],
])('%s asks the person: the row says conflict, with the server’s words', async (_what, decide) => {
  const { add, answer, queue, clock } = await desk(decide)
  const { settled } = await add('one')
  await answer(412)
  expect(queue.actions[0]!.state).toEqual({ name: 'conflict', status: 412, detail: 'newer' })
  expect((await settled).outcome).toBe('conflict')
  expect(clock.pending()).toBe(0)
})

test('no answer in time asks the person, and the lane goes on', async () => {
  const { add, answer, states, clock } = await desk(() => new Promise(() => {}), { sendTimeoutMs: 5_000 })
  await add('one')
  await add('two')
  await answer(412)
  expect(states()).toEqual(['one sending', 'two queued'])
  await clock.advance(5_000)
  expect(states()).toEqual(['one conflict', 'two sending'])
})

test('a link that is lost meanwhile decides nothing: it is sent again when it is back, and asked again', async () => {
  let round = 0
  const { add, answer, asked, states, clock, connection, last } = await desk(({ signal }) =>
    ++round === 1
      ? new Promise((_, reject) => signal.addEventListener('abort', reject))
      : { retry: { label: 'b' } },
  )
  await add('one')
  await answer(412)
  connection.down()
  await clock.settle()
  expect(states()).toEqual(['one queued'])
  connection.up()
  await clock.settle()
  await answer(412)
  expect(asked).toHaveLength(2)
  expect(last().payload).toEqual({ label: 'b' })
})

test('five conflicts in a row are decided, the sixth asks the person: no loop (I12)', async () => {
  const { add, answer, asked, states, calls } = await desk(() => 'mine')
  await add('one')
  for (let n = 0; n < 6; n++) await answer(412)
  expect(asked).toHaveLength(5)
  expect(new Set(calls.map(({ key }) => key)).size).toBe(6)
  expect(states()).toEqual(['one conflict'])
})

test('a person may let it go over what is there: a new action, a new key, at the end of its lane', async () => {
  const { add, answer, queue, clock, calls, last, sent } = await desk(() => 'ask')
  const { id } = await add('one')
  const two = await add('two')
  await expect(queue.override(two.id)).rejects.toMatchObject({ code: 'not-changeable' })
  await answer(412)
  const fresh = await queue.override(id)
  expect(fresh).not.toBe(id)
  last().ok()
  await clock.settle()
  expect(sent()).toEqual(['one', 'two', 'one'])
  expect(last()).toMatchObject({ override: true, attempt: 1 })
  expect(last().key).not.toBe(calls[0]!.key)
})

test.each([-1, Number.NaN, '5'])('resolving({ most: %j }) is refused', (most) => {
  expect(() => resolving({ most: most as number })).toThrow('resolving.most')
})
