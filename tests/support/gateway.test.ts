import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { type Got, type Stops, ask, dial, keeper, rounds, service, undo, until } from './proxy-stage.js'

const stops: Stops = []
afterEach(() => undo(stops))

const outcome = ({ status, body, error }: Got) => [status, body, error]

describe('the HTTP stage passes through', () => {
  test('method, path, headers as they were written, body, status, its text, and repeated headers', async () => {
    const { proxy } = await service(stops, async (request, response) => {
      let body = ''
      for await (const chunk of request.setEncoding('utf8')) body += chunk
      const said = { method: request.method, url: request.url, raw: request.rawHeaders, body }
      response.writeHead(207, 'So so', ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-CaSe', 'y'])
      response.end(JSON.stringify(said))
    })
    const got = await ask(proxy.port, {
      method: 'POST',
      path: '/a?b=%20',
      headers: { 'X-OddLy': 'z' },
      body: 'hi',
    })
    const said = JSON.parse(got.body) as { raw: string[] }
    expect(said).toMatchObject({ method: 'POST', url: '/a?b=%20', body: 'hi' })
    expect(said.raw).toEqual(expect.arrayContaining(['X-OddLy', 'z', 'Host', `127.0.0.1:${proxy.port}`]))
    expect([got.status, got.headers['set-cookie'], got.headers['x-case']]).toEqual([207, ['a=1', 'b=2'], 'y'])
  })

  test('requests of one client connection over one to the service, and either end closes the other', async () => {
    const { proxy, peers } = await service(stops, (_request, response) => response.end('ok'))
    const agent = keeper(stops)
    for (const _ of [1, 2, 3]) expect(outcome(await ask(proxy.port, { agent }))).toEqual([200, 'ok', null])
    expect(peers.length).toBe(1)
    const [kept] = Object.values(agent.freeSockets).flat()
    const closed = once(kept!, 'close')
    peers[0]?.end()
    await closed
    expect(outcome(await ask(proxy.port, { agent }))).toEqual([200, 'ok', null])
    expect(peers.length).toBe(2)
    agent.destroy()
    await until(() => peers.every((peer) => peer.destroyed))
  })

  test('Connection: close, with the connection closed after it', async () => {
    const { proxy } = await service(stops, (_request, response) => {
      response.setHeader('Connection', 'close').end('last')
    })
    const agent = keeper(stops)
    const got = await ask(proxy.port, { agent })
    expect([got.body, got.headers.connection]).toEqual(['last', 'close'])
    await until(() => Object.keys(agent.freeSockets).length + Object.keys(agent.sockets).length === 0)
  })

  test('a stream of events as it comes, and its end', async () => {
    let say = (_text: string | null) => {}
    const { proxy } = await service(stops, (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
      say = (text) => (text === null ? response.end() : response.write(text))
    })
    const asked = request({ port: proxy.port, headers: { Accept: 'text/event-stream' }, agent: false }).end()
    const [answer] = await once(asked, 'response')
    for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
      say(text)
      expect(String((await once(answer, 'data'))[0])).toBe(text)
    }
    const ended = once(answer.resume(), 'end')
    say(null)
    await ended
  })

  test('a WebSocket both ways, its close code both ways, and a handshake that is refused', async () => {
    const { proxy, server } = await service(stops, (_request, response) => response.end())
    const sockets = new WebSocketServer({ noServer: true })
    server.on('upgrade', (request, socket, head) => {
      if (request.url === '/no') return void socket.end('HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno')
      sockets.handleUpgrade(request, socket, head, (peer) => {
        peer.send('hello')
        peer.on('message', (text) => peer.send(`re:${String(text)}`))
        peer.on('close', (code) => closes.push(code))
      })
    })
    const closes: number[] = []
    const client = new WebSocket(`ws://127.0.0.1:${proxy.port}/ws`)
    expect(String((await once(client, 'message'))[0])).toBe('hello')
    client.send('x'.repeat(70_000))
    expect(String((await once(client, 'message'))[0]).length).toBe(70_003)
    client.close(4000, 'enough')
    await until(() => closes.length > 0)
    expect(closes).toEqual([4000])

    const second = new WebSocket(`ws://127.0.0.1:${proxy.port}/ws`)
    await once(second, 'message')
    for (const peer of sockets.clients) peer.close(1012, 'restart')
    const [code, reason] = await once(second, 'close')
    expect([code, String(reason)]).toEqual([1012, 'restart'])

    const refused = new WebSocket(`ws://127.0.0.1:${proxy.port}/no`)
    expect(((await once(refused, 'error')) as [Error])[0].message).toContain('403')
  })

  test('a client that goes away: the service hears of it', async () => {
    let gone = false
    const { proxy, peers } = await service(stops, (_request, response) => {
      response.once('close', () => (gone = !response.writableFinished))
      response.write('begun')
    })
    const asked = request({ port: proxy.port, agent: false }).end()
    const [answer] = await once(asked, 'response')
    answer.on('error', () => {})
    await once(answer, 'data')
    asked.destroy()
    await until(() => gone && peers.every((peer) => peer.destroyed))
  })

  test('a service that resets: before the answer, and in the middle of it', async () => {
    const { proxy } = await service(stops, (request, response) => {
      if (request.url === '/at-once') return void request.socket.resetAndDestroy()
      response.writeHead(200, { 'Content-Length': 10 })
      response.write('12345', () => request.socket.resetAndDestroy())
    })
    expect(outcome(await ask(proxy.port, { path: '/at-once' }))).toEqual([null, '', 'ECONNRESET'])
    expect((await ask(proxy.port)).error).toBe('ECONNRESET')
  })

  test('a service that ends in the middle of an answer: an end, no reset', async () => {
    const { proxy } = await service(stops, (request, response) => {
      response.writeHead(200, { 'Content-Length': 10 })
      response.write('12345', () => request.socket.end())
    })
    const client = await dial(stops, proxy.port)
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await once(client, 'end')
    expect([client.all().split('\r\n\r\n')[1], client.lost()]).toEqual(['12345', null])
  })

  test('an answer that is read slowly holds the service up instead of filling the memory', async () => {
    let written = 0
    const piece = Buffer.alloc(1 << 20)
    const { proxy, peers } = await service(stops, async (_request, response) => {
      for (; written < 256; written += 1) {
        response.write(piece)
        await new Promise(setImmediate)
      }
    })
    const client = await dial(stops, proxy.port)
    client.pause()
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(() => written === 256)
    await rounds()
    expect(peers[0]!.writableLength).toBeGreaterThan(128 << 20)
  })

  test('a service that nobody listens for: the connection is cut without an answer', async () => {
    const { proxy, server } = await service(stops, (_request, response) => response.end())
    await new Promise((closed) => server.close(closed))
    expect(outcome(await ask(proxy.port))).toEqual([null, '', 'ECONNRESET'])
  })
})
