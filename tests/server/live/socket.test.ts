import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import type { AppOptions } from '../../../server/app.js'
import { openSocket, sendMessage } from '../../support/live-client.js'
import { startServer } from '../../support/live-server.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function serve(options: Partial<AppOptions> = {}) {
  const server = await startServer(options)
  stops.push(server.stop)
  const dial = async (...[more]: [Parameters<typeof openSocket>[1]?]) => {
    const socket = await openSocket(server.origin, more)
    stops.push(socket.cut)
    return socket
  }
  let ids = 0
  /** Sends these to the chat, by HTTP. */
  const chat = async (...texts: string[]) => {
    for (const data of texts) await sendMessage(server.origin, { id: `m${(ids += 1)}`, topic: 'chat', data })
  }
  return { ...server, dial, chat }
}

const events = (frames: readonly { type: string; data?: unknown }[]) =>
  frames.filter(({ type }) => type === 'EVENT').map(({ data }) => data)

describe('a conversation', () => {
  test('begins with HELLO: boot id, epoch, offset, heartbeat and session', async () => {
    const { dial } = await serve({ live: { heartbeatMs: 4000 } })
    const socket = await dial()
    expect(await socket.heard('HELLO')).toEqual({
      type: 'HELLO',
      boot: 'boot-1',
      epoch: expect.stringMatching(/^[\da-f]{12}$/),
      offset: 0,
      heartbeatMs: 4000,
      session: 'known',
    })
    socket.say({ type: 'PING' })
    await socket.heard('PONG')
  })

  test('R23 what one says to the chat another hears, and the sender is told its offset', async () => {
    const { dial } = await serve()
    const [ada, bob] = [await dial(), await dial()]
    for (const each of [ada, bob]) each.say({ type: 'SUBSCRIBE', topic: 'chat' })
    await Promise.all([ada.heard('RESUMED'), bob.heard('RESUMED')])
    ada.say({ type: 'SEND', id: 'a1', topic: 'chat', data: { text: 'hello' } })
    expect(await ada.heard('ACK')).toEqual({ type: 'ACK', id: 'a1', offset: 1 })
    const event = { type: 'EVENT', topic: 'chat', offset: 1, data: { text: 'hello' } }
    expect([await ada.heard('EVENT'), await bob.heard('EVENT')]).toEqual([event, event])
    bob.say({ type: 'UNSUBSCRIBE', topic: 'chat' })
    bob.say({ type: 'SEND', id: 'b1', topic: 'chat', data: 'bye' })
    expect(await ada.heard('EVENT')).toMatchObject({ data: 'bye' })
    await bob.heard('ACK')
    expect(events(bob.frames)).toHaveLength(1)
  })

  test('I04 the same id twice is one event and the same ACK, by socket and by POST /send', async () => {
    const { dial, origin, app } = await serve()
    const socket = await dial()
    socket.say({ type: 'SUBSCRIBE', topic: 'chat' })
    const message = { id: 'a1', topic: 'chat', data: { text: 'once' } }
    socket.say({ type: 'SEND', ...message })
    socket.say({ type: 'SEND', ...message })
    expect([await socket.heard('ACK'), await socket.heard('ACK')]).toEqual([
      { type: 'ACK', id: 'a1', offset: 1 },
      { type: 'ACK', id: 'a1', offset: 1 },
    ])
    expect(await sendMessage(origin, message)).toEqual({ status: 200, body: { offset: 1 } })
    expect(await sendMessage(origin, { ...message, data: 'other' })).toMatchObject({
      status: 422,
      body: { type: 'key-reused' },
    })
    socket.say({ type: 'SEND', ...message, data: 'other' })
    expect(await socket.heard('ERROR')).toMatchObject({ code: 'id-reused', id: 'a1' })
    expect(events(socket.frames)).toEqual([{ text: 'once' }])
    // Beside keys of requests: an order may have the same text as its key.
    const order = { method: 'POST' as const, url: '/orders', payload: { item: 'tea', qty: 1 } }
    const placed = await app.inject({ ...order, headers: { 'idempotency-key': '"send-a1"' } })
    expect(placed.statusCode).toBe(201)
  })

  test('an order that is applied is an event; one that is refused is none', async () => {
    const { dial, app } = await serve()
    const socket = await dial()
    socket.say({ type: 'SUBSCRIBE', topic: 'orders' })
    await socket.heard('RESUMED')
    for (const qty of [1, 100, 2])
      await app.inject({ method: 'POST', url: '/orders', payload: { item: 'tea', qty } })
    await socket.heard('EVENT')
    await socket.heard('EVENT')
    expect(events(socket.frames)).toMatchObject([
      { change: 'placed', item: 'tea', qty: 1, position: 1 },
      { change: 'placed', item: 'tea', qty: 2, position: 2 },
    ])
  })

  test('R17 the clock ticks each second while somebody listens, and soon stops when nobody does', async () => {
    const { dial, time } = await serve()
    const socket = await dial()
    socket.say({ type: 'SUBSCRIBE', topic: 'clock' })
    await socket.heard('RESUMED')
    const [quiet, startAt] = [time.pending - 1, time.now()]
    time.advance(3000)
    for (const at of [1000, 2000, 3000])
      expect(await socket.heard('EVENT')).toMatchObject({
        topic: 'clock',
        data: { at: startAt + at },
      })
    socket.say({ type: 'UNSUBSCRIBE', topic: 'clock' })
    socket.say({ type: 'PING' })
    await socket.heard('PONG')
    time.advance(7000)
    expect(time.pending).toBe(quiet)
  })
})

