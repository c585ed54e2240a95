import { expect, test } from 'vitest'
import type { Facts } from '../../src/core/state.js'
import type { ResyncCause } from '../../src/live/resync.js'
import { createChannelDesk } from './channel-desk.js'

const desk = createChannelDesk

/** A step that is ended by hand. */
function createStep(log: string[]) {
  const calls: {
    readonly causes: readonly ResyncCause[]
    readonly signal: AbortSignal
    end(error?: Error): void
  }[] = []
  const step = (causes: readonly ResyncCause[], signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      log.push('resync')
      calls.push({ causes, signal, end: (error) => (error ? reject(error) : resolve()) })
    })
  return { calls, step }
}

test('I29 a gap: the state is brought up to date once, and only then events go on, in order', async () => {
  const { dial, follow, open, tick, log, channel, clock } = desk()
  const { calls, step } = createStep(log)
  channel.onResync(step)
  follow('chat', 'e1:1')
  follow('orders', 'e1:1')
  await open()
  const line = await dial('websocket')
  line.hello(9)
  line.gap('chat', 2, 5)
  line.event('chat', 6)
  await tick()
  // The other topic has not been answered: it may have to be read anew, too.
  expect(calls).toHaveLength(0)
  line.gap('orders', 2, 4)
  line.event('orders', 7)
  await tick()
  expect(calls.map(({ causes }) => causes)).toEqual([
    [
      { type: 'gap', topic: 'chat', from: 2, to: 5 },
      { type: 'gap', topic: 'orders', from: 2, to: 4 },
    ],
  ])
  line.event('chat', 8)
  expect(log).toEqual(['chat gap 2-5', 'orders gap 2-4', 'resync'])
  calls[0]!.end()
  await clock.settle()
  expect(log.slice(3)).toEqual(['chat 6', 'orders 7', 'chat 8'])
  line.event('chat', 9)
  expect(log.at(-1)).toBe('chat 9')
  expect(calls).toHaveLength(1)
})

test('I29 a new epoch resets all topics, and is one reason to read anew; the session is kept', async () => {
  const { dial, follow, open, tick, log, channel, clock } = desk()
  const { calls, step } = createStep(log)
  const facts: Partial<Facts>[] = []
  channel.onResync(step)
  channel.subscribe((one) => void facts.push(one))
  follow('chat')
  follow('orders')
  await open()
  const line = await dial('websocket')
  line.hello()
  line.resumed('chat', 0)
  line.resumed('orders', 0)
  line.event('chat', 1)
  line.reset('chat', 'e2', 0)
  await tick()
  line.reset('orders', 'e2', 0)
  line.event('chat', 1)
  await tick()
  expect(calls.map(({ causes }) => causes.map(({ type }) => type))).toEqual([['reset', 'reset']])
  calls[0]!.end()
  await clock.settle()
  expect(log.slice(2)).toEqual(['chat 1', 'chat reset', 'orders reset', 'resync', 'chat 1'])
  line.end()
  const next = await dial('websocket')
  next.hello(1, { epoch: 'e2' })
  expect(next.said.map(({ cursor }) => cursor)).toEqual(['e2:1', 'e2:0'])
  expect(facts).toEqual([{ session: 'kept' }])
})

test('I29 what is held survives the loss of the line, and is told once', async () => {
  const { dial, follow, open, tick, log, channel, clock } = desk()
  const { calls, step } = createStep(log)
  channel.onResync(step)
  follow('chat', 'e1:1')
  await open()
  const line = await dial('websocket')
  line.hello(9)
  line.gap('chat', 2, 5)
  line.event('chat', 6)
  await tick()
  line.end()
  const next = await dial('websocket')
  next.hello(9)
  // What is held has moved no cursor.
  expect(next.said[0]).toMatchObject({ cursor: 'e1:5' })
  next.resumed('chat', 5)
  next.event('chat', 6)
  next.event('chat', 7)
  calls[0]!.end()
  await clock.settle()
  expect(log).toEqual(['chat gap 2-5', 'resync', 'chat 6', 'chat resumed', 'chat 7'])
})

