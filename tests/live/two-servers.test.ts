/** Several servers on one log, the first of which is probed and fails: what a channel is told meanwhile, and where it goes. */
import { expect, test } from 'vitest'
import type { Fault } from '../../mocks/faults.js'
import { createLiveDesk, TRANSPORTS, type LiveDeskOptions, type TransportName } from './live-desk.js'

const [HOME, OTHER] = ['a.example', 'b.example']
/**
 * A black hole is noticed by the heartbeat (5 s and a pong; of a stream 2.5 of the server's intervals; of a poll, what
 * it asks to be held, and some more), and then by the probe (5 s).
 */
const SILENCE_MS = { websocket: 14_000, 'event-stream': 20_000, 'long-poll': 45_000 }

const dead: readonly Fault[] = [
  { type: 'refuse', only: { host: HOME } },
  { type: 'reset', only: { host: HOME } },
]
const silent: readonly Fault[] = [{ type: 'blackhole', only: { host: HOME } }]

function createDesk(options: LiveDeskOptions = {}) {
  const desk = createLiveDesk({
    hosts: [HOME, OTHER],
    ...options,
    channel: { betterAfterMs: 2_000, ...options.channel },
  })
  const { connection, network } = desk
  const begun = () => [
    ...network.log.map(({ url, at, ms }) => ({ url, from: at - ms })),
    // A stream has its line at its end.
    ...network.underWay.map(({ url, leftAt }) => ({ url, from: leftAt })),
  ]
  return {
    ...desk,
    /** What was asked of a host since then, but for its health. */
    asked: (host: string, since: number) =>
      begun().filter(({ url, from }) => {
        const to = new URL(url)
        return to.host === host && to.pathname !== '/health' && from >= since
      }),
    isDown: () => ['waiting', 'trying'].includes(connection.state.link.name),
    strike(faults: readonly Fault[]) {
      const stops = faults.map((fault) => network.apply(fault))
      return () => stops.forEach((stop) => stop())
    },
    live: (name: TransportName) => ({ name: 'live', transport: name }),
  }
}

test.each(TRANSPORTS)(
  'R15 over %s the first server is killed: the channel is at the second within 1 s though the verdict is down, and goes home again; nothing is lost',
  async (name) => {
    const desk = createDesk({ transports: [name] })
    const { channel, clock, follow, publishFor, asked, isDown } = desk
    const chat = follow('chat')
    await desk.open()
    await publishFor(1_000, 50)
    const revive = desk.strike(dead)
    await publishFor(1_000, 50)
    expect([isDown(), channel.state]).toEqual([true, desk.live(name)])
    const downAt = clock.now()
    const before = chat.events.length
    await publishFor(30_000, 20)
    expect([isDown(), channel.state]).toEqual([true, desk.live(name)])
    expect(chat.events.length - before).toBeGreaterThan(590)
    // Whom the verdict is about is not dialled, nor is it said to be up for what another one has answered.
    expect(asked(HOME, downAt)).toEqual([])
    const backAt = clock.now()
    revive()
    await publishFor(40_000, 20)
    expect([isDown(), channel.state]).toEqual([false, desk.live(name)])
    expect(asked(HOME, backAt)).not.toEqual([])
    const homeAt = clock.now()
    await publishFor(60_000, 20)
    expect(asked(OTHER, homeAt)).toEqual([])
    desk.expectWhole(chat, 'chat')
    expect(chat.words.filter((word) => word !== 'resumed')).toEqual([])
  },
)

test.each(TRANSPORTS)(
  'R15 over %s the first server falls silent: the channel is at the second as soon as that is noticed; nothing is lost',
  async (name) => {
    const desk = createDesk({
      transports: [name],
      channel: { dialTimeoutMs: 5_000 },
      api: { heartbeatMs: 5_000, pollMs: 5_000 },
    })
    const { channel, clock, follow, publishFor, asked } = desk
    const chat = follow('chat')
    await desk.open()
    await publishFor(1_000, 50)
    const end = desk.strike(silent)
    await publishFor(SILENCE_MS[name], 20)
    expect(channel.state).toEqual(desk.live(name))
    expect(asked(OTHER, 0).length).toBeGreaterThan(0)
    end()
    await publishFor(30_000, 20)
    await clock.advance(1_000)
    desk.expectWhole(chat, 'chat')
    expect(chat.words.filter((word) => word !== 'resumed')).toEqual([])
  },
)

