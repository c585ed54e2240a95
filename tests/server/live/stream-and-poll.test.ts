import { afterEach, describe, expect, test } from 'vitest'
import type { AppOptions } from '../../../server/app.js'
import { type Frame, openSocket, openStream, poll, sendMessage } from '../../support/live-client.js'
import { startServer } from '../../support/live-server.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function serve(options: Partial<AppOptions> = {}) {
  const server = await startServer(options)
  stops.push(server.stop)
  const { origin, app } = server
  let ids = 0
  return {
    ...server,
    async stream(asking: Partial<Parameters<typeof openStream>[1]> = {}) {
      const stream = await openStream(origin, { topics: ['chat'], ...asking })
      stops.push(stream.cut)
      return stream
    },
    poll: (asking: Partial<Parameters<typeof poll>[1]> = {}) => poll(origin, { topics: ['chat'], ...asking }),
    async chat(...texts: string[]) {
      for (const data of texts) await sendMessage(origin, { id: `m${(ids += 1)}`, topic: 'chat', data })
    },
    order: (qty = 1) => app.inject({ method: 'POST', url: '/orders', payload: { item: 'tea', qty } }),
    get: (path: string, headers: Record<string, string> = {}) => fetch(`${origin}${path}`, { headers }),
  }
}

const told = (frames: readonly { type: string; data?: unknown }[]) =>
  frames.map(({ type, data }) => (type === 'EVENT' ? data : type))
/** Lets what has been asked for arrive: the server has answered something that was asked after it. */
const settled = async (ask: () => Promise<unknown>) => {
  await ask()
  await ask()
}

describe('/sse', () => {
  test('R17 begins with retry, HELLO and RESUMED; then events, each with its cursor as id', async () => {
    const { stream, chat } = await serve()
    const client = await stream()
    await client.heard('RESUMED')
    await chat('a', 'b')
    await client.heard('EVENT')
    await client.heard('EVENT')
    expect(client.trace.slice(0, 3)).toMatchObject([
      { what: 'open' },
      { what: 'retry', ms: 3000 },
      { what: 'frame', frame: { type: 'HELLO', boot: 'boot-1', session: 'known' } },
    ])
    expect(told(client.frames)).toEqual(['HELLO', 'RESUMED', 'a', 'b'])
    expect(client.lastEventId()).toBe(client.cursors['chat'])
  })

  test.each(['query', 'header', 'post'] as const)('B07 resumes by a cursor in the %s', async (by) => {
    const { stream, chat } = await serve()
    const first = await stream()
    await first.heard('RESUMED')
    await chat('a')
    await first.heard('EVENT')
    first.cut()
    await chat('b', 'c')
    const second = await stream({ by, cursor: first.lastEventId() ?? '' })
    await chat('d')
    for (const data of ['b', 'c', 'd']) expect(await second.heard('EVENT')).toMatchObject({ data })
    expect(told(second.frames)).toEqual(['HELLO', 'RESUMED', 'b', 'c', 'd'])
  })

  test('Last-Event-ID is newer than the cursor of the URL, which a browser repeats', async () => {
    const { stream, chat, get, poll: ask } = await serve()
    const { cursor } = await ask()
    const client = await stream()
    await client.heard('RESUMED')
    await chat('a', 'b')
    await client.heard('EVENT')
    await client.heard('EVENT')
    const answer = await get(`/sse?topics=chat&cursor=${cursor}`, { 'last-event-id': client.lastEventId()! })
    const { value } = await answer.body!.getReader().read()
    expect(new TextDecoder().decode(value)).not.toContain('"data":"a"')
  })

  test('several topics have one cursor, and come in the order of the log', async () => {
    const { stream, chat, order } = await serve()
    const client = await stream({ topics: ['chat', 'orders'] })
    await client.heard('HELLO')
    await chat('a')
    await order()
    await chat('b')
    const again = await stream({ topics: ['orders', 'chat'], cursor: `${epochOf(client)}:0` })
    for (const each of [client, again]) {
      for (let count = 0; count < 3; count += 1) await each.heard('EVENT')
      expect(each.frames.filter(({ type }) => type === 'EVENT').map(({ offset }) => offset)).toEqual([
        1, 2, 3,
      ])
      expect(each.lastEventId()).toBe(`${epochOf(client)}:3`)
    }
  })

  test('I29 gap and reset are told, and only the last word at the start moves the cursor', async () => {
    const { stream, chat, order } = await serve({ live: { ring: 2 } })
    const client = await stream()
    await client.heard('RESUMED')
    const epoch = epochOf(client)
    await order()
    await chat('a', 'b', 'c')
    const late = await stream({ topics: ['orders', 'chat'], cursor: `${epoch}:0` })
    for (const data of ['b', 'c']) expect(await late.heard('EVENT')).toMatchObject({ data })
    expect(late.frames.slice(1, 3)).toEqual([
      { type: 'GAP', topic: 'orders', from: 1, to: 1 },
      { type: 'GAP', topic: 'chat', from: 1, to: 2 },
    ])
    const lost = await stream({ cursor: 'elsewhere:1' })
    expect(await lost.heard('RESET')).toEqual({ type: 'RESET', topic: 'chat', epoch, offset: 4 })
    expect(lost.lastEventId()).toBe(`${epoch}:4`)
  })

  test('a comment each heartbeat shows life while there is nothing to say', async () => {
    const { stream, time, poll: ask } = await serve({ live: { heartbeatMs: 1000 } })
    const client = await stream()
    await client.heard('RESUMED')
    time.advance(3000)
    await settled(ask)
    expect(client.comments()).toBe(3)
  })

  test('R07 I40 announced: DRAIN; ended: a last retry with its own estimate, and a clean end', async () => {
    const { stream, app, get } = await serve()
    const [ada, bob] = [await stream(), await stream()]
    app.streams.announce((place) => 4000 + place * 5)
    expect(await ada.heard('DRAIN')).toEqual({ type: 'DRAIN', retryAfterMs: 4000 })
    await app.streams.end((place) => 5000 + place * 5)
    await Promise.all([ada.closed, bob.closed])
    expect(ada.trace.slice(-2)).toMatchObject([
      { what: 'retry', ms: 5000 },
      { what: 'close', wasClean: true },
    ])
    expect(bob.trace.slice(-2)).toMatchObject([
      { what: 'retry', ms: 5005 },
      { what: 'close', wasClean: true },
    ])
    const refused = await get('/sse?topics=chat')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '6'])
    await refused.text()
  })

  test('carries the marks and may be read by allowed pages; is never stored', async () => {
    const { get } = await serve({ origins: ['http://page.test'] })
    const answer = await get('/sse?topics=chat', { origin: 'http://page.test' })
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      holdfast: '1',
      'holdfast-boot': 'boot-1',
      'access-control-allow-origin': 'http://page.test',
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    })
    await answer.body!.cancel()
  })

  test('one that does not read is not written to; what it missed comes when it reads, or it is cut', async () => {
    const { chat, get, time, sockets } = await serve({
      live: { outgoingBytes: 64 * 1024, heartbeatMs: 1000 },
    })
    const answer = await get('/sse?topics=chat')
    const reader = answer.body!.getReader()
    await reader.read()
    for (let count = 0; count < 200; count += 1) await chat('x'.repeat(50_000))
    const waiting = Math.max(...sockets().map((socket) => socket.writableLength))
    expect(waiting).toBeGreaterThan(0)
    expect(waiting).toBeLessThan(64 * 1024 + 52_000)
    time.advance(5000)
    await expect(
      (async () => {
        while (!(await reader.read()).done);
      })(),
    ).rejects.toThrow()
  })
})

