/** What listeners may do within an event: close, open, stop one another, sign out. */
import { expect, test } from 'vitest'
import { createKeeper } from '../../src/live/keeper.js'
import type { KeeperNews } from '../../src/live/keeper-state.js'
import { createChannelDesk } from './channel-desk.js'
import { createRig, numberedTokens } from './keeper-rig.js'
import { createLiveDesk, TRANSPORTS } from './live-desk.js'

test.each(TRANSPORTS)(
  'over %s closed within the very event that says live: no door stays open',
  async (name) => {
    const { channel, clock, open, follow } = createLiveDesk({ transports: [name] })
    follow('chat')
    const stop = channel.onChange((state) => state.name === 'live' && channel.close())
    await open()
    stop()
    expect(channel.state.name).toBe('closed')
    channel.open()
    // Not live yet: what is sent now or never cannot be sent now.
    await expect(channel.send('chat', 1, { policy: 'drop' })).rejects.toMatchObject({ code: 'link-down' })
    await clock.advance(1_000)
    expect(channel.state.name).toBe('live')
  },
)

test('I15 whoever signs out because the session is lost: nobody asks for another token', async () => {
  let refreshes = 0
  const desk = createLiveDesk({
    transports: ['websocket'],
    auth: { token: () => 'token', refresh: async () => void (refreshes += 1) },
    api: { check: () => ({ name: 'unknown' }) },
    channel: { onSessionLost: () => desk.connection.signedOut() },
  })
  desk.follow('chat')
  await desk.open()
  await desk.clock.advance(10_000)
  expect(desk.channel.state.name).toBe('closed')
  expect(refreshes).toBe(0)
})

test('I15 the same where a post says so', async () => {
  let refreshes = 0
  const { channel, connection, dial, follow, open, outcome, posts, tick } = createChannelDesk({
    auth: { token: () => 'token', refresh: async () => void (refreshes += 1) },
    onSessionLost: () => connection.signedOut(),
  })
  follow('chat')
  await open()
  ;(await dial('event-stream')).hello()
  const sent = outcome(channel.send('chat', 1))
  await tick()
  await posts[0]!.answer(401, { type: 'session_unknown' })
  await tick()
  expect(refreshes).toBe(0)
  expect(sent.is).toBe('maybe-committed')
})

test('stopped within `ended`: nothing is asked for the next attempt, and the suspicion is told all the same', async () => {
  const rig = createRig()
  let asked = 0
  const keeper = createKeeper({
    connection: rig.connection,
    routes: rig.routes,
    request: () => ((asked += 1), { protocols: [], token: null, topics: [], cursor: null }),
    tell(news: KeeperNews) {
      if (news.type === 'opened') keeper.proven()
      if (news.type === 'ended') keeper.stop()
    },
  })
  rig.connection.start()
  keeper.start()
  await rig.advance(10_000)
  expect(asked).toBe(1)
  rig.last().end()
  await rig.advance(1_000)
  expect(asked).toBe(1)
  expect(keeper.state.name).toBe('closed')
  expect(rig.events).toContainEqual({ type: 'SUSPICION', cause: 'server' })
  rig.connection.stop()
  expect(rig.clock.pending()).toBe(0)
})

test('I15 signed out within the `ended` of a lost session: the token is not renewed', async () => {
  const auth = numberedTokens(100, () => rig.clock)
  const rig = createRig({ auth })
  const keeper = createKeeper({
    connection: rig.connection,
    routes: rig.routes,
    request: () => ({ protocols: [], token: null, topics: [], cursor: null }),
    tell(news: KeeperNews) {
      if (news.type !== 'ended') return
      keeper.stop()
      rig.connection.signedOut()
    },
  })
  rig.connection.start()
  keeper.start()
  await rig.advance(10)
  rig.last().end({ verdict: 'session-lost', code: 4402 })
  await rig.advance(10_000)
  expect(auth.renewals).toBe(0)
})

test('stopped within `alive`: the message behind it is told to nobody', async () => {
  const told: string[] = []
  const rig = createRig()
  const keeper = createKeeper({
    connection: rig.connection,
    routes: rig.routes,
    request: () => ({ protocols: [], token: null, topics: [], cursor: null }),
    tell(news: KeeperNews) {
      told.push(news.type)
      if (news.type === 'opened') keeper.proven()
      if (news.type === 'alive') keeper.stop()
    },
  })
  rig.connection.start()
  keeper.start()
  await rig.advance(1_000)
  keeper.prove()
  rig.last().tell({ type: 'message', data: 'late' })
  expect(told).not.toContain('message')
  expect(told.at(-1)).toBe('state')
})