describe('resuming', () => {
  test('B07 I29 by cursor: what was missed, then what is new, each once and in order', async () => {
    const { dial, chat } = await serve()
    const first = await dial()
    first.say({ type: 'SUBSCRIBE', topic: 'chat' })
    await first.heard('RESUMED')
    await chat('a', 'b')
    await first.heard('EVENT')
    await first.heard('EVENT')
    first.cut()
    await chat('c', 'd')
    const second = await dial()
    second.say({ type: 'SUBSCRIBE', topic: 'chat', cursor: first.cursors['chat'] })
    await chat('e')
    expect(await second.heard('RESUMED')).toMatchObject({ topic: 'chat', offset: 2 })
    for (const data of ['c', 'd', 'e']) expect(await second.heard('EVENT')).toMatchObject({ data })
    expect(events(second.frames)).toEqual(['c', 'd', 'e'])
  })

  test('I29 what the ring has dropped is told as a gap, then comes what is kept', async () => {
    const { dial, chat } = await serve({ live: { ring: 3 } })
    const socket = await dial()
    const { epoch } = await socket.heard('HELLO')
    await chat('a', 'b', 'c', 'd', 'e')
    socket.say({ type: 'SUBSCRIBE', topic: 'chat', cursor: `${String(epoch)}:1` })
    expect(await socket.heard('GAP')).toEqual({ type: 'GAP', topic: 'chat', from: 2, to: 2 })
    for (const data of ['c', 'd', 'e']) expect(await socket.heard('EVENT')).toMatchObject({ data })
    socket.say({ type: 'SUBSCRIBE', topic: 'chat', cursor: `${String(epoch)}:2` })
    await socket.heard('RESUMED')
  })

  test('a topic of which nothing was dropped has no gap, however much of others was', async () => {
    const { dial, chat, app } = await serve({ live: { ring: 2 } })
    const socket = await dial()
    const { epoch } = await socket.heard('HELLO')
    await chat('a', 'b', 'c')
    await app.inject({ method: 'POST', url: '/orders', payload: { item: 'tea', qty: 1 } })
    socket.say({ type: 'SUBSCRIBE', topic: 'orders', cursor: `${String(epoch)}:0` })
    await socket.heard('RESUMED')
    expect(await socket.heard('EVENT')).toMatchObject({ topic: 'orders', offset: 4 })
  })

  test.each([
    ['of another epoch', '0123456789ab:1'],
    ['from the future', 'EPOCH:1000'],
    ['beyond 2^53', 'EPOCH:9999999999999999'],
    ['empty', ''],
    ['negative', 'EPOCH:-1'],
    ['of control characters', '\u0000\n:1'],
    ['200 characters long', `${'x'.repeat(198)}:1`],
  ])('a cursor %s is answered by RESET, and events from then on', async (_name, cursor) => {
    const { dial, chat } = await serve()
    await chat('a')
    const socket = await dial()
    const { epoch } = await socket.heard('HELLO')
    socket.say({ type: 'SUBSCRIBE', topic: 'chat', cursor: cursor.replace('EPOCH', String(epoch)) })
    expect(await socket.heard('RESET')).toEqual({ type: 'RESET', topic: 'chat', epoch, offset: 1 })
    await chat('b')
    await socket.heard('EVENT')
    expect(events(socket.frames)).toEqual(['b'])
  })

  test('I29 a log that begins anew is told to everybody who listens, and their cursors are of the new one', async () => {
    const { dial, chat, app } = await serve()
    const socket = await dial()
    const { epoch } = await socket.heard('HELLO')
    socket.say({ type: 'SUBSCRIBE', topic: 'chat' })
    await socket.heard('RESUMED')
    await chat('a')
    await socket.heard('EVENT')
    await app.inject({ method: 'POST', url: '/test/reset-log' })
    const reset = await socket.heard('RESET')
    expect(reset).toMatchObject({ topic: 'chat', offset: 0 })
    expect(reset['epoch']).not.toBe(epoch)
    await chat('b')
    expect(await socket.heard('EVENT')).toMatchObject({ data: 'b', offset: 1 })
    expect(socket.cursors).toEqual({ chat: `${String(reset['epoch'])}:1` })
  })

  test('a restart keeps epoch, offsets and events: the cursor of the old process is good in the new one', async () => {
    const old = await serve()
    const socket = await old.dial()
    socket.say({ type: 'SUBSCRIBE', topic: 'chat' })
    await socket.heard('RESUMED')
    await old.chat('a', 'b')
    await socket.heard('EVENT')
    socket.cut()
    await old.stop()
    const { dial } = await serve({ database: old.database, boot: 'boot-2' })
    const again = await dial()
    expect(await again.heard('HELLO')).toMatchObject({ boot: 'boot-2', offset: 2 })
    again.say({ type: 'SUBSCRIBE', topic: 'chat', cursor: socket.cursors['chat'] })
    await again.heard('RESUMED')
  })
})