test('I35 more than is held is asked for again afterwards', async () => {
  const { dial, follow, open, tick, log, channel, clock, fake } = desk()
  const { calls, step } = createStep(log)
  channel.onResync(step)
  follow('chat', 'e1:1')
  await open()
  const line = await dial('websocket')
  line.hello(9)
  line.gap('chat', 2, 5)
  await tick()
  for (let n = 6; n < 2000; n++) line.event('chat', n)
  calls[0]!.end()
  await clock.settle()
  expect(log).toEqual(['chat gap 2-5', 'resync'])
  expect(fake().calls.at(-1)).toBe('reopen: more came than is held')
  const next = await dial('websocket')
  next.hello(2000)
  expect(next.said[0]).toMatchObject({ cursor: 'e1:5' })
  next.resumed('chat', 5)
  next.event('chat', 6)
  expect(log.slice(2)).toEqual(['chat resumed', 'chat 6'])
})

test('a step that fails is tried again after 1 and 2 s; then it is said, and events go on', async () => {
  const { dial, follow, open, tick, log, channel, clock, connection } = desk()
  const { calls, step } = createStep(log)
  channel.onResync(step)
  follow('chat', 'e1:1')
  await open()
  const line = await dial('websocket')
  line.hello(9)
  line.gap('chat', 2, 5)
  await tick()
  for (const waitMs of [1000, 2000, 0]) {
    calls.at(-1)!.end(new Error('no'))
    await clock.advance(waitMs)
  }
  expect(calls).toHaveLength(3)
  expect(connection.state.resync).toBe('failed')
  line.event('chat', 6)
  expect(log.at(-1)).toBe('chat 6')
  line.gap('chat', 7, 8)
  await tick()
  calls.at(-1)!.end()
  await clock.settle()
  expect(connection.state.resync).toBe('none')
})

test('R21 a lost session is said once, the application signs in, and its state is brought up to date before anything new', async () => {
  const lost: string[] = []
  const { dial, follow, open, tick, log, channel, clock } = desk({
    onSessionLost: () => void lost.push('lost'),
  })
  const { calls, step } = createStep(log)
  const facts: Partial<Facts>[] = []
  channel.onResync(step)
  channel.subscribe((one) => void facts.push(one))
  follow('chat')
  await open()
  const line = await dial('websocket')
  line.hello()
  line.resumed('chat', 0)
  line.hello(0, { session: 'unknown' })
  line.event('chat', 1)
  line.end('session-lost', { code: 4402 })
  expect(lost).toEqual(['lost'])
  expect(facts).toEqual([{ session: 'kept' }, { session: 'lost' }])
  const next = await dial('websocket')
  next.hello(2)
  next.resumed('chat', 0)
  next.event('chat', 1)
  expect(facts.at(-1)).toEqual({ session: 'kept' })
  await tick()
  expect(calls.map(({ causes }) => causes)).toEqual([[{ type: 'session' }]])
  expect(log).toEqual(['chat resumed', 'chat resumed', 'resync'])
  calls[0]!.end()
  await clock.settle()
  expect(log.at(-1)).toBe('chat 1')
})

test('a session that is lost on an open line is not brought up to date before it is known again', async () => {
  const { dial, follow, open, log, channel, clock } = desk()
  const { calls, step } = createStep(log)
  channel.onResync(step)
  follow('chat')
  await open()
  const line = await dial('websocket')
  line.hello()
  line.resumed('chat', 0)
  line.hello(0, { session: 'unknown' })
  await clock.advance(5000)
  expect(calls).toHaveLength(0)
  line.end('session-lost', { code: 4402 })
  const next = await dial('websocket')
  next.hello()
  await clock.advance(1)
  expect(calls).toHaveLength(0)
  next.resumed('chat', 0)
  expect(calls).toHaveLength(1)
})

