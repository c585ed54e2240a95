import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fault } from '../../mocks/faults.js'
import { createLiveDesk, TRANSPORTS } from './live-desk.js'

test('B07 where sockets are blocked it falls back, and comes back up later: nothing lost, nothing doubled', async () => {
  const { channel, clock, network, follow, open, publishFor, expectWhole, states } = createLiveDesk({
    channel: { betterAfterMs: 10_000 },
  })
  const chat = follow('chat')
  const unblock = network.apply({ type: 'refuse', only: { transport: 'ws' } })
  await open()
  await publishFor(10_000, 20)
  expect(channel.state).toEqual({ name: 'live', transport: 'event-stream' })
  const unblockStreams = network.apply({ type: 'status', code: 404, only: { transport: 'sse' } })
  network.restart.kill({ downMs: 500 })
  await publishFor(15_000, 20)
  expect(channel.state).toEqual({ name: 'live', transport: 'long-poll' })
  unblock()
  unblockStreams()
  await publishFor(120_000, 20)
  expect(channel.state).toEqual({ name: 'live', transport: 'websocket' })
  await clock.advance(5000)
  expectWhole(chat, 'chat', chat.events[0])
  expect(chat.events.length).toBeGreaterThan(2500)
  expect(chat.words.filter((word) => word !== 'resumed')).toEqual([])
  expect(states.filter((state) => state.startsWith('live'))).toEqual([
    'live event-stream',
    'live long-poll',
    'live websocket',
  ])
})

test('B07 from polls it comes back up step by step: to a stream where sockets are still blocked, and then to those', async () => {
  const { channel, clock, network, follow, open, publishFor, expectWhole, states } = createLiveDesk({
    channel: { betterAfterMs: 10_000 },
  })
  const chat = follow('chat')
  const unblockSockets = network.apply({ type: 'refuse', only: { transport: 'ws' } })
  const unblockStreams = network.apply({ type: 'status', code: 404, only: { transport: 'sse' } })
  await open()
  await publishFor(8_000, 20)
  expect(channel.state).toEqual({ name: 'live', transport: 'long-poll' })
  unblockStreams()
  await publishFor(12_000, 20)
  expect(channel.state).toEqual({ name: 'live', transport: 'event-stream' })
  unblockSockets()
  await publishFor(60_000, 20)
  expect(channel.state).toEqual({ name: 'live', transport: 'websocket' })
  await clock.advance(5_000)
  expectWhole(chat, 'chat', chat.events[0])
  expect(chat.events.length).toBeGreaterThan(1_400)
  expect(chat.words.filter((word) => word !== 'resumed')).toEqual([])
  expect(states.filter((state) => state.startsWith('live'))).toEqual([
    'live long-poll',
    'live event-stream',
    'live websocket',
  ])
})

test('R19 I18 tokens that expire cost a refresh each, and no message', async () => {
  let token = 't0'
  let refreshes = 0
  const { channel, clock, follow, open, publishFor, expectWhole } = createLiveDesk({
    transports: ['websocket'],
    auth: {
      token: () => token,
      async refresh() {
        refreshes += 1
        token = `t${Math.floor((clock.now() - startAt) / 1000)}`
      },
    },
    api: {
      check: (given) => {
        const expiresAt = startAt + Number(given.slice(1)) * 1000 + 8000
        return clock.now() < expiresAt ? { name: 'valid', user: 'ada', expiresAt } : { name: 'expired' }
      },
    },
  })
  const startAt = clock.now()
  const chat = follow('chat')
  await open()
  await publishFor(60_000, 20)
  await clock.advance(2000)
  expectWhole(chat, 'chat')
  expect(refreshes).toBeGreaterThan(6)
  expect(refreshes).toBeLessThan(10)
  expect(channel.state.name).toBe('live')
})

test('a session that is unknown is lost once; after sign-in it goes on, and the state is read first', async () => {
  let known = true
  const lost: string[] = []
  const order: string[] = []
  const { channel, clock, connection, network, follow, open, publishFor, expectWhole } = createLiveDesk({
    transports: ['websocket'],
    channel: { onSessionLost: () => void lost.push('lost') },
    auth: {
      token: () => 't',
      refresh: () => Promise.reject(Object.assign(new Error('sign in'), { code: 'unauthorized' })),
    },
    api: {
      check: () => (known ? { name: 'valid', user: 'ada', expiresAt: Infinity } : { name: 'unknown' }),
    },
  })
  const chat = follow('chat')
  channel.topic('chat', { onEvent: () => void order.push('event') })
  channel.onResync(() => void order.push('resync'))
  await open()
  await publishFor(500, 10)
  known = false
  network.restart.kill({ downMs: 500 })
  await publishFor(10_000, 10)
  expect(lost).toEqual(['lost'])
  expect(channel.state).toEqual({ name: 'unauthorized' })
  expect(connection.state.auth).toBe('required')
  known = true
  connection.signedIn()
  await clock.advance(5000)
  expect(channel.state.name).toBe('live')
  expectWhole(chat, 'chat')
  expect(order.filter((what) => what === 'resync')).toHaveLength(1)
  expect(order.indexOf('resync')).toBe(5)
})

