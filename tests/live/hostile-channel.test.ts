/** Servers, ports and platforms that do what none should. */
import { expect, test } from 'vitest'
import { eventStream } from '../../src/live/event-stream.js'
import { longPoll } from '../../src/live/long-poll.js'
import type { ResyncCause } from '../../src/live/resync.js'
import { createChannelDesk } from './channel-desk.js'
import { createLineDesk, requestOf } from './line-desk.js'

test('I35 a server that tells of one gap after the other: the causes stay few, and nothing is left out of them', async () => {
  const { channel, clock, dial, follow, open } = createChannelDesk()
  follow('chat')
  follow('orders')
  const seen: (readonly ResyncCause[])[] = []
  channel.onResync((causes, signal) => {
    seen.push(causes)
    return new Promise((resolve, reject) => {
      clock.setTimeout(resolve, 100)
      signal.addEventListener('abort', () => reject(signal.reason as Error))
    })
  })
  await open()
  const line = await dial('websocket')
  line.hello()
  line.resumed('chat', 0)
  line.resumed('orders', 0)
  for (let at = 1; at <= 5_000; at += 1) line.gap('chat', 10 * at, 10 * at + 5)
  await clock.advance(10)
  line.gap('orders', 3, 4)
  line.reset('chat', 'e2', 7)
  line.gap('chat', 8, 9)
  line.gap('chat', 12, 13)
  line.reset('orders', 'e2', 7)
  await clock.advance(1_000)
  expect(seen[0]).toEqual([{ type: 'gap', topic: 'chat', from: 1, to: 50_005 }])
  expect(seen.at(-1)).toEqual([
    { type: 'reset', topic: 'chat' },
    { type: 'gap', topic: 'chat', from: 8, to: 13 },
    { type: 'reset', topic: 'orders' },
  ])
})

test('a gap that goes backwards, an acknowledgement of nothing and a reset to nothing change nothing', async () => {
  const { channel, dial, follow, log, open, outcome, tick } = createChannelDesk()
  follow('chat')
  await open()
  const line = await dial('websocket')
  line.hello()
  line.resumed('chat', 5)
  line.gap('chat', 9, 6)
  line.gap('chat', 1, 2)
  line.tell({ type: 'ACK', id: 'nobody', offset: 3 })
  line.tell({ type: 'ACK', id: '__proto__', offset: 3 })
  line.tell({ type: 'ERROR', code: 'failed', id: 'constructor' })
  line.tell('{"type":"EVENT","topic":"chat","offset":6,"data":{"__proto__":{"isAdmin":true}}}')
  const sent = outcome(channel.send('chat', 1))
  await tick()
  line.ack(-1, -1)
  expect(sent.is).toBe('waits')
  line.ack(-1, 7)
  await tick()
  expect(sent.is).toBe('ok 7')
  expect(log).toEqual(['chat resumed', 'chat resumed', 'chat 6'])
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
})

test.each([0, -5, 1, 1e300, '25000', null, { valueOf: 1 }])(
  'a heartbeat of %j in HELLO makes nobody ask more often than once a second',
  async (heartbeatMs) => {
    const { dial, fake, follow, open } = createChannelDesk()
    follow('chat')
    await open()
    ;(await dial('websocket')).hello(0, { heartbeatMs })
    const told = fake().proofs.at(-1)!.heartbeatMs
    expect(told === undefined || (told > 0 && told <= 3_600_000)).toBe(true)
  },
)

test('I21 a token that never comes keeps no message for ever: others go once it can be had', async () => {
  let answer: () => Promise<string> = () => new Promise(() => {})
  const { channel, clock, dial, events, follow, open, outcome, posts } = createChannelDesk({
    auth: { token: () => answer(), refresh: async () => {} },
  })
  follow('chat')
  await open()
  answer = () => Promise.resolve('t')
  ;(await dial('event-stream')).hello()
  answer = () => new Promise(() => {})
  const sent = Array.from({ length: 6 }, (_, at) => outcome(channel.send(`topic-${at}`, at)))
  await clock.advance(9_000)
  expect(posts).toHaveLength(0)
  answer = () => Promise.resolve('t')
  for (let turn = 0; turn < 60; turn += 1) {
    await clock.advance(1_000)
    for (const post of posts) await post.answer(200, { offset: 1 })
  }
  expect(sent.map(({ is }) => is)).toEqual(sent.map(() => 'ok 1'))
  // Nothing was sent: that is no evidence.
  expect(events.map(({ type }) => type)).not.toContain('SUSPICION')
})