test('a listener that another one has stopped within the event hears nothing more', async () => {
  const { channel, dial, open, connection } = createChannelDesk()
  const heard: string[] = []
  const stops: (() => void)[] = []
  for (const name of ['a', 'b'])
    stops.push(
      channel.topic('chat', {
        onEvent() {
          heard.push(name)
          stops.forEach((stop) => stop())
        },
      }),
    )
  const changes: (() => void)[] = []
  for (const name of ['c', 'd'])
    changes.push(
      channel.onChange(() => {
        heard.push(name)
        changes.forEach((stop) => stop())
      }),
    )
  await open()
  expect(heard).toEqual(['c'])
  const line = await dial('websocket')
  line.hello()
  line.resumed('chat', 0)
  line.event('chat', 1)
  line.event('chat', 2)
  expect(heard).toEqual(['c', 'a'])
  connection.stop()
})

test('the same function may hear of changes twice, and one stop ends one of them', async () => {
  const { channel, open } = createChannelDesk()
  let heard = 0
  const hear = () => void (heard += 1)
  channel.onChange(hear)
  const stop = channel.onChange(hear)
  stop()
  stop()
  await open()
  expect(heard).toBe(1)
})

test('the stop of an earlier opening does not close a later one, however often it is called', async () => {
  const { channel, open } = createChannelDesk()
  await open()
  const stop = channel.open()
  channel.close()
  channel.open()
  stop()
  stop()
  expect(channel.state.name).not.toBe('closed')
})

test('a channel that has failed for good is tried again by open()', async () => {
  const { channel, dial, fake, follow, open } = createChannelDesk()
  follow('chat')
  await open()
  const line = await dial('websocket')
  line.end('fatal', { code: 1008 })
  fake().calls.length = 0
  channel.open()
  expect(fake().calls).toEqual(['start'])
})

test('who joins a topic and closes in the same turn is told nothing', async () => {
  const { channel, dial, follow, log, open, clock } = createChannelDesk()
  follow('chat')
  await open()
  const line = await dial('websocket')
  line.hello()
  line.resumed('chat', 3)
  expect(log).toEqual(['chat resumed'])
  follow('chat')
  channel.close()
  await clock.advance(10)
  expect(log).toEqual(['chat resumed'])
})

test('I34 closing within an event of a line that brings many leaves nothing behind', async () => {
  const { channel, clock, connection, open, follow, publishFor } = createLiveDesk({
    transports: ['long-poll'],
  })
  const seen = follow('chat')
  channel.topic('chat', { onEvent: ({ offset }) => offset >= 5 && channel.close() })
  await open()
  await publishFor(1_000, 20)
  await clock.advance(1_000)
  expect(seen.events.at(-1)).toBe(5)
  connection.stop()
  await clock.advance(60_000)
  expect(clock.pending()).toBe(0)
})

/** In a hidden page, which nobody needs, the socket was cut: nothing is dialled. */
async function cutWhileHidden() {
  const desk = createLiveDesk({ transports: ['websocket'] })
  const { clock, network } = desk
  await desk.open()
  network.device.hide()
  await clock.advance(60_000)
  const end = network.apply({ type: 'reset', only: { transport: 'ws' } })
  await clock.advance(1_000)
  end()
  await clock.advance(10_000)
  return desk
}

test('P5 who sends within the event that another message has set off leaves no need of a hidden page behind', async () => {
  const { channel, clock } = await cutWhileHidden()
  expect(channel.state).toEqual({ name: 'waiting', nextAttemptAt: null })
  const sent: Promise<unknown>[] = []
  const stop = channel.onChange(({ name }) => {
    if (name === 'connecting') sent.push(channel.send('chat', 'second'))
  })
  sent.push(channel.send('chat', 'first'))
  await clock.advance(60_000)
  stop()
  await Promise.all(sent)
  expect([sent.length, channel.state.name, clock.pending()]).toEqual([2, 'live', 0])
})

test('I34 closed within the event that its need has set off: nothing is needed any more', async () => {
  const { channel, clock, connection, network } = await cutWhileHidden()
  const stop = channel.onChange(({ name }) => name === 'connecting' && channel.close())
  await expect(channel.send('chat', 'first')).rejects.toMatchObject({ code: 'stopped' })
  stop()
  network.apply({ type: 'refuse' })
  connection.send({ type: 'SUSPICION', cause: 'server' })
  // While nothing is wanted a hidden page leaves a server that is gone alone.
  await clock.advance(60_000)
  expect([connection.state.link.name, clock.pending()]).toEqual(['waiting', 0])
})