test('while both are dead the second is dialled as the own schedule says, and once the verdict is up the first at once', async () => {
  const desk = createDesk({ transports: ['websocket'] })
  const { channel, clock, network, asked } = desk
  await desk.open()
  const revive = desk.strike([{ type: 'refuse' }, { type: 'reset' }])
  await clock.advance(2_000)
  const downAt = clock.now()
  await clock.advance(300_000)
  expect(asked(HOME, downAt)).toEqual([])
  const dials = asked(OTHER, downAt).map(({ from }) => from)
  const waits = dials.slice(1).map((from, n) => from - dials[n]!)
  // 2, 4, 8, 16 and then 30 s, each within a half of it.
  expect(dials.length).toBeGreaterThan(8)
  expect(dials.length).toBeLessThan(25)
  expect(Math.max(...waits)).toBeLessThanOrEqual(45_100)
  expect(Math.min(...waits.slice(5))).toBeGreaterThanOrEqual(15_000)
  revive()
  while (desk.isDown()) await clock.advance(10)
  await clock.advance(500)
  expect(channel.state).toEqual(desk.live('websocket'))
  expect(network.log.filter(({ url }) => new URL(url).host === HOME).length).toBeGreaterThan(0)
})

test('nobody is dialled while the device says that it has no network, nor while a person works offline', async () => {
  const desk = createDesk({ transports: ['websocket'] })
  const { channel, clock, connection, network, asked } = desk
  await desk.open()
  const online = network.apply({ type: 'offline' })
  await clock.advance(10_000)
  const offlineAt = clock.now()
  await clock.advance(60_000)
  expect([asked(HOME, offlineAt), asked(OTHER, offlineAt)]).toEqual([[], []])
  online()
  await clock.advance(2_000)
  expect(channel.state).toEqual(desk.live('websocket'))
  // The verdict is heard before another server is dialled.
  expect(asked(OTHER, offlineAt)).toEqual([])
  connection.setIntent('offline')
  const choiceAt = clock.now()
  await clock.advance(60_000)
  expect([asked(HOME, choiceAt), asked(OTHER, choiceAt)]).toEqual([[], []])
})

test.each([
  ['of nobody knows where', []],
  ['of all of them', [`https://${HOME}`, `https://${OTHER}`]],
])('where the verdict is %s each server has its turn', async (_what, origins) => {
  const desk = createDesk({ transports: ['websocket'], origins })
  const { channel, follow, publishFor } = desk
  const chat = follow('chat')
  await desk.open()
  await publishFor(1_000, 20)
  const revive = desk.strike(dead)
  await publishFor(3_000, 20)
  expect([desk.isDown(), channel.state]).toEqual([true, desk.live('websocket')])
  await publishFor(20_000, 20)
  expect(desk.isDown()).toBe(true)
  revive()
  await publishFor(30_000, 20)
  expect([desk.isDown(), channel.state]).toEqual([false, desk.live('websocket')])
  desk.expectWhole(chat, 'chat')
})

test.each(TRANSPORTS)('over %s nothing, and so no token, goes to a host that is not listed', async (name) => {
  const auth = { token: () => 'secret', refresh: async () => {} }
  const desk = createDesk({ transports: [name], auth })
  desk.follow('chat')
  await desk.open()
  const revive = desk.strike(dead)
  await desk.publishFor(10_000, 20)
  revive()
  await desk.publishFor(30_000, 20)
  const hosts = new Set(desk.network.log.map(({ url }) => new URL(url).host))
  expect([...hosts].sort()).toEqual([HOME, OTHER])
})

test('I24 P6 of two servers that are busy each is come back to when its own ticket says, and not before', async () => {
  const desk = createDesk({ transports: ['websocket'], channel: { betterAfterMs: Infinity } })
  const { channel, clock } = desk
  const ticket = (host: string, retryAfterMs: number): Fault => ({
    ...{ type: 'close', code: 1013, reason: JSON.stringify({ retryAfterMs }) },
    only: { host, transport: 'ws' },
  })
  await desk.open()
  expect(channel.state).toEqual(desk.live('websocket'))
  const admit = desk.strike([ticket(HOME, 30_000), ticket(OTHER, 40_000)])
  const sentAwayAt = clock.now()
  await clock.advance(25_000)
  // A socket has a line in the log for its dial, and another one for its end.
  const dials = (host: string) => [
    ...new Set(desk.asked(host, sentAwayAt).map(({ from }) => from - sentAwayAt)),
  ]
  // From home it was sent away over the line that was open.
  expect([dials(HOME).length, dials(OTHER).length]).toEqual([0, 1])
  admit()
  await clock.advance(10_000)
  expect(channel.state).toEqual(desk.live('websocket'))
  expect(dials(HOME)[0]).toBeGreaterThanOrEqual(30_000)
})