describe('/poll', () => {
  test('R15 without a cursor: HELLO and the present, at once', async () => {
    const { poll: ask, chat, get } = await serve()
    await chat('a')
    const { frames, cursor } = await ask()
    expect(frames).toMatchObject([{ type: 'HELLO', boot: 'boot-1', offset: 1 }])
    expect(cursor).toBe(`${String(frames[0]?.['epoch'])}:1`)
    expect((await get('/poll?topics=chat')).headers.get('cache-control')).toBe('no-store')
  })

  test('is held until there is something to say; what came in between is there at once', async () => {
    const { poll: ask, chat } = await serve()
    const start = await ask()
    const held = ask({ cursor: start.cursor })
    await settled(ask)
    await chat('a')
    const first = await held
    expect(told(first.frames)).toEqual(['a'])
    await chat('b', 'c')
    const second = await ask({ cursor: first.cursor })
    expect(told(second.frames)).toEqual(['b', 'c'])
  })

  test('answers with nothing after 25 s, or sooner if asked to; the cursor stays good', async () => {
    const { poll: ask, chat, time } = await serve()
    const { cursor } = await ask()
    const [long, short] = [ask({ cursor }), ask({ cursor, waitMs: 2000 })]
    await settled(ask)
    time.advance(2000)
    expect(await short).toMatchObject({ frames: [], cursor })
    time.advance(22_999)
    await settled(ask)
    time.advance(1)
    expect(await long).toMatchObject({ frames: [], cursor })
    await chat('a')
    expect(told((await ask({ cursor })).frames)).toEqual(['a'])
    expect(await ask({ cursor, waitMs: 0 })).toMatchObject({ frames: [{ data: 'a' }] })
  })

  test('gap, reset and the drain are told at once', async () => {
    const { poll: ask, chat, app } = await serve({ live: { ring: 1 } })
    const { cursor } = await ask()
    await chat('a', 'b', 'c')
    const gap = await ask({ cursor })
    expect(gap.frames).toMatchObject([{ type: 'GAP', from: 1, to: 2 }, { data: 'c' }])
    const reset = await ask({ cursor: 'elsewhere:3' })
    expect(told(reset.frames)).toEqual(['RESET'])
    expect(reset.cursor).toBe(gap.cursor)
    const held = ask({ cursor: reset.cursor })
    await settled(ask)
    app.streams.announce((place) => 4000 + place * 5)
    expect(await held).toMatchObject({ frames: [{ type: 'DRAIN', retryAfterMs: 4000 }], cursor: gap.cursor })
    // One that comes now is held like any other: answered at once, it would ask again and again.
    const late = ask({ cursor: reset.cursor })
    await settled(ask)
    await app.streams.end(() => 7000)
    expect(await late).toMatchObject({ frames: [{ type: 'DRAIN', retryAfterMs: 7000 }] })
  })

  test('P6 a poll that an event answers during a drain is told of it with the event, each at a place of its own', async () => {
    const { poll: ask, chat, app, time } = await serve()
    const { cursor } = await ask()
    const listening = ask({ cursor })
    await settled(ask)
    app.streams.announce((place) => 4000 + place * 5)
    expect(await listening).toMatchObject({ frames: [{ type: 'DRAIN', retryAfterMs: 4000 }] })
    const held = ask({ cursor })
    await settled(ask)
    await chat('a')
    const later = await held
    expect(later.frames).toMatchObject([{ data: 'a' }, { type: 'DRAIN', retryAfterMs: 4005 }])
    const atOnce = await ask({ cursor })
    expect(atOnce.frames).toMatchObject([{ data: 'a' }, { type: 'DRAIN', retryAfterMs: 4010 }])
    expect(atOnce.cursor).toBe(later.cursor)
    // One without news is told nothing: it would take a place each time it asks.
    const quiet = ask({ cursor: later.cursor, waitMs: 10 })
    await settled(ask)
    time.advance(10)
    expect((await quiet).frames).toEqual([])
  })

  test.each([{ toString: 1, valueOf: 1 }, null, ['chat'], 'nothing'])(
    'a topic that is none, %o, is refused',
    async (topic) => {
      const { app } = await serve()
      const answer = await app.inject({ method: 'POST', url: '/sse', payload: { topics: [topic] } })
      expect([answer.statusCode, answer.json().type]).toEqual([400, 'unknown-topic'])
    },
  )

  test('HEAD is not answered where there is something to wait for', async () => {
    const { app } = await serve()
    for (const url of ['/sse?topics=chat', '/poll?topics=chat'])
      expect((await app.inject({ method: 'HEAD', url })).statusCode).toBe(404)
  })

  test('one answer has at most a hundred events; the next has the rest', async () => {
    const { poll: ask, chat } = await serve()
    let { cursor } = await ask()
    const texts = Array.from({ length: 230 }, (_, index) => String(index))
    await chat(...texts)
    const heard: unknown[] = []
    for (const length of [100, 100, 30]) {
      const answer = await ask({ cursor })
      expect(answer.frames).toHaveLength(length)
      heard.push(...told(answer.frames))
      cursor = answer.cursor
    }
    expect(heard).toEqual(texts)
  })

  test('a client that goes away leaves nothing behind', async () => {
    const { poll: ask, time } = await serve()
    const { cursor } = await ask()
    const idle = time.pending
    const stop = new AbortController()
    const gone = ask({ cursor, signal: stop.signal }).catch(() => 'aborted')
    while (time.pending === idle) await ask()
    stop.abort()
    expect(await gone).toBe('aborted')
    while (time.pending > idle) await ask()
    expect(time.pending).toBe(idle)
  })
})

