import { expect, test } from 'vitest'
import { createChannelDesk } from './channel-desk.js'

const desk = createChannelDesk

test('a message is acknowledged; what was not is sent again with the same bytes on the next line, in order', async () => {
  const { dial, open, channel, outcome, clock } = desk()
  await open()
  const first = await dial('websocket')
  first.hello()
  const sent = [1, 2, 3].map((n) => outcome(channel.send('chat', { n })))
  expect(first.all('SEND').map(({ data }) => data)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  first.ack(0, 11)
  await clock.settle()
  expect(sent.map(({ is }) => is)).toEqual(['ok 11', 'waits', 'waits'])
  first.end()
  sent.push(outcome(channel.send('chat', { n: 4 })))
  const second = await dial('websocket')
  expect(second.said).toEqual([])
  second.hello()
  expect(second.all('SEND').slice(0, 2)).toEqual(first.all('SEND').slice(1))
  for (const index of [0, 1, 2]) second.ack(index, 12 + index)
  await clock.settle()
  expect(sent.map(({ is }) => is)).toEqual(['ok 11', 'ok 12', 'ok 13', 'ok 14'])
})

test('each policy: keep waits, latest is replaced, drop and expire end', async () => {
  const { dial, open, channel, outcome, clock } = desk()
  await open()
  const sent = {
    keep: outcome(channel.send('chat', 'keep')),
    older: outcome(channel.send('chat', 'older', { policy: 'latest', key: 'cursor' })),
    newer: outcome(channel.send('chat', 'newer', { policy: 'latest', key: 'cursor' })),
    drop: outcome(channel.send('chat', 'drop', { policy: 'drop' })),
    expire: outcome(channel.send('chat', 'expire', { policy: 'expire', expiresInMs: 2000 })),
  }
  await clock.advance(2000)
  const line = await dial('websocket')
  line.hello()
  expect(line.all('SEND').map(({ data }) => data)).toEqual(['keep', 'newer'])
  line.ack(0)
  line.ack(1, 2)
  await clock.settle()
  const ends = Object.fromEntries(Object.entries(sent).map(([name, { is }]) => [name, is]))
  expect(ends).toEqual({
    keep: 'ok 1',
    older: 'replaced',
    newer: 'ok 2',
    drop: 'link-down',
    expire: 'expired',
  })
})

test('I13 every promise ends: refused by the server, full, closed', async () => {
  const { dial, open, channel, outcome, clock } = desk({ maxMessages: 2 })
  await open()
  const line = await dial('websocket')
  line.hello()
  const refused = outcome(channel.send('clock', 1))
  line.tell({ type: 'ERROR', code: 'not-writable', detail: 'no', id: line.all('SEND')[0]?.['id'] })
  line.end()
  const sent = [1, 2, 3].map((n) => outcome(channel.send('chat', n)))
  await clock.settle()
  expect([refused.is, ...sent.map(({ is }) => is)]).toEqual(['rejected', 'waits', 'waits', 'channel-full'])
  channel.close()
  await clock.settle()
  expect(sent.map(({ is }) => is)).toEqual(['stopped', 'stopped', 'channel-full'])
})

test('what cannot be sent is refused before it waits', async () => {
  const { channel, open } = desk({ maxFrameBytes: 200 })
  await expect(channel.send('chat', 1)).rejects.toThrow('the channel is not open [stopped]')
  await open()
  const loop: unknown[] = []
  loop.push(loop)
  await expect(channel.send('chat', 'x'.repeat(200))).rejects.toThrow(
    'at most 200 with its frame [bad-option]',
  )
  await expect(channel.send('chat', '€'.repeat(60))).rejects.toThrow('send.data')
  await expect(channel.send('chat', loop)).rejects.toThrow('send.data is "object"')
  await expect(channel.send('chat', undefined)).rejects.toThrow('send.data')
  await expect(channel.send('a b', 1)).rejects.toThrow('send.topic')
  await expect(channel.send('chat', 1, { policy: 'expire' })).rejects.toThrow('send.expiresInMs')
  await expect(channel.send('chat', 1, { policy: 'now' } as never)).rejects.toThrow('send.policy')
})

test('an id of one’s own goes over the wire; one that is under way, or that no server takes, is refused', async () => {
  const { dial, open, channel, outcome, clock } = desk()
  await open()
  const line = await dial('websocket')
  line.hello()
  const sent = outcome(channel.send('chat', 1, { id: 'own-1' }))
  expect(line.all('SEND')[0]).toMatchObject({ id: 'own-1', data: 1 })
  await expect(channel.send('chat', 1, { id: 'own-1' })).rejects.toThrow('send.id is "own-1"')
  for (const id of ['', 'a b', 'x'.repeat(129), 7])
    await expect(channel.send('chat', 1, { id: id as string })).rejects.toThrow('send.id')
  line.ack()
  await clock.settle()
  expect(sent.is).toBe('ok 1')
  const again = outcome(channel.send('chat', 1, { id: 'own-1' }))
  line.ack()
  await clock.settle()
  expect(again.is).toBe('ok 1')
})

test('a line that lives but does not acknowledge is opened anew; the fourth time nobody knows', async () => {
  const { dial, open, channel, outcome, clock, fake } = desk()
  await open()
  const sent = outcome(channel.send('chat', 1))
  for (let times = 1; times <= 4; times++) {
    ;(await dial('websocket')).hello()
    await clock.advance(30_000)
    const reopened = fake().calls.filter((call) => call === 'reopen: an acknowledgement is missing')
    expect(reopened).toHaveLength(Math.min(times, 3))
  }
  expect(sent.is).toBe('maybe-committed')
})

test('a socket that is full is not given more', async () => {
  const { dial, open, channel, clock } = desk()
  let buffered = 300_000
  await open()
  const line = await dial('websocket', { buffered: () => buffered })
  line.hello()
  void channel.send('chat', 1).catch(() => {})
  await clock.advance(1000)
  expect(line.said).toHaveLength(0)
  buffered = 0
  await clock.advance(200)
  expect(line.said).toHaveLength(1)
})

test('beside a stream messages are posted: token, order within a topic, the same id again', async () => {
  const { dial, open, follow, channel, outcome, posts, clock, events } = desk({
    auth: { token: () => 't1', refresh: async () => {} },
  })
  follow('chat')
  await open()
  const stream = await dial('event-stream')
  stream.hello()
  const sent = [channel.send('chat', 1), channel.send('chat', 2), channel.send('orders', 3)].map(outcome)
  await clock.settle()
  expect(posts.map(({ url, token, body }) => [url, token, body.data])).toEqual([
    ['https://api.example/send', 'Bearer t1', 1],
    ['https://api.example/send', 'Bearer t1', 3],
  ])
  await posts[0]!.fail()
  expect(events).toContainEqual({ type: 'SUSPICION', cause: 'server' })
  // The stream may end meanwhile: requests do not need it.
  stream.end()
  await clock.advance(1600)
  expect(posts[2]!.body).toEqual(posts[0]!.body)
  await posts[2]!.answer(200, { offset: 7 }, { 'holdfast-boot': 'b2' })
  expect(events.at(-1)).toMatchObject({ type: 'GOOD_ANSWER', boot: 'b2' })
  expect(posts[3]!.body.data).toBe(2)
  await posts[1]!.answer(403, { type: 'forbidden', detail: 'not yours' })
  await posts[3]!.answer(200, { offset: 8 })
  expect(sent.map(({ is }) => is)).toEqual(['ok 7', 'ok 8', 'rejected'])
})

test('I01 what was in the air when the link was lost is posted again, the same, as soon as that is back', async () => {
  const { dial, open, follow, channel, connection, outcome, posts, clock, events, setProbe } = desk()
  follow('chat')
  await open()
  ;(await dial('event-stream')).hello()
  const sent = outcome(channel.send('chat', 1))
  await clock.settle()
  setProbe({ kind: 'failed' })
  connection.send({ type: 'SUSPICION', cause: 'timeout' })
  await clock.advance(5_000)
  expect(posts).toHaveLength(1)
  const told = events.length
  setProbe({ kind: 'good' })
  connection.send({ type: 'NAV_ONLINE' })
  await clock.settle()
  expect(posts.map(({ body }) => body)).toEqual([posts[0]!.body, posts[0]!.body])
  expect(events.slice(told).filter(({ type }) => type === 'SUSPICION')).toEqual([])
  // The answer to the first one comes too late to say anything.
  await posts[0]!.answer(500)
  expect(sent.is).toBe('waits')
  await posts[1]!.answer(200, { offset: 1 })
  expect(sent.is).toBe('ok 1')
})

test('I24 Retry-After is a floor, a page is no success, and an attempt has a deadline', async () => {
  const { dial, open, follow, channel, outcome, posts, clock, events } = desk()
  follow('chat')
  await open()
  ;(await dial('event-stream')).hello()
  const sent = outcome(channel.send('chat', 1))
  await clock.settle()
  await posts[0]!.answer(503, { type: 'overloaded' }, { 'retry-after': '20' })
  await clock.advance(19_999)
  expect(posts).toHaveLength(1)
  await clock.advance(1)
  await posts[1]!.answer(200, '<html>', { 'content-type': 'text/html' })
  expect(events).toContainEqual({ type: 'SUSPICION', cause: 'portal' })
  await clock.advance(30_000)
  expect(events).toContainEqual({ type: 'SUSPICION', cause: 'timeout' })
  await clock.advance(30_000)
  await posts.at(-1)!.answer(200, { offset: 1 })
  expect(sent.is).toBe('ok 1')
})

test('R19 I17 401 to a post: one refresh, and the same message again with the new token', async () => {
  let token = 'old'
  const refreshed: string[] = []
  const { dial, open, follow, channel, outcome, posts, clock } = desk({
    auth: {
      token: () => token,
      refresh: async () => {
        refreshed.push(token)
        token = 'new'
      },
    },
  })
  follow('chat')
  await open()
  ;(await dial('event-stream')).hello()
  const sent = [channel.send('chat', 1), channel.send('orders', 2)].map(outcome)
  await clock.settle()
  await posts[0]!.answer(401, { type: 'token-expired' })
  await posts[1]!.answer(401, { type: 'token-expired' })
  await clock.advance(2000)
  expect(refreshed).toEqual(['old'])
  expect(posts.slice(2).map(({ token: each, body }) => [each, body.id])).toEqual([
    ['Bearer new', posts[0]!.body.id],
    ['Bearer new', posts[1]!.body.id],
  ])
  await posts[2]!.answer(200, { offset: 1 })
  await posts[3]!.answer(200, { offset: 2 })
  expect(sent.map(({ is }) => is)).toEqual(['ok 1', 'ok 2'])
})

test('a token that is refused though it is fresh is not tried for ever', async () => {
  let refreshes = 0
  const { dial, open, follow, channel, outcome, posts, clock } = desk({
    auth: { token: () => 't', refresh: async () => void (refreshes += 1) },
  })
  follow('chat')
  await open()
  ;(await dial('event-stream')).hello()
  const sent = outcome(channel.send('chat', 1))
  for (let answered = 0; sent.is === 'waits' && answered < 20;) {
    await clock.advance(1000)
    while (answered < posts.length) await posts[answered++]!.answer(401, { type: 'token-expired' })
  }
  expect(sent.is).toBe('unauthorized')
  expect(refreshes).toBeLessThanOrEqual(6)
})

test('a message that was posted and not answered goes over the socket that takes its place', async () => {
  const { dial, open, follow, channel, outcome, posts, clock } = desk()
  follow('chat')
  await open()
  const stream = await dial('event-stream')
  stream.hello()
  stream.resumed('chat', 0)
  const sent = [channel.send('chat', 1), channel.send('chat', 2)].map(outcome)
  await clock.settle()
  const socket = await dial('websocket', { isProbation: true })
  socket.hello()
  expect(socket.all('SEND')).toEqual([])
  socket.resumed('chat', 0)
  await clock.settle()
  expect(socket.all('SEND').map(({ id, data }) => [id === posts[0]!.body.id, data])).toEqual([
    [true, 1],
    [false, 2],
  ])
  // The first answer counts, wherever it comes.
  await posts[0]!.answer(200, { offset: 5 })
  socket.ack(0, 5)
  socket.ack(1, 6)
  await clock.settle()
  expect(sent.map(({ is }) => is)).toEqual(['ok 5', 'ok 6'])
  expect(posts).toHaveLength(1)
})

test('what may not be sent twice ends with its line, also where another one takes over', async () => {
  const { dial, open, follow, channel, outcome, clock } = desk()
  follow('chat')
  await open()
  const away = await dial('websocket')
  away.hello()
  away.resumed('chat', 0)
  const sent = [channel.send('chat', 1, { policy: 'drop' }), channel.send('chat', 2)].map(outcome)
  const home = await dial('websocket', { isProbation: true })
  home.hello()
  home.resumed('chat', 0)
  home.ack(0, 2)
  await clock.settle()
  expect(home.all('SEND').map(({ data }) => data)).toEqual([2])
  expect(sent.map(({ is }) => is)).toEqual(['maybe-committed', 'ok 2'])
})

test('without a topic a stream waits, and messages are posted all the same', async () => {
  const { open, fake, follow, channel, outcome, posts, clock } = desk()
  await open()
  let asked: unknown = null
  void Promise.resolve(fake().options.request('event-stream', new AbortController().signal)).then(
    (request) => (asked = request.topics),
  )
  const sent = outcome(channel.send('chat', 1))
  await clock.settle()
  await posts[0]!.answer(200, { offset: 1 })
  expect(sent.is).toBe('ok 1')
  expect(asked).toBeNull()
  follow('chat')
  await clock.advance(1)
  expect(asked).toEqual(['chat'])
})
