/** A service that speaks nothing but sockets: the channel's dial is the health check of its connection. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fault } from '../../mocks/faults.js'
import { manualClock } from '../../mocks/manual-clock.js'
import type { Network } from '../../mocks/network.js'
import { seededRandom } from '../../mocks/random.js'
import { createConnection } from '../../src/core/connection.js'
import { createChannel } from '../../src/live/channel.js'
import { eventStream } from '../../src/live/event-stream.js'
import { adaptive } from '../../src/live/heartbeat.js'
import { probeByDial, type ProbeByDialOptions } from '../../src/live/probe-by-dial.js'
import { webSocket, type SocketClass } from '../../src/live/websocket.js'
import { fakeDriver, type Attempt } from './keeper-rig.js'
import { createLiveDesk, type LiveDeskOptions } from './live-desk.js'

const URL = 'https://api.example/'
const HELLO = '{"type":"HELLO","boot":"a","epoch":"e","offset":0,"heartbeatMs":25000,"session":"known"}'
const DEAD: readonly Fault[] = [{ type: 'refuse' }, { type: 'reset' }]

/** A desk that writes down its sockets, and what is said on them. */
function createDesk(options: LiveDeskOptions = {}, ofDial: ProbeByDialOptions = {}) {
  const sockets: InstanceType<SocketClass>[] = []
  const said: unknown[] = []
  const desk = createLiveDesk({
    ...options,
    dial({ WebSocket }: Network) {
      const Written = class extends WebSocket {
        constructor(url: string | URL, protocols?: string | string[]) {
          super(url, protocols)
          sockets.push(this)
        }
        override send(data: Parameters<WebSocket['send']>[0]) {
          said.push(data)
          super.send(data)
        }
      }
      return probeByDial(URL, { driver: webSocket({ WebSocket: Written as SocketClass }), ...ofDial })
    },
  })
  const { network, connection } = desk
  return {
    ...desk,
    sockets,
    /** Open, or about to be: what is closing is nobody's any more. */
    alive: () => sockets.filter(({ readyState }) => readyState < 2).length,
    pings: () => said.filter((data) => String(data).includes('PING')).length,
    suspect: () => connection.send({ type: 'SUSPICION', cause: 'timeout' }),
    strike(faults: readonly Fault[]) {
      const stops = faults.map((fault) => network.apply(fault))
      return () => stops.forEach((stop) => stop())
    },
  }
}

test('P1 at a server that is gone each attempt is one dial, and health is asked of nothing else', async () => {
  const { open, clock, strike, sockets, network, connection, channel, alive } = createDesk()
  await open()
  expect([channel.state.name, connection.state.link.name, sockets.length]).toEqual(['live', 'online', 1])
  const back = strike(DEAD)
  await clock.advance(60_000)
  const attempts = connection.state.link.name === 'waiting' ? connection.state.link.attempt : NaN
  // Beside the line that was lost: the dial that proved it, and all before the one that is waited for.
  expect(sockets.length - 1).toBe(attempts)
  expect(attempts).toBeGreaterThan(10)
  back()
  await clock.advance(20_000)
  expect([channel.state.name, connection.state.link.name, alive()]).toEqual(['live', 'online', 1])
  expect(network.log.filter(({ url }) => url.includes('health'))).toEqual([])
})

test.each([
  ['a server that is gone', DEAD],
  ['a path that swallows everything', [{ type: 'blackhole' }]],
  ['a device without a network', [{ type: 'offline' }]],
] as const)('R17 R21 after 12 s of %s nothing is lost, doubled or out of order', async (_name, faults) => {
  const { open, follow, publishFor, expectWhole, strike, channel, alive } = createDesk()
  const chat = follow('chat')
  await open()
  await publishFor(2_000, 10)
  const back = strike(faults)
  await publishFor(12_000, 10)
  back()
  await publishFor(20_000, 10)
  expectWhole(chat, 'chat')
  expect([channel.state.name, alive()]).toEqual(['live', 1])
})