describe('ends', () => {
  test('a peer silent for two and a half heartbeats is cut; one that answers pings is not', async () => {
    const { dial, time, connections } = await serve({ live: { heartbeatMs: 1000 } })
    const [deaf, well] = [await dial(), await dial()]
    // Without reading it sees no ping.
    deaf.raw.pause()
    for (let half = 0; half < 5; half += 1) {
      time.advance(500)
      well.say({ type: 'PING' })
      await well.heard('PONG')
    }
    expect(connections()).toBe(2)
    time.advance(500)
    deaf.raw.resume()
    expect(await deaf.closed).toMatchObject({ code: 1006, wasClean: false })
    well.say({ type: 'PING' })
    await well.heard('PONG')
  })

  test('a peer that only listens lives on, because it answers the pings of the server', async () => {
    const { dial, time } = await serve({ live: { heartbeatMs: 1000 } })
    const socket = await dial()
    for (let beat = 0; beat < 10; beat += 1) {
      const pinged = new Promise((resolve) => socket.raw.once('ping', resolve))
      time.advance(1000)
      await pinged
      // Its pong is there before this is answered.
      socket.say({ type: 'PING' })
      await socket.heard('PONG')
    }
    expect(socket.raw.readyState).toBe(socket.raw.OPEN)
  })

  test('R07 B04 I30 announced: DRAIN; ended: 1012, each with its own estimate by its place', async () => {
    const { dial, app, sockets } = await serve()
    const [ada, bob] = [await dial(), await dial()]
    app.streams.announce((place) => 4000 + place * 5)
    expect(await ada.heard('DRAIN')).toEqual({ type: 'DRAIN', retryAfterMs: 4000 })
    expect(await bob.heard('DRAIN')).toEqual({ type: 'DRAIN', retryAfterMs: 4005 })
    const late = await dial()
    await late.heard('HELLO')
    await late.heard('DRAIN')
    await app.streams.end((place) => 5000 + place * 5)
    expect(await Promise.all([ada.closed, bob.closed, late.closed])).toMatchObject([
      { code: 1012, reason: '{"retryAfterMs":5000}', wasClean: true },
      { code: 1012, reason: '{"retryAfterMs":5005}', wasClean: true },
      { code: 1012, reason: '{"retryAfterMs":5010}', wasClean: true },
    ])
    // Behind them in the row.
    const { closed } = await dial()
    const cut = sockets().map((socket) => once(socket, 'close'))
    expect(await closed).toMatchObject({ code: 1013, reason: '{"retryAfterMs":6000}', wasClean: true })
    await Promise.all(cut)
  })

  test('I40 a peer that does not answer the close frame is cut after a second', async () => {
    const { dial, app } = await serve()
    const deaf = await dial()
    deaf.raw.pause()
    const beganAt = performance.now()
    await app.streams.end(() => 1)
    expect(performance.now() - beganAt).toBeLessThan(2000)
  })

  test('P6 more than may listen are closed 1013 with their turn, unheard; one that leaves makes room', async () => {
    const { dial, sockets } = await serve({ live: { mostListeners: 2 } })
    const [first] = [await dial(), await dial()]
    const refused = await dial()
    const cut = once(sockets()[2]!, 'close')
    refused.say({ type: 'SEND', id: 'a', topic: 'chat', data: 'hi' })
    expect(await refused.closed).toMatchObject({
      code: 1013,
      reason: '{"retryAfterMs":5000}',
      wasClean: true,
    })
    expect(refused.frames).toEqual([])
    await cut
    first.close(1000)
    await first.closed
    await (await dial()).heard('HELLO')
  })
})

