import { expect, onTestFinished, test } from 'vitest'
import { createLiveApi, type LiveApiOptions } from '../../../mocks/live-api.js'
import { manualClock } from '../../../mocks/manual-clock.js'
import { createNetwork } from '../../../mocks/network.js'

const BASE = 'https://api.example'

function createLiveDesk(options: Partial<LiveApiOptions> = {}) {
  const clock = manualClock()
  const startAt = clock.now()
  const at = () => clock.now() - startAt
  const api = createLiveApi({ network: () => network, base: BASE, ...options })
  const network = createNetwork({ clock, hosts: ['api.example'], latencyMs: 40, handlers: api.handlers })
  onTestFinished(() => network.dispose())

  const dial = () => {
    const lines: string[] = []
    const socket = new network.WebSocket('wss://api.example/ws')
    socket.onmessage = ({ data }) => lines.push(String(data))
    socket.onclose = ({ code, reason, wasClean }) => lines.push(`close ${code} ${reason} ${wasClean}@${at()}`)
    const say = (type: string, members: object = {}) => socket.send(JSON.stringify({ type, ...members }))
    return { socket, lines, say }
  }
  /** A stream's text, as it comes; ends with how it ended. */
  const listen = (path: string, init: RequestInit = {}) => {
    const stream = { text: '', end: '' }
    const read = async () => {
      const answer = await network.fetch(`${BASE}${path}`, init)
      const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return void (stream.end = `ended@${at()}`)
        stream.text += value
      }
    }
    void read().catch((error: Error) => (stream.end = `${error.name}@${at()}`))
    return stream
  }
  const ask = (path: string, init?: RequestInit) => {
    const asked = { body: null as unknown, status: 0, atMs: -1 }
    void network.fetch(`${BASE}${path}`, init).then(
      async (answer) =>
        Object.assign(asked, { body: await answer.json(), status: answer.status, atMs: at() }),
      () => Object.assign(asked, { status: -1, atMs: at() }),
    )
    return asked
  }
  return { api, clock, network, dial, listen, ask, at }
}

const hello = (offset: number, more: object = {}) =>
  JSON.stringify({
    type: 'HELLO',
    boot: 'boot-1',
    epoch: 'epoch1',
    offset,
    heartbeatMs: 25_000,
    session: 'known',
    ...more,
  })

test('B07 one cursor is good for a socket, a stream and a poll', async () => {
  const { api, clock, dial, listen, ask } = createLiveDesk()
  const { lines, say } = dial()
  await clock.advance(40)
  expect(lines).toEqual([hello(0)])
  say('SUBSCRIBE', { topic: 'chat' })
  say('SEND', { id: 'a', topic: 'chat', data: 'hi' })
  await clock.advance(40)
  const event = '{"type":"EVENT","topic":"chat","offset":1,"data":"hi"}'
  expect(lines.slice(1)).toEqual([
    '{"type":"RESUMED","topic":"chat","offset":0}',
    event,
    '{"type":"ACK","id":"a","offset":1}',
  ])
  const stream = listen('/sse?topics=chat&cursor=epoch1:0')
  const poll = ask('/poll?topics=chat&cursor=epoch1:0')
  await clock.advance(40)
  expect(stream.text).toBe(
    `retry: 3000\n\ndata: ${hello(1)}\n\nid: epoch1:0\ndata: {"type":"RESUMED","topic":"chat","offset":0}\n\n` +
      `id: epoch1:1\ndata: ${event}\n\n`,
  )
  expect(poll.body).toEqual({ frames: [JSON.parse(event)], cursor: 'epoch1:1' })
  expect(api.events).toHaveLength(1)
})

test('a poll waits for news, lets time pass meanwhile, and comes back empty when its time is over', async () => {
  const { api, clock, ask } = createLiveDesk()
  const first = ask('/poll?topics=chat')
  await clock.advance(100)
  expect(first.body).toEqual({ frames: [JSON.parse(hello(0))], cursor: 'epoch1:0' })
  const waiting = ask('/poll?topics=chat&cursor=epoch1:0')
  await clock.advance(10_000)
  expect(waiting.status).toBe(0)
  api.publish('chat', 'news')
  await clock.advance(20)
  expect(waiting).toMatchObject({ status: 200, atMs: 10_120, body: { cursor: 'epoch1:1' } })
  const empty = ask('/poll?topics=chat&cursor=epoch1:1&wait-ms=5000')
  await clock.advance(5040)
  expect(empty).toMatchObject({ status: 200, atMs: 15_160, body: { frames: [], cursor: 'epoch1:1' } })
})

