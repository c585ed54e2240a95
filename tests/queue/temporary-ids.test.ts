import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryStore, temporaryIds, type Sending } from '../../src/queue/index.js'
import { rig as anyRig, statusError } from './rig.js'
import { sharedBus, sharedStore } from './tabs.js'

const TEMP = 'tmp-00000001'
interface Wire extends Sending {
  ok(result?: unknown): void
  fail(error: unknown): void
}

async function desk(more: Parameters<typeof anyRig>[0] = {}, hooks: object = {}) {
  const wire: Wire[] = []
  const send = (sending: Sending) => new Promise((ok, fail) => void wire.push({ ...sending, ok, fail }))
  const idsOf = (answer: unknown) => (answer as { ids: (string | number)[] }).ids
  const handlers = { order: { honoursKeys: true, send, idsOf, ...hooks }, mail: { send } }
  const made = await anyRig({ features: [temporaryIds()], handlers, ...more })
  const answer = async (result: unknown) => {
    wire.at(-1)!.ok(result)
    await made.clock.settle()
  }
  return { ...made, wire, answer, payloads: () => wire.map(({ payload }) => payload) }
}

test('what refers to it waits for it, in every lane, and gets the real id; numbers stay numbers', async () => {
  const { add, answer, payloads, connection, clock, queue } = await desk()
  connection.down()
  const { id } = await add('create', { payload: { id: TEMP, lines: [] }, tempIds: [TEMP] })
  await add('line', { lane: 'side', payload: { order: TEMP, url: `/orders/${TEMP}/lines`, note: 'tmp' } })
  expect(queue.actions[1]).toMatchObject({ after: [id], refs: [TEMP] })
  connection.up()
  await clock.settle()
  expect(payloads()).toEqual([{ id: TEMP, lines: [] }])
  await answer({ ids: [47] })
  expect(payloads()[1]).toEqual({ order: 47, url: '/orders/47/lines', note: 'tmp' })
})

test('over a reload', async () => {
  const store = memoryStore()
  const before = await desk({ store })
  before.connection.down()
  await before.add('create', { tempIds: [TEMP, 'tmp-00000002'] })
  await before.add('line', { payload: [TEMP, 'tmp-00000002'] })
  before.queue.stop()
  const after = await desk({ store, clock: before.clock, seed: 2 })
  await after.answer({ ids: ['a', 'b'] })
  expect(after.payloads()[1]).toEqual(['a', 'b'])
})

test('an answer that was lost is given again under the same key, and then the ids are known', async () => {
  const { add, answer, wire, payloads, clock } = await desk()
  await add('create', { tempIds: [TEMP] })
  await add('line', { payload: TEMP })
  wire[0]!.fail(new TypeError('Failed to fetch'))
  await clock.advance(2_000)
  expect(wire[1]!.key).toBe(wire[0]!.key)
  await answer({ ids: ['real'] })
  expect(payloads()[2]).toBe('real')
})

test('what is enqueued after the answer, by whoever still holds the temporary id, gets the real one at once', async () => {
  const { add, answer, queue, connection } = await desk()
  await add('create', { tempIds: [TEMP] })
  await answer({ ids: ['real'] })
  connection.down()
  await add('line', { payload: { order: TEMP } })
  expect(queue.actions[0]).toMatchObject({ payload: { order: 'real' }, after: [] })
})

test('so does another tab that has not heard of it', async () => {
  const bus = sharedBus()
  const store = sharedStore()
  const a = await desk({ store, bus: bus(), lock: null, seed: 'a' })
  const b = await desk({ store, bus: bus(), lock: null, clock: a.clock, seed: 'b' })
  await a.add('create', { tempIds: [TEMP] })
  await a.clock.settle()
  const late = b.queue.enqueue({ handler: 'order', payload: TEMP, label: 'line' })
  await a.answer({ ids: ['real'] })
  await late
  await a.clock.advance(20_000)
  expect([...a.payloads(), ...b.payloads()]).toContain('real')
  expect([...a.payloads().slice(1), ...b.payloads()]).not.toContain(TEMP)
})

test('a person changes one that was never sent: what it refers to now is what it waits for', async () => {
  const { add, answer, connection, clock, queue, payloads } = await desk()
  connection.down()
  const create = await add('create', { lane: 'a', tempIds: [TEMP] })
  const { id } = await add('line', { lane: 'b' })
  await queue.edit(id, { payload: `to ${TEMP}` })
  expect(queue.actions[1]!.after).toEqual([create.id])
  connection.up()
  await clock.settle()
  await answer({ ids: [1] })
  expect(payloads()[1]).toBe('to 1')
})