test('a port that makes another token each time it is asked is no loop of posts', async () => {
  let made = 0
  const { channel, clock, dial, follow, open, posts } = createChannelDesk({
    auth: { token: () => `made-${(made += 1)}`, refresh: async () => {} },
  })
  follow('chat')
  await open()
  ;(await dial('event-stream')).hello()
  void channel.send('chat', 1).catch(() => {})
  for (let turn = 0; turn < 200; turn += 1) {
    await clock.settle()
    await posts.at(-1)?.answer(401, { type: 'token-expired' })
  }
  expect(posts.length).toBeLessThanOrEqual(4)
})

test('I17 where renewals were lost for long, messages ask for a new token again once it can be had', async () => {
  let canRenew = false
  let token = 'old'
  const { channel, clock, dial, follow, open, outcome, posts } = createChannelDesk({
    auth: {
      token: () => token,
      refresh: async () => {
        if (!canRenew) throw new TypeError('no network')
        token = 'new'
      },
    },
  })
  follow('chat')
  await open()
  ;(await dial('event-stream')).hello()
  let answered = 0
  const serve = async (): Promise<void> => {
    for (let turn = 0; turn < 120; turn += 1) {
      await clock.advance(1_000)
      for (; answered < posts.length; answered += 1) {
        const isGood = posts[answered]!.token === 'Bearer new'
        await posts[answered]!.answer(isGood ? 200 : 401, isGood ? { offset: 1 } : { type: 'token-expired' })
      }
    }
  }
  const first = outcome(channel.send('chat', 1))
  await serve()
  expect(first.is).toBe('unauthorized')
  canRenew = true
  const others = [outcome(channel.send('chat', 2))]
  await serve()
  others.push(outcome(channel.send('chat', 3)))
  await serve()
  expect(others.at(-1)!.is).toBe('ok 1')
})

test('a better line that answers nothing does not take the line in use with it', async () => {
  const { clock, dial, fake, follow, log, open } = createChannelDesk()
  follow('chat')
  await open()
  const stream = await dial('event-stream')
  stream.hello()
  stream.resumed('chat', 0)
  const socket = await dial('websocket', { isProbation: true })
  socket.hello()
  await clock.advance(60_000)
  stream.event('chat', 1)
  expect(log).toEqual(['chat resumed', 'chat 1'])
  expect(fake().calls.filter((call) => call.startsWith('reopen'))).toEqual([])
})

test('I34 after close with everything under way no timer is left, whatever never answers', async () => {
  const { channel, clock, connection, dial, follow, open, outcome } = createChannelDesk({
    auth: { token: () => 't', refresh: async () => {} },
  })
  follow('chat')
  await open()
  const stream = await dial('event-stream')
  stream.hello()
  let begun = 0
  channel.onResync(() => ((begun += 1), new Promise(() => {})))
  stream.resumed('chat', 0)
  stream.gap('chat', 1, 3)
  const sent = [channel.send('chat', 1), channel.send('orders', 1)].map(outcome)
  await clock.advance(100)
  expect(begun).toBe(1)
  channel.close()
  connection.stop()
  await clock.settle()
  expect(sent.map(({ is }) => is)).toEqual(['maybe-committed', 'maybe-committed'])
  expect(clock.pending()).toBe(0)
})

test.each(['event-stream', 'long-poll'] as const)(
  'I34 over %s a body whose fetch does not hear the signal is let go of with the line',
  async (name) => {
    let isCancelled = false
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"frames":')),
      cancel: () => void (isCancelled = true),
    })
    const type = name === 'long-poll' ? 'application/json' : 'text/event-stream'
    const fetch = () => Promise.resolve(new Response(body, { headers: { 'content-type': type } }))
    const { clock, open } = createLineDesk()
    const { line, lines } = open((name === 'long-poll' ? longPoll : eventStream)({ fetch }), requestOf('/x'))
    await clock.settle()
    expect(lines).toContain('open@0')
    line.drop()
    await clock.settle()
    expect(isCancelled).toBe(true)
    expect(clock.pending()).toBe(0)
  },
)
