import { expect, test } from 'vitest'
import { createLiveDesk, TRANSPORTS } from './live-desk.js'

test.each(TRANSPORTS)(
  'R16 over %s events come, messages are acknowledged, and nothing runs after close',
  async (name) => {
    const { channel, clock, connection, follow, open, publishFor, expectWhole, states } = createLiveDesk({
      transports: [name],
    })
    const chat = follow('chat')
    await open()
    expect(channel.state).toEqual({ name: 'live', transport: name })
    await publishFor(1000, 50)
    const sent = await Promise.race([channel.send('chat', 'hi'), clock.advance(1000).then(() => null)])
    await clock.advance(1000)
    expect(sent).toMatchObject({ offset: 51 })
    expectWhole(chat, 'chat')
    channel.close()
    connection.stop()
    await clock.advance(60_000)
    expect(states.at(-1)).toBe('closed')
    expect(clock.pending()).toBe(0)
  },
)

test.each(TRANSPORTS)(
  'I29 B04 over %s a restart loses nothing, doubles nothing and keeps the order',
  async (name) => {
    const { channel, clock, network, follow, open, publishFor, expectWhole } = createLiveDesk({
      transports: [name],
    })
    const chat = follow('chat')
    await open()
    await publishFor(1000, 50)
    const sends: Promise<unknown>[] = []
    for (const restart of [
      () => network.restart.graceful({ drainMs: 1000, downMs: 2000 }),
      () => network.restart.kill({ downMs: 700 }),
      () => network.restart.crashLoop({ times: 3, upMs: 600, downMs: 400 }),
    ]) {
      restart()
      for (let n = 0; n < 20; n++) {
        sends.push(channel.send('chat', { n }))
        await publishFor(300, 50)
      }
      await clock.advance(20_000)
    }
    await clock.advance(30_000)
    expect(channel.state).toEqual({ name: 'live', transport: name })
    await expect(Promise.all(sends)).resolves.toHaveLength(60)
    expectWhole(chat, 'chat')
    expect(chat.words.filter((word) => word !== 'resumed')).toEqual([])
  },
)

test.each(TRANSPORTS)(
  'I29 over %s what has left the ring is told as a gap, and the state read once before what is new',
  async (name) => {
    const { channel, clock, network, follow, open, api, publishFor } = createLiveDesk({
      transports: [name],
      api: { ring: 100 },
    })
    const chat = follow('chat')
    await open()
    await publishFor(1000, 50)
    const read: number[] = []
    channel.onResync(async () => {
      const { offset } = api.events.at(-1)!
      await network.fetch('https://api.example/health')
      read.push(offset)
    })
    network.restart.kill({ downMs: 3000 })
    await publishFor(3000, 100)
    await publishFor(10_000, 10)
    await clock.advance(5000)
    expect(read).toHaveLength(1)
    const gap = /^gap (\d+)-(\d+)$/.exec(chat.words.find((word) => word.startsWith('gap')) ?? '')
    const [from, to] = [Number(gap?.[1]), Number(gap?.[2])]
    const last = api.events.at(-1)!.offset
    const expected = Array.from({ length: last }, (_, n) => n + 1).filter((n) => n < from || n > to)
    expect(chat.events).toEqual(expected)
    expect(read[0]).toBeGreaterThanOrEqual(to)
  },
)

test.each(TRANSPORTS)(
  'over %s another log is a reset of all topics, and one reason to read anew',
  async (name) => {
    const { channel, clock, network, follow, open, publishFor, api } = createLiveDesk({ transports: [name] })
    const [chat, orders] = [follow('chat'), follow('orders')]
    const causes: unknown[] = []
    await open()
    await publishFor(1000, 10)
    await publishFor(1000, 10, 'orders')
    channel.onResync((all) => void causes.push(all.map(({ type }) => type)))
    network.restart.lostSession({ downMs: 1000 })
    await clock.advance(10_000)
    const before = [chat.events.length, orders.events.length]
    expect(before).toEqual([10, 10])
    await publishFor(1000, 10)
    await clock.advance(5000)
    expect(causes).toEqual([['reset', 'reset']])
    expect(chat.words.at(-1)).toBe('reset')
    expect(chat.events.slice(10)).toEqual(api.events.map(({ offset }) => offset))
  },
)

test.each(['event-stream', 'long-poll'] as const)(
  'over %s messages go before there is a topic, and the first topic is followed at once, however late it comes',
  async (name) => {
    const { channel, clock, follow, open, publishFor, expectWhole, api } = createLiveDesk({
      transports: [name],
    })
    await open()
    const sent = channel.send('chat', 'early')
    await clock.advance(1000)
    await expect(sent).resolves.toMatchObject({ offset: 1 })
    await clock.advance(117_000)
    const chat = follow('chat')
    await clock.advance(1000)
    expect(channel.state).toEqual({ name: 'live', transport: name })
    await publishFor(1000, 10)
    await clock.advance(1000)
    expectWhole(chat, 'chat', 2)
    expect(api.events).toHaveLength(11)
  },
)

test.each(TRANSPORTS)(
  'over %s a line that is quiet for longer than its server’s short heartbeat is not taken for dead',
  async (name) => {
    const { clock, follow, open, states } = createLiveDesk({
      transports: [name],
      api: { heartbeatMs: 1000 },
    })
    follow('chat')
    await open()
    await clock.advance(60_000)
    expect(states).toEqual(['connecting', `live ${name}`])
  },
)