const fault = fc.constantFrom<Fault>(
  { type: 'blackhole' },
  { type: 'refuse' },
  { type: 'lost' },
  { type: 'reset' },
  { type: 'offline' },
  { type: 'portal' },
  { type: 'status', code: 503 },
  { type: 'status', code: 500, from: 'gateway' },
  { type: 'close', code: 1001 },
  { type: 'close', code: 1006 },
  { type: 'latency', ms: 800, jitterMs: 400 },
  { type: 'refuse', only: { transport: 'ws' } },
  { type: 'refuse', only: { transport: 'sse' } },
)
const outage = fc.oneof(
  { weight: 3, arbitrary: fc.record({ fault, lasts: fc.integer({ min: 100, max: 12_000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      drainMs: fc.integer({ min: 0, max: 2000 }),
      downMs: fc.integer({ min: 100, max: 5000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ killMs: fc.integer({ min: 100, max: 5000 }) }) },
)

test.each([...TRANSPORTS, TRANSPORTS.join(' and ')])(
  'I29 I13 over %s random outages lose nothing, double nothing, keep the order, and every message settles',
  async (names) => {
    let events = 0
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.array(outage, { minLength: 1, maxLength: 4 }),
        async (seed, outages) => {
          const { channel, clock, connection, network, follow, open, publishFor, expectWhole, api } =
            createLiveDesk({
              seed,
              transports: TRANSPORTS.filter((name) => names.includes(name)),
              channel: { betterAfterMs: 5000 },
            })
          const chat = follow('chat')
          await open()
          const sends: Promise<{ readonly offset: number }>[] = []
          for (const one of outages) {
            let lastsMs = 6000
            let stop = () => {}
            if ('fault' in one) {
              stop = network.apply(one.fault)
              lastsMs = one.lasts
            } else if ('killMs' in one) network.restart.kill({ downMs: one.killMs })
            else network.restart.graceful(one)
            sends.push(channel.send('chat', { n: sends.length }))
            await publishFor(lastsMs, 10)
            stop()
            await publishFor(3000, 10)
          }
          // Fatal is a person's to revive: a server that says so means it.
          for (let n = 0; n < 20; n++) {
            await clock.advance(10_000)
            if (channel.state.name === 'failed') channel.retryNow()
          }
          const offsets = (await Promise.all(sends)).map(({ offset }) => offset)
          expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b))
          expectWhole(chat, 'chat', chat.events[0])
          expect(chat.words.filter((word) => word !== 'resumed')).toEqual([])
          expect(api.events.filter(({ data }) => (data as { n?: number }).n !== undefined)).toHaveLength(
            sends.length,
          )
          events += chat.events.length
          channel.close()
          connection.stop()
          network.dispose()
        },
      ),
      { numRuns: import.meta.env.MODE === 'soak' ? 100 : 6 },
    )
    expect(events).toBeGreaterThan(100)
  },
  120_000,
)

test('P6 a channel that is sent away with its turn keeps its transport, and comes within a second of each turn', async () => {
  const { channel, clock, network, open, states, at } = createLiveDesk({ api: { mostListeners: 1 } })
  const stranger = new network.WebSocket('wss://api.example/ws')
  await clock.advance(100)
  const refusedAt: number[] = []
  channel.onChange(({ name }) => name === 'waiting' && refusedAt.push(at()))
  await open()
  await clock.advance(20_000)
  stranger.close()
  await clock.advance(7_000)
  expect([...new Set(states)]).toEqual(['connecting', 'waiting', 'live websocket'])
  const gaps = refusedAt.slice(1).map((ms, index) => ms - refusedAt[index]!)
  expect(gaps).toHaveLength(3)
  for (const gap of gaps) {
    // And the way there and back.
    expect(gap).toBeGreaterThan(5_000)
    expect(gap).toBeLessThan(6_000 + 200)
  }
})
