import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { AppOptions } from '../../server/app.js'
import { startServer } from '../support/live-server.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function serve(options: Partial<AppOptions> = {}) {
  const server = await startServer(options)
  stops.push(server.stop)
  /** Sends these bytes as one segment; what has been heard, and the end of it. */
  const say = (bytes: string) => {
    const socket = connect(Number(new URL(server.origin).port), '127.0.0.1')
    stops.push(() => socket.destroy())
    let heard = ''
    socket.setEncoding('latin1').on('data', (text) => (heard += text))
    socket.on('error', () => {})
    socket.write(bytes)
    const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(heard)))
    return { socket, closed, heard: () => heard }
  }
  const placed = async () =>
    ((await (await fetch(`${server.origin}/ledger`)).json()) as { entries: unknown[] }).entries.length
  return { ...server, say, placed }
}

const body = JSON.stringify({ item: 'tea', qty: 1 })
const ORDER =
  'POST /orders HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n' +
  `Content-Length: ${body.length}\r\n\r\n${body}`
const statuses = (heard: string) =>
  [...heard.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))

test('I04 garbage behind a write is not answered in its place: whatever is committed is answered 201 or not at all', async () => {
  const { say, placed } = await serve()
  expect(statuses(await say(`${ORDER}GARBAGE\r\n\r\n`).closed)).not.toContain(400)
  expect(await placed()).toBe(1)
})

test('I04 an Expect that is refused is refused in its turn, behind the write before it', async () => {
  const { say, placed } = await serve()
  const heard = await say(`${ORDER}GET / HTTP/1.1\r\nHost: test\r\nExpect: more\r\n\r\n`).closed
  expect([statuses(heard), await placed()]).toEqual([[201, 417], 1])
  expect(heard.slice(heard.indexOf('417'))).toMatch(/holdfast: 1[^]*problem\+json/i)
})

test('garbage behind an open stream ends it, and nothing is written into it', async () => {
  const { say } = await serve()
  const stream = say('GET /sse?topics=chat HTTP/1.1\r\nHost: test\r\n\r\n')
  await expect.poll(stream.heard, { interval: 5 }).toContain('HELLO')
  stream.socket.write('GARBAGE\r\n\r\n')
  expect(statuses(await stream.closed)).toEqual([200])
})

test('garbage alone, and a body that is none, are refused in words', async () => {
  const { say } = await serve()
  expect(statuses(await say('GARBAGE\r\n\r\n').closed)).toEqual([400])
  const chunked = 'POST /orders HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n'
  expect(statuses(await say(chunked).closed)).toEqual([400])
})

test('a connection that sends more than 16 requests ahead of their answers is cut, and leaves nothing behind', async () => {
  const { app, say, connections } = await serve()
  const { cursor } = (await app.inject('/poll?topics=chat')).json<{ cursor: string }>()
  const poll = `GET /poll?topics=chat&cursor=${cursor} HTTP/1.1\r\nHost: test\r\n\r\n`
  let begun = 0
  app.server.on('request', () => (begun += 1))
  const within = say(poll.repeat(16))
  await expect.poll(() => begun, { interval: 5 }).toBe(16)
  expect(await say(poll.repeat(1000)).closed).toBe('')
  expect(within.socket.closed).toBe(false)
  within.socket.destroy()
  await expect.poll(connections, { interval: 5 }).toBe(0)
})

test('R33 a finished answer that nobody takes is cut; one that is taken slowly is not', async () => {
  // A busy machine may let this process stand still for some hundred ms, in which nothing is taken either.
  const takenWithinMs = 1_500
  const { app, say, connections } = await serve({ exchanges: { takenWithinMs } })
  const bytes = 8 * 1024 * 1024
  app.server.prependListener('request', (_request, response) => {
    const end = response.end.bind(response) as (text: string) => typeof response
    response.removeHeader('Content-Length')
    Object.assign(response, { end: () => end('x'.repeat(bytes)) })
  })
  const ask = () => say('GET /nowhere HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n')
  const slow = ask()
  slow.socket.on('data', () => {
    slow.socket.pause()
    setTimeout(() => slow.socket.resume(), 16)
  })
  const begunAt = performance.now()
  expect((await slow.closed).length).toBeGreaterThan(bytes)
  expect(performance.now() - begunAt).toBeGreaterThan(takenWithinMs)
  const deaf = ask()
  deaf.socket.pause()
  await expect.poll(connections, { interval: 5 }).toBe(1)
  await expect.poll(connections, { interval: 5, timeout: 20 * takenWithinMs }).toBe(0)
})

test('a protocol that is not spoken here is ignored: the request is answered', async () => {
  const { say, placed } = await serve()
  const upgrade = 'Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n'
  const heard = await say(ORDER.replace('\r\nContent-Type', `\r\n${upgrade}Content-Type`)).closed
  expect([statuses(heard), await placed()]).toEqual([[201], 1])
})

test.each([
  ['no Host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['two Hosts', 'GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n', 400],
  ['no Host in HTTP/1.0, which knows none', 'GET /health HTTP/1.0\r\n\r\n', 204],
])('%s: the answer has the marks', async (_name, bytes, status) => {
  const { say } = await serve()
  const heard = await say(bytes).closed
  expect([statuses(heard), /holdfast: 1/i.test(heard)]).toEqual([[status], true])
  if (status === 400) expect(heard).toContain('A request has one Host')
})

test('a body that is too large: the refusal can be read, also by whoever sends all of it first', async () => {
  const { say, connections } = await serve()
  const head = 'POST /orders HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n'
  const large = 'x'.repeat(4 * 1024 * 1024)
  const one = say('')
  one.socket.pause()
  one.socket.write(`${head}Content-Length: ${large.length}\r\n\r\n`)
  await new Promise((written) => one.socket.write(large, () => written(null)))
  one.socket.resume()
  expect(await one.closed).toMatch(/HTTP\/1.1 413[^]*holdfast: 1[^]*too-large/i)
  const chunks = say(`${head}Transfer-Encoding: chunked\r\n\r\n`)
  for (let count = 0; count < 40; count += 1) chunks.socket.write(`10000\r\n${'x'.repeat(65_536)}\r\n`)
  chunks.socket.write('0\r\n\r\n')
  expect(await chunks.closed).toMatch(/HTTP\/1.1 413[^]*too-large/)
  await expect.poll(connections, { interval: 5 }).toBe(0)
})
