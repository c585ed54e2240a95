/** What runs in a hidden page (docs/spec/performance.md, "Nothing runs while all is well"). */
import { expect, test } from 'vitest'
import { adaptive } from '../../src/live/heartbeat.js'
import { createLiveDesk } from './live-desk.js'
import { createReconnectingDesk } from './reconnecting/rig.js'

const HOUR_MS = 3_600_000

/** A channel over sockets in a page that is hidden, its pings, and its attempts to open a line. */
async function hidden(topics: readonly string[]) {
  let pings = 0
  const desk = createLiveDesk({
    transports: ['websocket'],
    channel: { heartbeat: { ...adaptive(), ping: () => (pings++, adaptive().ping()) } },
  })
  const { clock, network } = desk
  const followed = topics.map(desk.follow)
  await desk.open()
  network.device.hide()
  await clock.advance(60_000)
  const dials = () =>
    new Set(network.log.filter(({ transport }) => transport === 'ws').map(({ id }) => id)).size
  return {
    ...desk,
    followed,
    /** In so long. */
    async count(ms: number) {
      const before = { pings, dials: dials() }
      await clock.advance(ms)
      return { pings: pings - before.pings, dials: dials() - before.dials, timers: clock.pending() }
    },
  }
}

test('P5 a hidden page that follows a topic has one timer, which asks every 25 s, and comes back after a loss', async () => {
  const { count, network, followed, publishFor, expectWhole, channel } = await hidden(['chat'])
  const { pings, dials, timers } = await count(HOUR_MS)
  expect([dials, timers]).toEqual([0, 1])
  expect(pings).toBeGreaterThanOrEqual(143)
  expect(pings).toBeLessThanOrEqual(144)
  network.restart.kill({ downMs: 1000 })
  await publishFor(20_000, 2)
  expect(channel.state.name).toBe('live')
  expectWhole(followed[0]!, 'chat')
})

test('a hidden page that follows nothing and has nothing to send has no timer, asks nothing and dials nothing, also after a loss; it does once it is shown', async () => {
  const { count, network, channel, clock } = await hidden([])
  expect(await count(HOUR_MS)).toEqual({ pings: 0, dials: 0, timers: 0 })
  network.restart.kill({ downMs: 1000 })
  await clock.advance(60_000)
  expect(await count(HOUR_MS)).toEqual({ pings: 0, dials: 0, timers: 0 })
  network.device.show()
  await clock.advance(2000)
  expect(channel.state.name).toBe('live')
})

test('a hidden page in which a message waits dials until it is acknowledged, and then rests', async () => {
  const { count, network, channel, clock } = await hidden([])
  network.restart.kill({ downMs: 1000 })
  await clock.advance(60_000)
  const sent = channel.send('chat', 'hi')
  await clock.advance(30_000)
  await expect(sent).resolves.toMatchObject({ offset: 1 })
  expect(await count(HOUR_MS)).toEqual({ pings: 0, dials: 0, timers: 0 })
})

test.each([
  ['with a heartbeat', adaptive({ ping: () => 'echo', isPong: (text) => text === 'echo' }), 144],
  ['without one', null, 0],
])(
  'a hidden ReconnectingWebSocket is needed, since nobody can tell whether somebody listens: one timer, %s',
  async (_what, heartbeat, most) => {
    const { network, clock, open, heard } = createReconnectingDesk()
    const { socket } = await open({ heartbeat })
    network.device.hide()
    await clock.advance(60_000)
    heard.length = 0
    await clock.advance(HOUR_MS)
    expect(clock.pending()).toBe(1)
    const asked = heard.filter((line) => line.startsWith('message')).length
    expect(asked).toBeGreaterThanOrEqual(Math.max(0, most - 1))
    expect(asked).toBeLessThanOrEqual(most)
    network.restart.kill({ downMs: 1000 })
    await clock.advance(20_000)
    expect(socket.readyState).toBe(1)
  },
)
