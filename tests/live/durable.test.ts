import fc from 'fast-check'
import { expect, test } from 'vitest'
import { durableMessages } from '../../src/live/durable.js'
import type { DurableEnd, DurableQueue } from '../../src/live/durable-port.js'
import { createChannelDesk } from './channel-desk.js'
import { createDurableWorld } from './durable-world.js'
import { TRANSPORTS } from './live-desk.js'

test('R17 I01 a message that is written while nothing can be reached is kept, shown by its label, and one event when it can', async () => {
  const { clock, ledger, network, openPage } = createDurableWorld()
  const { channel, say, list } = openPage()
  channel.open()
  await clock.advance(1_000)
  const back = network.apply({ type: 'offline' })
  await clock.advance(5_000)
  const said = [say('one'), say('two')]
  await clock.advance(60_000)
  expect(said.map(({ is, kept }) => [is, kept])).toEqual([
    ['waits', true],
    ['waits', true],
  ])
  expect(list()).toEqual(['Say one: queued', 'Say two: queued'])
  back()
  await clock.advance(2_000)
  expect(ledger()).toEqual(['one', 'two'])
  expect(said.map(({ is }) => is)).toEqual(['ok 1', 'ok 2'])
  expect(list()).toEqual([])
})

test('I04 it outlives the page: what was not acknowledged goes again from the next page, under the same id', async () => {
  const { api, clock, ledger, network, openPage } = createDurableWorld()
  const first = openPage()
  first.channel.open()
  await clock.advance(1_000)
  const said = first.say('one')
  first.say('two')
  // It has reached the server, and the answer is on its way.
  await clock.advance(25)
  expect(ledger()).toEqual(['one'])
  expect(said.is).toBe('waits')
  network.restart.kill({ downMs: 500 })
  first.crash()
  await clock.advance(5_000)
  const next = openPage()
  await clock.advance(1_000)
  expect(next.list()).toEqual(['Say one: unconfirmed', 'Say two: queued'])
  next.channel.open()
  await clock.advance(2_000)
  expect(ledger()).toEqual(['one', 'two'])
  expect(next.list()).toEqual([])
  expect(api.events).toHaveLength(2)
})

test.each(TRANSPORTS)('I06 over %s the id that send resolves with is that of the event', async (name) => {
  const { clock, ledger, openPage } = createDurableWorld({ transports: [name] })
  const { channel, say } = openPage()
  channel.topic('chat', {})
  channel.open()
  await clock.advance(1_000)
  const sent = channel.send('chat', 'one', { policy: 'durable', label: 'One' })
  await clock.advance(500)
  const { id, offset } = await sent
  expect(offset).toBe(1)
  const again = channel.send('chat', 'one', { id })
  await clock.advance(500)
  await expect(again).resolves.toEqual({ id, offset })
  say('two')
  await clock.advance(500)
  expect(ledger()).toEqual(['one', 'two'])
})

test('without a topic a stream does not open, and durable messages are posted all the same', async () => {
  const { clock, ledger, openPage } = createDurableWorld({ transports: ['event-stream'] })
  const { channel, say } = openPage()
  channel.open()
  await clock.advance(1_000)
  expect(channel.state.name).toBe('connecting')
  const said = say('one')
  await clock.advance(500)
  expect([ledger(), said.is]).toEqual([['one'], 'ok 1'])
})

test('while the channel is closed it waits unsent, may still be changed, and goes as soon as that is live', async () => {
  const { clock, ledger, openPage } = createDurableWorld()
  const { channel, list, queue, say } = openPage()
  await clock.advance(1_000)
  say('one')
  await clock.advance(300_000)
  expect(list()).toEqual(['Say one: queued'])
  const [action] = queue.actions
  expect(action).toMatchObject({ attempts: 0, firstSentAt: null, lane: 'topic chat' })
  await queue.edit(action!.id, { payload: { topic: 'chat', data: 'won' } })
  channel.open()
  await clock.advance(300)
  expect(ledger()).toEqual(['won'])
  channel.close()
  say('two')
  await clock.advance(10_000)
  expect(list()).toEqual(['Say two: queued'])
  channel.open()
  await clock.advance(300)
  expect(ledger()).toEqual(['won', 'two'])
})