test('B07 one cursor is good for all three: each goes on where another was cut', async () => {
  const { origin, stream, poll: ask, chat } = await serve()
  const socket = await openSocket(origin)
  stops.push(socket.cut)
  socket.say({ type: 'SUBSCRIBE', topic: 'chat' })
  await socket.heard('RESUMED')
  await chat('a')
  await socket.heard('EVENT')
  socket.cut()
  await chat('b')
  const events = await stream({ cursor: socket.cursors['chat']! })
  expect(await events.heard('EVENT')).toMatchObject({ data: 'b' })
  events.cut()
  await chat('c')
  const polled = await ask({ cursor: events.lastEventId()! })
  expect(told(polled.frames)).toEqual(['c'])
  await chat('d')
  const again = await openSocket(origin)
  stops.push(again.cut)
  again.say({ type: 'SUBSCRIBE', topic: 'chat', cursor: polled.cursor })
  expect(await again.heard('EVENT')).toMatchObject({ data: 'd' })
})

test.each([
  ['no topics', '', 'malformed'],
  ['an unknown topic', 'topics=chat,secrets', 'unknown-topic'],
  ['a name of a prototype', 'topics=__proto__', 'unknown-topic'],
  ['topics twice', 'topics=chat&topics=clock', 'malformed'],
  ['too many topics', `topics=${'chat,'.repeat(20)}chat`, 'malformed'],
  ['two cursors', 'topics=chat&cursor=a:1&cursor=b:2', 'malformed'],
  ['half a second', 'topics=chat&wait-ms=0.5', 'malformed'],
])('asking for %s is a 400 that says so', async (_name, query, type) => {
  const { get } = await serve()
  for (const path of query.includes('wait') ? ['/poll'] : ['/sse', '/poll']) {
    const answer = await get(`${path}?${query}`)
    expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([400, type])
  }
})

const epochOf = ({ frames }: { readonly frames: readonly Frame[] }) => String(frames[0]?.['epoch'])