describe('bounds', () => {
  test.each([
    ['not JSON', 'hello', 1007],
    ['bytes', new Uint8Array([1, 2]), 1007],
    ['no object', '[]', 1008],
    ['no type', '{}', 1008],
    ['a prototype', '{"type":"PING","__proto__":{}}', 1008],
    ['a prototype in disguise', '{"type":"SEND","id":"a","topic":"chat","data":{"\\u005f_proto__":1}}', 1008],
    ['a SUBSCRIBE without a topic', { type: 'SUBSCRIBE' }, 1008],
    ['a SEND without data', { type: 'SEND', id: 'a', topic: 'chat' }, 1008],
    ['an id of a number', { type: 'SEND', id: 1, topic: 'chat', data: 1 }, 1008],
    ['deep nesting', `{"type":"PING","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 1008],
    ['too large', `{"type":"PING","x":"${'x'.repeat(70_000)}"}`, 1009],
  ])('a frame of %s closes the socket, and says why', async (_name, frame, code) => {
    const { dial } = await serve()
    const socket = await dial()
    socket.say(frame)
    const { code: told, reason } = await socket.closed
    expect(told).toBe(code)
    if (code !== 1009) expect(reason).not.toBe('')
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123)
  })

  test('text that is not UTF-8 closes with 1007', async () => {
    const { dial } = await serve()
    const socket = await dial()
    socket.raw.send(Buffer.from([0xff, 0xfe]), { binary: false })
    expect((await socket.closed).code).toBe(1007)
  })

  test('frames of unknown types are ignored and told, ten times; unknown topics are told', async () => {
    const { dial } = await serve()
    const socket = await dial()
    socket.say({ type: 'SUBSCRIBE', topic: 'secrets' })
    expect(await socket.heard('ERROR')).toMatchObject({ code: 'unknown-topic', topic: 'secrets' })
    socket.say({ type: 'SEND', id: 'a', topic: 'clock', data: 1 })
    expect(await socket.heard('ERROR')).toMatchObject({ code: 'not-writable', id: 'a' })
    for (let count = 0; count < 10; count += 1) {
      socket.say({ type: 'DANCE' })
      expect(await socket.heard('ERROR')).toMatchObject({ code: 'unknown-type' })
    }
    socket.say({ type: 'DANCE' })
    expect(await socket.closed).toMatchObject({ code: 1008 })
  })

  test('more than 200 frames in a second are too many', async () => {
    const { dial, time } = await serve()
    const socket = await dial()
    const say = (count: number) => {
      for (let each = 0; each < count; each += 1) socket.say({ type: 'UNSUBSCRIBE', topic: 'chat' })
      socket.say({ type: 'PING' })
    }
    say(199)
    await socket.heard('PONG')
    time.advance(1000)
    say(199)
    await socket.heard('PONG')
    say(1)
    expect(await socket.closed).toMatchObject({ code: 1008, reason: 'at most 200 frames a second' })
  })

  test('I35 a listener that does not read costs no memory: the rest waits in the log, and it misses nothing', async () => {
    const { dial, chat, ...server } = await serve({ live: { outgoingBytes: 64 * 1024 } })
    const slow = await dial()
    slow.say({ type: 'SUBSCRIBE', topic: 'chat' })
    await slow.heard('RESUMED')
    slow.raw.pause()
    const texts = Array.from({ length: 250 }, (_, index) => `${index} ${'x'.repeat(50_000)}`)
    let most = 0
    for (const text of texts) {
      await chat(text)
      most = Math.max(most, ...server.sockets().map((socket) => socket.writableLength))
    }
    expect(most).toBeLessThan(64 * 1024 + 51_000)
    slow.raw.resume()
    for (const data of texts) expect((await slow.heard('EVENT'))['data'] === data).toBe(true)
  })

  test('one that does not read for two and a half heartbeats is closed 1013', async () => {
    const { dial, chat, time } = await serve({ live: { outgoingBytes: 64 * 1024, heartbeatMs: 1000 } })
    const slow = await dial()
    slow.say({ type: 'SUBSCRIBE', topic: 'chat' })
    await slow.heard('RESUMED')
    slow.raw.pause()
    await chat(...Array.from({ length: 200 }, () => 'x'.repeat(50_000)))
    for (let half = 0; half < 6; half += 1) {
      time.advance(500)
      // It shows life, so that it is not its silence that ends it.
      slow.raw.pong()
      await chat('tick')
    }
    slow.raw.resume()
    expect((await slow.closed).code).toBe(1013)
  })
})

test('only pages of allowed origins, and those of the server itself, may open sockets', async () => {
  const { dial, origin } = await serve({ origins: ['http://page.test'] })
  const first = async (page?: string) => (await dial(page === undefined ? {} : { origin: page })).trace[0]
  expect(await first('http://page.test')).toEqual({ what: 'open' })
  expect(await first(origin)).toEqual({ what: 'open' })
  expect(await first()).toEqual({ what: 'open' })
  for (const foreign of ['http://other.test', 'null', 'http://page.test.evil'])
    expect(await first(foreign)).toEqual({ what: 'status', status: 403, body: '' })
})