test('a hidden page goes on trying for what is followed or not acknowledged, and for nothing else', async () => {
  const { follow, open, clock, connection, setProbe, channel } = desk()
  await open()
  const next = () =>
    connection.state.link.name === 'waiting' ? connection.state.link.nextAttemptAt : 'not waiting'
  setProbe({ kind: 'failed' })
  connection.send({ type: 'HIDDEN' })
  connection.send({ type: 'SUSPICION', cause: 'server' })
  await clock.advance(60_000)
  expect(next()).toBeNull()
  const stop = follow('chat')
  await clock.advance(1)
  expect(next()).not.toBeNull()
  stop()
  await clock.advance(60_000)
  expect(next()).toBeNull()
  void channel.send('chat', 1).catch(() => {})
  expect(next()).not.toBeNull()
})

test('B09 the connection recovers in order: topics, the state, and then its other parts', async () => {
  const { dial, follow, open, tick, log, channel, clock, connection, setProbe } = desk()
  const { calls, step } = createStep(log)
  channel.onResync(step)
  follow('chat')
  await open()
  const line = await dial('websocket')
  line.hello()
  line.resumed('chat', 0)
  setProbe({ kind: 'failed' })
  connection.send({ type: 'SUSPICION', cause: 'server' })
  await clock.advance(100)
  line.end()
  expect(connection.state.link.name).toBe('waiting')
  setProbe({ kind: 'good' })
  await clock.advance(3000)
  expect(connection.state).toMatchObject({ link: { name: 'online' }, resync: 'running' })
  const next = await dial('websocket')
  next.hello(9)
  next.gap('chat', 1, 4)
  next.event('chat', 5)
  await tick()
  expect(connection.state.resync).toBe('running')
  calls[0]!.end()
  await clock.settle()
  expect(connection.state.resync).toBe('none')
  expect(log).toEqual(['chat resumed', 'chat gap 1-4', 'resync', 'chat 5'])
})

/** Down, and up again without a line. */
async function lose({ clock, connection, setProbe, line }: Awaited<ReturnType<typeof live>>) {
  setProbe({ kind: 'failed' })
  connection.send({ type: 'SUSPICION', cause: 'server' })
  await clock.advance(100)
  line.end()
  setProbe({ kind: 'good' })
  while (connection.state.link.name !== 'online') await clock.advance(100)
}

/** With a topic that is followed, over a socket. */
async function live() {
  const all = desk()
  all.follow('chat')
  await all.open()
  const line = await all.dial('websocket')
  line.hello()
  line.resumed('chat', 0)
  return { ...all, line }
}

test('what recovers does not wait long for a line that does not come, nor at all for one with a ticket', async () => {
  const all = await live()
  const { clock, connection, fake } = all
  await lose(all)
  await clock.advance(4800)
  expect(connection.state.resync).toBe('running')
  await clock.advance(300)
  expect(connection.state.resync).toBe('none')
  await lose(all)
  expect(connection.state.resync).toBe('running')
  fake().setState({ name: 'backoff', nextAttemptAt: clock.now() + 7000, attempt: 1 })
  await clock.settle()
  expect(connection.state.resync).toBe('none')
})

test('I29 after a gap events also wait for what the application does after a loss', async () => {
  const all = await live()
  const { clock, connection, dial, log } = all
  let end = () => {}
  connection.onRecovered(() => new Promise((resolve) => (end = resolve)))
  await lose(all)
  const next = await dial('websocket')
  next.hello(9)
  next.gap('chat', 1, 4)
  next.event('chat', 5)
  await clock.advance(100)
  expect(log).toEqual(['chat resumed', 'chat gap 1-4'])
  end()
  await clock.settle()
  expect(log.at(-1)).toBe('chat 5')
})

test('a token that was refreshed prolongs the socket', async () => {
  let token = 't1'
  const { dial, follow, open, clock, connection } = desk({
    auth: { token: () => token, refresh: async () => void (token = 't2') },
  })
  follow('chat')
  await open()
  const line = await dial('websocket')
  line.hello()
  connection.send({ type: 'UNAUTHORIZED' })
  await clock.settle()
  expect(line.all('AUTH').map((frame) => frame['token'])).toEqual(['t1', 't2'])
  line.hello()
  expect(line.all('SUBSCRIBE')).toHaveLength(1)
})