test('I13 a message that is lost with its socket goes again under its id; the queue alone repeats it', async () => {
  const { api, clock, ledger, network, openPage } = createDurableWorld({ transports: ['websocket'] })
  const { channel, say, queue } = openPage()
  channel.open()
  await clock.advance(1_000)
  const said = say('one')
  await clock.advance(25)
  expect(ledger()).toEqual(['one'])
  // The answer is lost with the socket; the service is up.
  network.apply({ type: 'close', code: 1006 })()
  await clock.advance(10_000)
  expect(said).toMatchObject({ is: 'ok 1', times: 1 })
  expect(api.events).toHaveLength(1)
  expect(queue.actions).toEqual([])
})

test('what the server refuses fails with its words, and holds nobody up', async () => {
  const { clock, ledger, openPage } = createDurableWorld()
  const { channel, say, queue } = openPage()
  channel.open()
  await clock.advance(1_000)
  const refused = channel.send('clock', 1, { policy: 'durable', label: 'Set the clock', lane: 'all' })
  const said = say('one', { lane: 'all' })
  const told = expect(refused).rejects.toThrow('not-writable Only the server writes to clock [rejected]')
  await clock.advance(1_000)
  await told
  expect(queue.actions.map(({ state }) => state)).toEqual([
    { name: 'failed', why: 'rejected', detail: 'not-writable Only the server writes to clock' },
  ])
  expect([ledger(), said.is]).toEqual([['one'], 'ok 1'])
})

test('what is written is fixed when it is handed over; what cannot be sent is never kept', async () => {
  const { clock, ledger, openPage } = createDurableWorld({ channel: { maxFrameBytes: 1_000 } })
  const { channel, say, queue } = openPage()
  const data = { text: 'one', at: new Date(0) }
  say(data)
  data.text = 'two'
  const send = (options: object, one: unknown = 1) =>
    channel.send('chat', one, { policy: 'durable', label: 'One', ...options } as never)
  await expect(send({}, 'x'.repeat(1_000))).rejects.toThrow('send.data is "1')
  await expect(send({}, () => {})).rejects.toThrow('send.data is "function"')
  await expect(channel.send('a b', 1, { policy: 'durable', label: 'One' })).rejects.toThrow('send.topic')
  await expect(send({ label: '' })).rejects.toThrow('send.label is ""')
  await expect(send({ lane: 7 })).rejects.toThrow('send.lane is 7')
  await expect(send({ expiresInMs: 0 })).rejects.toThrow('send.expiresInMs is 0')
  await expect(send({ onKept: 1 })).rejects.toThrow('send.onKept is 1')
  await expect(send({ key: 'a' })).rejects.toThrow('send.key is')
  await clock.advance(1_000)
  expect(queue.actions).toHaveLength(1)
  channel.open()
  await clock.advance(1_000)
  expect(ledger()).toEqual([{ text: 'one', at: '1970-01-01T00:00:00.000Z' }])
})

test('where no queue was given, or what is none, durable is refused by name', async () => {
  const { channel, connection } = createChannelDesk()
  const options = { policy: 'durable', label: 'One' } as const
  channel.open()
  await expect(channel.send('chat', 1, options)).rejects.toThrow(
    'send.policy is "durable"; allowed: keep, latest, drop, expire; durable where createChannel has it',
  )
  expect(() => createChannelDesk({ connection, durable: {} as never })).toThrow(
    'channel.durable is [object Object]; allowed: durableMessages().through(queue)',
  )
  const messages = durableMessages()
  expect(() => messages.through({} as never)).toThrow('durableMessages.through')
  const durable = messages.through({ enqueue: () => Promise.reject(new Error('full')) })
  const own = createChannelDesk({ durable })
  await expect(own.channel.send('chat', 1, options)).rejects.toThrow('full')
  expect(() => createChannelDesk({ durable })).toThrow('channel.durable is "one that another channel has"')
})

test('one that was never sent in its time fails as expired', async () => {
  const { clock, openPage } = createDurableWorld()
  const { list, say } = openPage()
  const said = say('one', { expiresInMs: 30_000 })
  await clock.advance(31_000)
  expect(said.is).toBe('expired')
  expect(list()).toEqual(['Say one: failed'])
})