test('an open line that is doubted is asked for a sign of life, and no other one is dialled', async () => {
  const { open, clock, suspect, connection, sockets, pings } = createDesk()
  await open()
  const before = pings()
  suspect()
  expect(connection.state.link.name).toBe('suspect')
  await clock.advance(100)
  expect(connection.state.link.name).toBe('online')
  expect(pings()).toBeGreaterThan(before)
  expect(sockets).toHaveLength(1)
})

test('one that does not answer is replaced after its pong timeout, and the dial that replaces it is the health check', async () => {
  const { open, clock, suspect, connection, sockets, network, channel } = createDesk()
  await open()
  network.apply({ type: 'lost' })
  suspect()
  await clock.advance(2_500 + 300)
  expect([connection.state.link.name, channel.state.name, sockets.length]).toEqual(['online', 'live', 2])
})

test('a line that was not greeted yet is asked nothing, and is no sign of life', async () => {
  const { clock, suspect, connection, channel, pings, network, sockets } = createDesk({
    channel: { dialTimeoutMs: 3_000 },
  })
  const greet = network.apply({ type: 'drop', only: { transport: 'ws', direction: 'down' } })
  connection.start()
  channel.open()
  await clock.advance(1_000)
  expect([channel.state.name, connection.state.link.name]).toEqual(['connecting', 'online'])
  suspect()
  await clock.advance(1_000)
  expect([connection.state.link.name, pings(), sockets.length]).toEqual(['suspect', 0, 1])
  greet()
  await clock.advance(2_000)
  expect([connection.state.link.name, channel.state.name, sockets.length]).toEqual(['online', 'live', 2])
})

test('one that is greeted while a health check waits for it has given its sign of life: nothing is lost', async () => {
  const clock = manualClock()
  const attempts: Attempt[] = []
  const dial = probeByDial(URL, { driver: fakeDriver('websocket', attempts, clock.now, () => {}) })
  const connection = createConnection({ probe: dial, clock, random: seededRandom(1) })
  const channel = createChannel({ connection, url: URL, drivers: [dial], window: null })
  const links: string[] = []
  connection.subscribe(({ link }) => void (links.at(-1) === link.name || links.push(link.name)))
  connection.start()
  channel.open()
  await clock.advance(40)
  const [line] = attempts
  line!.tell({ type: 'open' })
  await clock.advance(10)
  connection.send({ type: 'SUSPICION', cause: 'server' })
  await clock.advance(100)
  line!.tell({ type: 'message', data: HELLO })
  await clock.advance(20_000)
  expect(links).toEqual(['connecting', 'online', 'suspect', 'online'])
  expect([channel.state.name, attempts.length]).toEqual(['live', 1])
  channel.close()
  connection.stop()
})

test('a codec of its own that throws hides no message of the channel', async () => {
  const isPong = (): never => {
    throw new Error('no JSON')
  }
  const { open, channel } = createDesk({}, { heartbeat: { ...adaptive(), isPong } })
  await open()
  expect(channel.state.name).toBe('live')
})

test('without a heartbeat an open line is believed', async () => {
  const { open, clock, suspect, connection, pings } = createDesk(
    { channel: { heartbeat: null } },
    { heartbeat: null },
  )
  await open()
  suspect()
  await clock.advance(10)
  expect([connection.state.link.name, pings()]).toEqual(['online', 0])
})

test('a server that restarts and says for how long is a planned loss, and is not dialled before', async () => {
  const { open, clock, network, connection, sockets, channel } = createDesk()
  await open()
  network.restart.graceful({ drainMs: 1_000, downMs: 8_000 })
  await clock.advance(2_000)
  const { link } = connection.state
  expect('cause' in link && link.cause).toBe('planned')
  const dialled = sockets.length
  await clock.advance(3_000)
  expect(sockets).toHaveLength(dialled)
  await clock.advance(20_000)
  expect([connection.state.link.name, channel.state.name]).toEqual(['online', 'live'])
})