test('the clock ticks each virtual second while somebody listens', async () => {
  const { api, clock, dial } = createLiveDesk()
  const { socket, lines, say } = dial()
  await clock.advance(40)
  say('SUBSCRIBE', { topic: 'clock' })
  await clock.advance(3100)
  expect(lines.filter((line) => line.includes('"EVENT"'))).toHaveLength(3)
  socket.close()
  await clock.advance(60_000)
  expect(api.events).toHaveLength(8)
  expect(clock.pending()).toBe(0)
})

test('what has left the ring is a gap; another log is a reset', async () => {
  const { api, clock, dial } = createLiveDesk({ ring: 2 })
  for (let n = 1; n <= 5; n++) api.publish('chat', n)
  const { lines, say } = dial()
  await clock.advance(40)
  say('SUBSCRIBE', { topic: 'chat', cursor: 'epoch1:1' })
  say('SUBSCRIBE', { topic: 'orders', cursor: 'old:7' })
  await clock.advance(40)
  expect(lines.slice(1)).toEqual([
    '{"type":"GAP","topic":"chat","from":2,"to":3}',
    '{"type":"EVENT","topic":"chat","offset":4,"data":4}',
    '{"type":"EVENT","topic":"chat","offset":5,"data":5}',
    '{"type":"RESET","topic":"orders","epoch":"epoch1","offset":5}',
  ])
})

test('R07 a drain: DRAIN to all, then 1012, the end of streams, and everything resumes with the next process', async () => {
  const { clock, network, api, dial, listen, ask } = createLiveDesk()
  const { lines, say } = dial()
  await clock.advance(40)
  say('SUBSCRIBE', { topic: 'chat' })
  const stream = listen('/sse?topics=chat', { headers: { Accept: 'text/event-stream' } })
  const poll = ask('/poll?topics=chat&cursor=epoch1:0')
  await clock.advance(100)
  network.restart.graceful({ drainMs: 1000, downMs: 2000 })
  await clock.advance(30)
  // Each by its place, at 200 a second.
  const drain = (retryAfterMs: number) => JSON.stringify({ type: 'DRAIN', retryAfterMs })
  expect(lines.at(-1)).toBe(drain(3000))
  expect(stream.text).toContain(`data: ${drain(3005)}`)
  expect(poll.body).toMatchObject({ frames: [JSON.parse(drain(3010))] })
  const late = dial()
  // 50 ms have passed since the others were told.
  // One that comes now would ask again and again: it is held to the end, and answered then.
  const held = ask('/poll?topics=chat&cursor=epoch1:0')
  await clock.advance(100)
  expect(held.atMs).toBe(-1)
  expect(late.lines.slice(0, 2)).toEqual([hello(0), drain(2965)])
  // One that an event answers is told with it: it would come back to a port that is closed.
  const other = ask('/poll?topics=orders&cursor=epoch1:0')
  await clock.advance(100)
  api.publish('orders', 'news')
  await clock.advance(100)
  expect(other.body).toMatchObject({ frames: [{ data: 'news' }, JSON.parse(drain(2790))] })
  await clock.advance(800)
  expect(lines.at(-1)).toBe('close 1012 {"retryAfterMs":2000} true@1200')
  // One row for all who are left, whichever door they came by.
  expect(stream.text).toMatch(/retry: 2005\n\n$/)
  expect(late.lines.at(-1)).toBe('close 1012 {"retryAfterMs":2010} true@1200')
  expect(stream.end).toMatch(/^ended/)
  expect(held).toMatchObject({ atMs: 1160, body: { frames: [JSON.parse(drain(2015))] } })
  await clock.advance(3000)
  api.publish('chat', 'after')
  const again = dial()
  await clock.advance(40)
  again.say('SUBSCRIBE', { topic: 'chat', cursor: 'epoch1:0' })
  await clock.advance(40)
  expect(again.lines[0]).toBe(hello(2, { boot: 'boot-2' }))
  expect(again.lines.at(-1)).toContain('"after"')
})

