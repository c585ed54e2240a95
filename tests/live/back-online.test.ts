/** When the link is back, what was open over it is back, too: asked whether it lives, or opened anew where it cannot be. */
import { expect, test } from 'vitest'
import { createLiveDesk, TRANSPORTS, type TransportName } from './live-desk.js'

/** A health check of two round trips of 40 ms, one dial of as many, and a greeting. */
const BACK_WITHIN_MS = 300

/** Live, with some messages told. */
async function live(name: TransportName, options: Parameters<typeof createLiveDesk>[0] = {}) {
  const desk = createLiveDesk({ transports: [name], ...options })
  const chat = desk.follow('chat')
  await desk.open()
  await desk.publishFor(2_000, 10)
  /** How often it has dialled. */
  const dials = () => desk.states.filter((state) => state === 'connecting').length
  return { ...desk, chat, dials }
}

test.each(TRANSPORTS)(
  'P3 R21 over %s: after 8 s without a network what was missed is told as soon as the link is proven',
  async (name) => {
    const { network, clock, chat, api, publishFor, expectWhole, states } = await live(name)
    const back = network.apply({ type: 'offline' })
    await publishFor(8_000, 10)
    const told = chat.events.length
    expect(told).toBeLessThan(api.events.length - 50)
    back()
    await clock.advance(BACK_WITHIN_MS)
    expect(chat.events.length).toBe(api.events.length)
    await publishFor(20_000, 10)
    expectWhole(chat, 'chat')
    expect(states.at(-1)).toBe(`live ${name}`)
  },
)

test.each(TRANSPORTS)(
  'R21 over %s: after a path that was silent for 12 s what was missed is told as soon as the link is proven',
  async (name) => {
    const { network, clock, chat, api, connection, publishFor, expectWhole } = await live(name)
    let upAt = 0
    connection.subscribe(({ link }) => {
      if (link.name === 'online') upAt = clock.now()
    })
    const back = network.apply({ type: 'blackhole' })
    // As a request of somebody's that is not answered says.
    connection.send({ type: 'SUSPICION', cause: 'timeout' })
    await publishFor(12_000, 10)
    expect(connection.state.link.name).not.toBe('online')
    upAt = 0
    back()
    for (let waited = 0; upAt === 0 && waited < 20_000; waited += 20) await clock.advance(20)
    await clock.advance(BACK_WITHIN_MS)
    expect(chat.events.length).toBe(api.events.length)
    await publishFor(20_000, 10)
    expectWhole(chat, 'chat')
  },
)

test.each(['event-stream', 'long-poll'] as const)(
  '%s: one that has forgotten its path after a loss is left as soon as the link is proven, not after a minute',
  async (name) => {
    const { network, clock, chat, api, publishFor } = await live(name)
    const back = network.apply({ type: 'offline' })
    await clock.advance(3_000)
    network.apply({ type: 'lost' })
    back()
    await publishFor(1_000, 10)
    await clock.advance(BACK_WITHIN_MS)
    expect(chat.events.length).toBe(api.events.length)
  },
)

test('a stream is opened anew once for each loss, and not for a doubt that comes to nothing', async () => {
  const { network, clock, connection, dials, publishFor } = await live('event-stream')
  for (let n = 0; n < 20; n += 1) {
    connection.send({ type: 'SUSPICION', cause: 'server' })
    await clock.advance(500)
  }
  expect(dials()).toBe(1)
  const back = network.apply({ type: 'offline' })
  await publishFor(5_000, 10)
  back()
  await publishFor(10_000, 10)
  expect(dials()).toBe(2)
})

test('a stream that speaks before the link is proven goes on', async () => {
  const { network, clock, dials, publishFor } = await live('event-stream')
  const back = network.apply({ type: 'offline' })
  await clock.advance(5_000)
  back()
  await publishFor(10_000, 10)
  expect(dials()).toBe(1)
})

test('a browser that lies about its network ends no stream', async () => {
  const { network, clock, dials } = await live('event-stream')
  const back = network.apply({ type: 'lie', onLine: false })
  await clock.advance(5_000)
  back()
  await clock.advance(5_000)
  expect(dials()).toBe(1)
})

test('I21 B05 a half-open socket is noticed within its heartbeat, however much is said into it', async () => {
  const { network, clock, channel, states, api } = await live('websocket')
  network.apply({ type: 'lost' })
  const sent: Promise<unknown>[] = []
  for (let n = 0; n < 15; n += 1) {
    sent.push(channel.send('chat', { text: '.'.repeat(1_500 - 100 * n) }))
    await clock.advance(500)
  }
  expect(states.filter((state) => state === 'connecting')).toHaveLength(2)
  await clock.advance(BACK_WITHIN_MS)
  await expect(Promise.all(sent)).resolves.toHaveLength(15)
  expect(api.events.filter(({ data }) => 'text' in (data as object))).toHaveLength(15)
})

/** How often a quiet socket says something in five minutes, at a page that is used, or is not, all the time. */
async function saidIn5Minutes(page: EventTarget | null, isUsed: boolean): Promise<number> {
  const { channel, clock, network, open } = createLiveDesk({
    transports: ['websocket'],
    channel: { window: page },
  })
  await open()
  for (let n = 0; n < 10; n += 1) {
    if (isUsed) page?.dispatchEvent(new Event('keydown'))
    await clock.advance(30_000)
  }
  channel.close()
  await clock.advance(1_000)
  return network.log.findLast(({ close }) => close)!.close!.up
}

test('P5 the page where its use is heard can be told: a line in use is asked each 5 s, else each 25 s', async () => {
  expect(await saidIn5Minutes(new EventTarget(), true)).toBeGreaterThan(50)
  expect(await saidIn5Minutes(new EventTarget(), false)).toBeLessThan(25)
  expect(await saidIn5Minutes(null, true)).toBeLessThan(25)
})