test('P6 who is sent away with a turn comes back when it says, with one dial each time', async () => {
  const { open, clock, strike, channel, sockets } = createDesk()
  await open()
  const admit = strike([{ type: 'close', code: 1013, reason: '{"retryAfterMs":5000}' }])
  const before = sockets.length
  await clock.advance(17_000)
  expect(sockets.length - before).toBe(3)
  admit()
  await clock.advance(8_000)
  expect([channel.state.name, sockets.length - before]).toEqual(['live', 4])
})

test('R15 while home is down another server is dialled, and is no evidence for it', async () => {
  const { open, clock, strike, channel, connection, sockets } = createDesk({
    hosts: ['api.example', 'b.example'],
  })
  await open()
  strike(DEAD.map((fault) => ({ ...fault, only: { host: 'api.example' } })) as Fault[])
  await clock.advance(3_000)
  expect([channel.state.name, connection.state.link.name]).toEqual(['live', 'waiting'])
  const urls = sockets.map((socket) => (socket as WebSocket).url)
  expect(urls.filter((url) => url === 'wss://b.example/ws')).toHaveLength(1)
  expect(urls.filter((url) => url === 'wss://api.example/ws').length).toBeGreaterThan(2)
})

test('I21 through any faults there is never a second socket at once, and nothing is lost', async () => {
  const step = fc.record({
    fault: fc.constantFrom<Fault['type']>('refuse', 'reset', 'blackhole', 'offline', 'lost'),
    forMs: fc.integer({ min: 50, max: 9_000 }),
    betweenMs: fc.integer({ min: 50, max: 9_000 }),
    isSuspected: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), fc.nat(), async (steps, seed) => {
      const { open, follow, publishFor, expectWhole, strike, suspect, channel, alive, sockets } = createDesk({
        seed,
      })
      const chat = follow('chat')
      await open()
      let most = 0
      const look = async (ms: number) => {
        for (let left = ms; left > 0; left -= 100) {
          await publishFor(100, 10)
          most = Math.max(most, alive())
        }
      }
      for (const { fault, forMs, betweenMs, isSuspected } of steps) {
        const back = strike([{ type: fault } as Fault])
        if (isSuspected) suspect()
        await look(forMs)
        back()
        await look(betweenMs)
      }
      await look(30_000)
      expectWhole(chat, 'chat')
      expect([most, channel.state.name, alive()], `${sockets.length} sockets`).toEqual([1, 'live', 1])
      channel.close()
    }),
    { numRuns: import.meta.env.MODE === 'soak' ? 1_000 : 15 },
  )
})

test('the origin that it speaks for is that of its server, as requests name it', () => {
  expect(probeByDial(URL).origin).toBe('https://api.example')
  expect(probeByDial({ base: 'http://localhost:8080', websocket: '/live' }).origin).toBe(
    'http://localhost:8080',
  )
})

test.each([
  ['a URL that is none', () => probeByDial('https://'), /probeByDial\.url/],
  ['a URL with a password', () => probeByDial('https://u:p@api.example'), /probeByDial\.url/],
  ['a driver that is none', () => probeByDial(URL, { driver: {} as never }), /probeByDial\.driver/],
  ['a driver of streams', () => probeByDial(URL, { driver: eventStream() }), /probeByDial\.driver is "event/],
  ['a heartbeat that is none', () => probeByDial(URL, { heartbeat: 5 as never }), /probeByDial\.heartbeat/],
  ['an unknown option', () => probeByDial(URL, { pong: 1 } as never), /pong/],
] as const)('%s is refused by name', (_name, make, words) => {
  expect(make).toThrow(expect.objectContaining({ code: 'bad-option', message: expect.stringMatching(words) }))
})