test('a kill ends polls and sockets without a word, and the process that comes does not tick by itself', async () => {
  const { clock, network, dial, ask } = createLiveDesk()
  const { lines, say } = dial()
  await clock.advance(40)
  say('SUBSCRIBE', { topic: 'clock' })
  const poll = ask('/poll?topics=chat&cursor=epoch1:0')
  await clock.advance(100)
  network.restart.kill({ downMs: 1000 })
  await clock.advance(10_000)
  expect(lines.at(-1)).toMatch(/^close 1006 {2}false/)
  expect(poll.status).toBe(-1)
  expect(clock.pending()).toBe(0)
})

test('P6 more than may listen are told their turn: sockets by 1013, the others by 503; one that leaves makes room', async () => {
  const { api, clock, dial, ask } = createLiveDesk({ mostListeners: 1 })
  const first = dial()
  await clock.advance(40)
  const refused = dial()
  const asked = [ask('/sse?topics=chat'), ask('/poll?topics=nothing')]
  await clock.advance(100)
  expect(refused.lines).toEqual([expect.stringMatching(/^close 1013 {"retryAfterMs":5000} true@/)])
  for (const each of asked) expect(each).toMatchObject({ status: 503, body: { type: 'overloaded' } })
  first.socket.close()
  await clock.advance(100)
  const late = dial()
  await clock.advance(40)
  expect(late.lines).toEqual([hello(0)])
  expect(api.events).toEqual([])
})

test('a message sent twice, by two doors, is one event', async () => {
  const { api, clock, dial, ask } = createLiveDesk()
  const { say } = dial()
  await clock.advance(40)
  say('SEND', { id: 'a', topic: 'chat', data: { x: 1 } })
  const post = (body: object) => ask('/send', { method: 'POST', body: JSON.stringify(body) })
  await clock.advance(40)
  const again = post({ id: 'a', topic: 'chat', data: { x: 1 } })
  const other = post({ id: 'a', topic: 'chat', data: 2 })
  const bad = [
    post({ id: 'b', topic: 'clock', data: 2 }),
    post({ topic: 'chat' }),
    post({ id: 'b', topic: 'x', data: 1 }),
  ]
  await clock.advance(100)
  expect(again).toMatchObject({ status: 200, body: { offset: 1 } })
  expect(other).toMatchObject({ status: 422, body: { type: 'key-reused' } })
  expect(bad.map(({ status, body }) => [status, (body as { type: string }).type])).toEqual([
    [400, 'malformed'],
    [400, 'malformed'],
    [400, 'unknown-topic'],
  ])
  expect(api.events).toHaveLength(1)
})

test('bytes and texts that are too large close the socket: 1007, 1009', async () => {
  const { clock, dial } = createLiveDesk({ frameBytes: 100 })
  const [bytes, large] = [dial(), dial()]
  await clock.advance(80)
  bytes.socket.send(new Uint8Array(3))
  large.socket.send('x'.repeat(101))
  await clock.advance(100)
  expect(bytes.lines.at(-1)).toMatch(/^close 1007 a frame is JSON text true/)
  expect(large.lines.at(-1)).toMatch(/^close 1009 {2}true/)
})

test('a lost session: a new epoch, and cursors of the old one are reset', async () => {
  const { api, clock, network, dial } = createLiveDesk()
  api.publish('chat', 1)
  network.restart.lostSession({ downMs: 1000 })
  await clock.advance(2000)
  const { lines, say } = dial()
  await clock.advance(40)
  say('SUBSCRIBE', { topic: 'chat', cursor: 'epoch1:1' })
  await clock.advance(40)
  expect(lines[0]).toBe(hello(0, { boot: 'boot-2', epoch: 'epoch2' }))
  expect(lines[1]).toBe('{"type":"RESET","topic":"chat","epoch":"epoch2","offset":0}')
})

test('bad options are refused by name', () => {
  expect(() => createLiveApi({ network: 1 } as never)).toThrow('network is 1')
  expect(() => createLiveApi({ network: () => null as never, ring: 0 })).toThrow('ring is 0')
  const none = { network: () => null as never, mostListeners: 0 }
  expect(() => createLiveApi(none)).toThrow('mostListeners is 0')
})