test.each([
  ['another tab has sent it', { outcome: 'confirmed', result: undefined }, { id: 'key-1', offset: null }],
  ['a person let it go', { outcome: 'discarded' }, 'discarded'],
  ['the queue was stopped', { outcome: 'stopped' }, 'stopped'],
  ['it was refused in another tab', { outcome: 'failed', why: 'rejected', detail: 'no' }, 'no \\[rejected'],
  ['nobody knows', { outcome: 'unconfirmed' }, 'maybe-committed'],
] as const)('I13 send settles as its action ends: %s', async (_, end: DurableEnd, expected) => {
  const queue: DurableQueue = { enqueue: async () => ({ key: 'key-1', settled: Promise.resolve(end) }) }
  const { channel } = createChannelDesk({ durable: durableMessages().through(queue) })
  const sent = channel.send('chat', 1, { policy: 'durable', label: 'One' })
  if (typeof expected === 'string') await expect(sent).rejects.toThrow(new RegExp(expected))
  else await expect(sent).resolves.toEqual(expected)
})

test('a durable message that waits needs the line, so that a hidden page dials for it, and no longer than it waits', async () => {
  const messages = durableMessages()
  const durable = messages.through({ enqueue: () => new Promise(() => {}) })
  const { clock, dial, fake, open } = createChannelDesk({ durable })
  await open()
  expect(fake().needs).toEqual([])
  let asked = 0
  expect(messages.handler.ready(() => void (asked += 1))).toBe(false)
  expect(fake().needs).toEqual(['unacknowledged'])
  ;(await dial('websocket')).hello()
  await clock.advance(1)
  expect([asked, messages.handler.ready(() => {}), fake().needs]).toEqual([1, true, []])
})

interface Step {
  readonly what: 'say' | 'kill' | 'graceful' | 'reset' | 'blackhole' | 'offline' | 'reload' | 'close'
  readonly lasts: number
}

const step = fc.record({
  what: fc.oneof(
    { weight: 3, arbitrary: fc.constant('say' as const) },
    { weight: 2, arbitrary: fc.constantFrom('kill', 'graceful', 'reset', 'blackhole', 'offline', 'close') },
    { weight: 2, arbitrary: fc.constant('reload' as const) },
  ),
  lasts: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 100, max: 20_000 })),
}) satisfies fc.Arbitrary<Step>

test.each(TRANSPORTS)(
  'I01 I05 over %s whatever is lost and whenever: each durable message is in the log once, in the order in which they were accepted',
  async (name) => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(10_000),
        fc.array(step, { minLength: 1, maxLength: 12 }),
        async (seed, steps) => {
          const { clock, ledger, network, openPage, store } = createDurableWorld({ seed, transports: [name] })
          let page = openPage()
          page.channel.open()
          let count = 0
          for (const { what, lasts } of steps) {
            let stop = (): void => {}
            page.say((count += 1))
            if (what === 'kill') network.restart.kill({ downMs: Math.min(100 + lasts, 5_000) })
            if (what === 'graceful')
              network.restart.graceful({ drainMs: 500, downMs: Math.min(100 + lasts, 5_000) })
            if (what === 'reset' || what === 'blackhole' || what === 'offline')
              stop = network.apply({ type: what })
            if (what === 'close') page.channel.close()
            await clock.advance(lasts)
            stop()
            if (what === 'close') page.channel.open()
            if (what !== 'reload') continue
            // What was accepted is kept; nobody waits for the rest of it.
            await clock.settle()
            page.crash()
            page = openPage()
            page.channel.open()
          }
          // A page that was just opened does not know yet what is kept.
          await clock.advance(30_000)
          for (let n = 0; n < 30 && page.queue.actions.length > 0; n++) await clock.advance(10_000)
          await clock.advance(1_000)
          expect(ledger()).toEqual(Array.from({ length: count }, (_, n) => n + 1))
          let rows = 0
          await store.load('ada', (found) => void (rows += found.length))
          expect(rows).toBe(0)
          page.crash()
          network.dispose()
        },
      ),
      { numRuns: import.meta.env.MODE === 'soak' ? 300 : 40 },
    )
  },
  600_000,
)