test('refused: what needs it waits; discarded: it fails because of it', async () => {
  const { add, wire, clock, states, queue } = await desk()
  const { id } = await add('create', { tempIds: [TEMP] })
  await add('line', { payload: TEMP })
  wire[0]!.fail(statusError(400))
  await clock.settle()
  expect(states()).toEqual(['create failed', 'line blocked'])
  await queue.discard(id)
  await clock.settle()
  expect(queue.actions[0]!.state).toEqual({ name: 'failed', why: 'depends' })
})

test.each<[string, () => unknown]>([
  ['throws', () => ({}) as never],
  ['gives too few', () => ({ ids: [] })],
  ['gives what is no id', () => ({ ids: [null] })],
])(
  'idsOf that %s: the action is confirmed, what needs it is unsendable, the rest goes on (I12)',
  async (_what, result) => {
    const { add, answer, queue, payloads } = await desk()
    const { settled } = await add('create', { tempIds: [TEMP] })
    await add('line', { payload: TEMP })
    await add('other')
    await answer(result())
    expect((await settled).outcome).toBe('confirmed')
    expect(queue.actions[0]!.state).toMatchObject({ name: 'failed', why: 'unsendable' })
    expect(payloads()).toHaveLength(2)
  },
)

test.each([
  [['short'], 'tempIds are no texts of 8 to 100 characters'],
  [[TEMP, TEMP], 'each once'],
  [TEMP, 'tempIds are no texts'],
  [['tmp-taken-already'], 'is another action'],
])('tempIds %j: %s', async (tempIds, message) => {
  const { add, connection } = await desk()
  connection.down()
  await add('first', { tempIds: ['tmp-taken-already'] })
  await expect(add('two', { tempIds: tempIds as string[] })).rejects.toThrow(message)
  await expect(add('mail', { handler: 'mail', tempIds: [TEMP] })).rejects.toThrow(
    'the handler mail has no idsOf',
  )
})

test('any chain of makers and followers: no temporary id is ever sent by whoever refers to it', async () => {
  const script = fc.array(
    fc.record({ makes: fc.boolean(), uses: fc.nat(9), lane: fc.constantFrom('a', 'b') }),
    {
      maxLength: 8,
    },
  )
  await fc.assert(
    fc.asyncProperty(script, fc.nat(8), async (steps, reloadAt) => {
      const store = memoryStore()
      let page = await desk({ store, isDown: true })
      for (const [n, { makes, uses, lane }] of steps.entries()) {
        if (n === reloadAt) {
          page.queue.stop()
          page = await desk({ store, clock: page.clock, seed: `page ${n}`, isDown: true })
        }
        const payload = { n, of: uses < n && steps[uses]!.makes ? `tmp-000000${uses}` : 'none' }
        await page.add(`${n}`, { lane, payload, ...(makes && { tempIds: [`tmp-000000${n}`] }) })
      }
      page.connection.up()
      await page.clock.settle()
      for (let done = 0; done < page.wire.length; done++) {
        page.wire[done]!.ok({ ids: [`real-${(page.wire[done]!.payload as { n: number }).n}`] })
        await page.clock.settle()
      }
      const sent = page.payloads() as { n: number; of: string }[]
      expect(sent).toHaveLength(steps.length)
      for (const { n, of } of sent) {
        const { uses } = steps[n]!
        expect(of).toBe(uses < n && steps[uses]!.makes ? `real-${uses}` : 'none')
      }
    }),
    { numRuns: 100 },
  )
})

test('a temporary id that is the beginning of another one is not taken for it', async () => {
  const { add, answer, payloads, connection, clock, queue } = await desk()
  connection.down()
  const [one, twelve] = ['draft-order-1', 'draft-order-12']
  await add('one', { payload: {}, tempIds: [one] })
  const { id } = await add('twelve', { payload: {}, tempIds: [twelve] })
  await add('line', { payload: { url: `/orders/${twelve}/lines`, both: `${one},${twelve}.` } })
  connection.up()
  await clock.settle()
  await answer({ ids: [7] })
  expect(queue.actions.at(-1)?.after).toContain(id)
  await answer({ ids: [8] })
  expect(payloads()[2]).toEqual({ url: '/orders/8/lines', both: '7,8.' })
})
