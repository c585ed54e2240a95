import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createNetwork } from '../../mocks/network.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { type Got, type Stops, ask, dial, keeper, rounds, service, undo, until } from './proxy-stage.js'

const stops: Stops = []
afterEach(() => undo(stops))

const outcome = ({ status, body, error }: Got) => [status, body, error]
const PAGE = 'http://page.example'

/** A service that marks its answers, notes what it is asked and answers with ten bytes. */
async function marked(options: Parameters<typeof service>[2] = {}) {
  const asked: string[] = []
  const stage = await service(
    stops,
    (request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.setHeader('Holdfast', '1').setHeader('Holdfast-Boot', 'boot-7')
      response.setHeader('Content-Length', 10).end('0123456789')
    },
    options,
  )
  return { ...stage, asked }
}

describe('a fault that answers', () => {
  test('a status of the service carries its marks, is readable by a page, and is not asked for below', async () => {
    const { proxy, asked } = await marked()
    const stop = await proxy.apply({ type: 'status', code: 503, retryAfter: 7 })
    const got = await ask(proxy.port, { path: '/orders', headers: { Origin: PAGE } })
    expect([got.status, JSON.parse(got.body)]).toEqual([503, { type: 'about:blank', status: 503 }])
    expect(got.headers).toMatchObject({
      'retry-after': '7',
      holdfast: '1',
      'holdfast-boot': 'boot-7',
      'access-control-allow-origin': PAGE,
      'content-type': 'application/problem+json',
    })
    expect(got.headers['access-control-expose-headers']).toContain('Holdfast-Boot')
    expect(asked).toEqual(['GET /health'])
    await stop()
    expect(outcome(await ask(proxy.port))).toEqual([200, '0123456789', null])
  })

  test('a status of a gateway carries no marks; a preflight passes', async () => {
    const { proxy, asked } = await marked()
    await proxy.apply({ type: 'status', code: 502, from: 'gateway', body: 'bad gateway' })
    const got = await ask(proxy.port)
    expect([...outcome(got), got.headers.holdfast]).toEqual([502, 'bad gateway', null, undefined])
    const headers = { Origin: PAGE, 'Access-Control-Request-Method': 'POST' }
    expect((await ask(proxy.port, { method: 'OPTIONS', path: '/orders', headers })).status).toBe(200)
    expect(asked).toEqual(['OPTIONS /orders'])
  })

  test('a captive portal: a foreign page, or a redirect', async () => {
    const { proxy } = await marked()
    const stop = await proxy.apply({ type: 'portal' })
    const got = await ask(proxy.port)
    expect([got.status, got.headers['content-type'], got.headers.holdfast]).toEqual([
      200,
      'text/html; charset=utf-8',
      undefined,
    ])
    await stop()
    await proxy.apply({ type: 'portal', redirect: true })
    const sent = await ask(proxy.port)
    expect([sent.status, sent.headers.location]).toEqual([302, 'http://portal.invalid/login'])
  })

  test('unauthorized: the first token that is shown is refused, another and none pass', async () => {
    const { proxy } = await marked()
    await proxy.apply({ type: 'unauthorized' })
    const with_ = async (token: string) =>
      (await ask(proxy.port, { headers: { Authorization: token } })).status
    expect([
      await with_('old'),
      (await ask(proxy.port)).status,
      await with_('old'),
      await with_('new'),
    ]).toEqual([401, 200, 401, 200])
  })

  test('host, path and method limit it', async () => {
    const { proxy } = await marked()
    const only = { host: `127.0.0.1:${proxy.port}`, path: '/orders*', method: 'post' }
    await proxy.apply({ type: 'status', code: 500, only })
    const answers = ['POST /orders', 'POST /orders/1', 'GET /orders', 'POST /other'].map(async (line) => {
      const [method = '', path = ''] = line.split(' ')
      return (await ask(proxy.port, { method, path })).status
    })
    expect(await Promise.all(answers)).toEqual([500, 500, 200, 200])
  })
})

describe('a fault that counts requests', () => {
  test('failTimes: the first n, then all is well', async () => {
    const { proxy } = await marked()
    await proxy.apply({ type: 'failTimes', n: 2, fault: { type: 'status', code: 500 } })
    const statuses = []
    for (let n = 0; n < 4; n += 1) statuses.push((await ask(proxy.port)).status)
    expect(statuses).toEqual([500, 500, 200, 200])
  })

  test('failTimes: what was on its way before is none of the first n', async () => {
    const held: (() => void)[] = []
    const { proxy } = await service(
      stops,
      (_request, response) => void held.push(() => response.end('here')),
      {},
    )
    const before = ask(proxy.port)
    await until(() => held.length === 1)
    await proxy.apply({ type: 'failTimes', n: 1, fault: { type: 'status', code: 502, from: 'gateway' } })
    expect((await ask(proxy.port)).status).toBe(502)
    held[0]!()
    expect((await before).status).toBe(200)
  })

  test('flaky: the seventh request has the luck that it has in the simulator with this seed', async () => {
    const fault = { type: 'flaky', probability: 0.4, fault: { type: 'status', code: 500 } } as const
    const clock = manualClock()
    const network = createNetwork({ clock, seed: 5, hosts: ['a.example'] })
    network.apply(fault)
    const simulated = Array.from({ length: 20 }, () => network.fetch('http://a.example/nothing'))
    await clock.advance(1000)
    const expected = (await Promise.all(simulated)).map(({ status }) => status === 500)

    const { proxy } = await marked({ seed: 5 })
    await proxy.apply(fault)
    const got: boolean[] = []
    for (let n = 0; n < 20; n += 1) got.push((await ask(proxy.port)).status === 500)
    expect(got).toEqual(expected)
    expect(new Set(got).size).toBe(2)
  })

  test('what is refused is never refused on a kept connection, where a browser would send it again', async () => {
    const { proxy, asked } = await marked()
    const agent = keeper(stops)
    await ask(proxy.port, { agent })
    const [kept] = Object.values(agent.freeSockets).flat()
    const closed = once(kept!, 'close')
    const stop = await proxy.apply({ type: 'failTimes', n: 1, fault: { type: 'refuse' } })
    await closed
    expect(outcome(await ask(proxy.port, { agent }))).toEqual([null, '', 'ECONNRESET'])
    expect((await ask(proxy.port, { agent })).headers.connection).toBe('close')
    await stop()
    expect((await ask(proxy.port, { agent })).headers.connection).toBe('keep-alive')
    expect(asked.length).toBe(3)
  })
})

describe('a fault that cuts', () => {
  test('reset: connections are kept, and what comes on one is cut there, where a browser sends it again', async () => {
    const { proxy, asked } = await marked()
    const agent = keeper(stops)
    await ask(proxy.port, { agent })
    const [kept] = Object.values(agent.freeSockets).flat()
    await proxy.apply({ type: 'failTimes', n: 1, fault: { type: 'reset' } })
    const cut = new Promise((resolve) => kept!.once('close', resolve))
    expect(outcome(await ask(proxy.port, { agent }))).toEqual([null, '', 'ECONNRESET'])
    await cut
    expect((await ask(proxy.port, { agent })).headers.connection).toBe('keep-alive')
    expect(asked.length).toBe(3)
  })

  test('reset: the service has done its work, so much of the body comes, then the connection is cut', async () => {
    const { proxy, asked } = await marked()
    const stop = await proxy.apply({ type: 'reset' })
    expect(outcome(await ask(proxy.port, { method: 'POST' }))).toEqual([null, '', 'ECONNRESET'])
    await stop()
    await proxy.apply({ type: 'reset', afterBytes: 4 })
    expect((await ask(proxy.port)).error).toBe('ECONNRESET')
    expect(asked.length).toBe(2)
  })

  test('reset spares a request under way until its answer comes', async () => {
    let answer = () => {}
    const { proxy } = await service(stops, (_request, response) => {
      answer = () => response.end('done')
    })
    let got: Got | null = null
    void ask(proxy.port).then((all) => (got = all))
    const early = answer
    await until(() => answer !== early)
    await proxy.apply({ type: 'reset' })
    await rounds()
    expect(got).toBe(null)
    answer()
    await until(() => got !== null)
    expect(got).toMatchObject({ status: null, error: 'ECONNRESET' })
  })

  test('truncate: the body ends after so many bytes without an error of the connection; a shorter one is not touched', async () => {
    const { proxy } = await marked()
    const stop = await proxy.apply({ type: 'truncate', bytes: 4 })
    // Node's client says ECONNRESET also of a body that is too short.
    const cut = await ask(proxy.port)
    expect(outcome(cut)).toEqual([200, '0123', 'ECONNRESET'])
    await stop()
    await proxy.apply({ type: 'truncate', bytes: 11 })
    expect(outcome(await ask(proxy.port))).toEqual([200, '0123456789', null])
  })
})

describe('a fault that delays one path', () => {
  test('latency: half before the service is asked, half before it is heard; other paths go on', async () => {
    const clock = manualClock()
    const { proxy, asked } = await marked({ clock })
    await proxy.apply({ type: 'latency', ms: 400, only: { path: '/slow' } })
    let slow: Got | null = null
    void ask(proxy.port, { path: '/slow' }).then((got) => (slow = got))
    await until(() => clock.pending() === 1)
    expect((await ask(proxy.port)).status).toBe(200)
    await clock.advance(199)
    expect(asked).toEqual(['GET /'])
    await clock.advance(1)
    await until(() => asked.length === 2 && clock.pending() === 1)
    await clock.advance(199)
    await rounds()
    expect(slow).toBe(null)
    await clock.advance(1)
    await until(() => slow !== null)
  })

  test('black hole: a request hangs and is served at the next retransmission', async () => {
    const clock = manualClock()
    const { proxy, asked } = await marked({ clock })
    const stop = await proxy.apply({ type: 'blackhole', only: { path: '/lost' } })
    const answer = ask(proxy.port, { path: '/lost' })
    expect((await ask(proxy.port)).status).toBe(200)
    await rounds()
    await clock.advance(2000)
    await stop()
    // Its SYN goes out a second time after 1.02, 2.04 s.
    await clock.advance(39)
    await rounds()
    expect(asked).toEqual(['GET /'])
    await clock.advance(1)
    expect((await answer).status).toBe(200)
  })
})

describe('what is open', () => {
  async function open(options: Parameters<typeof service>[2] = {}) {
    const told: string[] = []
    const stage = await service(
      stops,
      (_request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' })
        response.write('data: 1\n\n')
      },
      options,
    )
    const sockets = new WebSocketServer({ server: stage.server })
    sockets.on('connection', (peer) => {
      peer.on('error', () => {})
      peer.on('message', (text) => {
        told.push(String(text))
        peer.send(`re:${String(text)}`)
      })
      peer.send('hello')
    })
    const dial = () => {
      const client = new WebSocket(`ws://127.0.0.1:${stage.proxy.port}/ws`)
      stops.push(() => client.terminate())
      client.on('error', () => {})
      return client
    }
    const greeted = async () => {
      const client = dial()
      await once(client, 'message')
      return client
    }
    return { ...stage, sockets, told, dial, greeted }
  }
  const closeOf = async (client: WebSocket) => {
    const [code, reason] = (await once(client, 'close')) as [number, Buffer]
    return [code, String(reason)]
  }

  test('close: a socket gets the code and the reason, also one that opens meanwhile', async () => {
    const { proxy, greeted, dial } = await open()
    const client = await greeted()
    const closed = closeOf(client)
    const stop = await proxy.apply({ type: 'close', code: 1012, reason: '{"retryAfterMs":3000}' })
    expect(await closed).toEqual([1012, '{"retryAfterMs":3000}'])
    expect(await closeOf(dial())).toEqual([1012, '{"retryAfterMs":3000}'])
    await stop()
    await greeted()
  })

  test('close comes behind what the service has said before, however slow that is', async () => {
    const { proxy, greeted, sockets } = await open()
    const client = await greeted()
    const got: number[] = []
    client.on('message', (text: Buffer) => got.push(text.length))
    await proxy.apply({ type: 'bandwidth', kBps: 100, only: { transport: 'ws', direction: 'down' } })
    for (const peer of sockets.clients) peer.send('x'.repeat(20_000))
    await rounds()
    const closed = closeOf(client)
    await proxy.apply({ type: 'close', code: 4401 })
    expect([await closed, got]).toEqual([[4401, ''], [20_000]])
  })

  test('truncate concerns the bodies of answers: what sockets say goes on, also one that opens meanwhile', async () => {
    const { proxy, greeted } = await open()
    const early = await greeted()
    // A greeting is as long on the wire.
    await proxy.apply({ type: 'truncate', bytes: 8 })
    for (const client of [early, await greeted()]) {
      const next = Promise.race([once(client, 'message'), once(client, 'close')])
      client.send('still here')
      expect(String((await next)[0])).toBe('re:still here')
    }
  })

  test('close in the middle of a frame waits for its end', async () => {
    let say = (_text: string) => {}
    const { proxy, server } = await service(stops, () => {})
    server.on('upgrade', (_request, socket) => {
      socket.on('error', () => {})
      say = (text) => socket.write(text)
      say('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
    })
    const client = await dial(stops, proxy.port)
    client.write('GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
    await client.told()
    say('\x01\x05ab')
    await client.told()
    await proxy.apply({ type: 'close', code: 1000 })
    await rounds()
    expect(client.all().split('\r\n\r\n')[1]).toBe('\x01\x05ab')
    say('cde\x01\x01f')
    await once(client, 'end')
    // Its own bytes are no UTF-8.
    expect(
      client
        .all()
        .split('\r\n\r\n')[1]
        ?.replace(/[^a-z]/g, ''),
    ).toBe('abcde')
  })

  test('close without a code that can be said is 1006; one that is not clean is cut behind its close frame', async () => {
    const { proxy, greeted } = await open()
    const closed = closeOf(await greeted())
    const stop = await proxy.apply({ type: 'close', code: 1006 })
    expect(await closed).toEqual([1006, ''])
    await stop()
    const client = await greeted()
    const cut = closeOf(client)
    await proxy.apply({ type: 'close', code: 1013, reason: 'busy', clean: false })
    expect(await cut).toEqual([1013, 'busy'])
  })

  test('reset and close strike a stream at once: cut, and ended', async () => {
    const { proxy, peers } = await open()
    const agent = keeper(stops)
    const listen = async () => {
      const asked = request({ port: proxy.port, headers: { Accept: 'text/event-stream' }, agent }).end()
      const [answer] = await once(asked, 'response')
      asked.on('error', () => {})
      await once(answer, 'data')
      return answer
    }
    const cut = once(await listen(), 'error')
    const stop = await proxy.apply({ type: 'reset' })
    expect(((await cut) as [NodeJS.ErrnoException])[0].code).toBe('ECONNRESET')
    await stop()
    const unclean = once(await listen(), 'error')
    const calm = await proxy.apply({ type: 'close', code: 1013, clean: false })
    expect(((await unclean) as [NodeJS.ErrnoException])[0].code).toBe('ECONNRESET')
    await calm()
    const answer = await listen()
    const ended = once(answer.resume(), 'end')
    await proxy.apply({ type: 'close', code: 1012 })
    await ended
    // The service hears of it, although the client's connection is kept.
    await until(() => peers.every((peer) => peer.destroyed))
    expect(Object.keys(agent.freeSockets).length).toBe(1)
  })

  test('a black hole for sockets alone leaves HTTP well; what they said arrives at the next retransmission', async () => {
    const clock = manualClock()
    const { proxy, greeted, told } = await open({ clock })
    const client = await greeted()
    const stop = await proxy.apply({ type: 'blackhole', only: { transport: 'ws' } })
    client.send('into the hole')
    await rounds()
    expect([told, client.readyState]).toEqual([[], WebSocket.OPEN])
    const asked = request({ port: proxy.port, agent: false }).end()
    const [answer] = await once(asked, 'response')
    answer.destroy()
    await clock.advance(100)
    await stop()
    await clock.advance(109)
    await rounds()
    expect(told).toEqual([])
    await clock.advance(1)
    await once(client, 'message')
    expect(told).toEqual(['into the hole'])
  })

  test('stop closes also what only the service still knows of', async () => {
    const { proxy, greeted, peers } = await open()
    const client = await greeted()
    await proxy.apply({ type: 'lost', only: { path: '/ws' } })
    client.terminate()
    await once(client, 'close')
    await rounds()
    expect(peers.some((peer) => !peer.destroyed)).toBe(true)
    await proxy.stop()
    await until(() => peers.every((peer) => peer.destroyed))
  })

  test('the same fault a second time counts anew', async () => {
    const { proxy, greeted, sockets } = await open()
    const client = await greeted()
    const fault = { type: 'reset', afterBytes: 8 } as const
    for (const _ of [1, 2]) {
      const stop = await proxy.apply(fault)
      const told = once(client, 'message')
      // A frame of 5 bytes.
      for (const peer of sockets.clients) peer.send('abc')
      await told
      await stop()
    }
  })

  test('lost for one host: a kept connection never answers, a new one does', async () => {
    const { proxy, asked } = await marked()
    const agent = keeper(stops)
    await ask(proxy.port, { agent })
    // What is connected in the millisecond of the loss is connected after it.
    const connectedBy = Date.now()
    await until(() => Date.now() > connectedBy)
    await proxy.apply({ type: 'lost', only: { host: `127.0.0.1:${proxy.port}` } })
    let answered = false
    void ask(proxy.port, { agent }).then(() => (answered = true))
    expect((await ask(proxy.port)).status).toBe(200)
    await rounds()
    expect([answered, asked.length]).toEqual([false, 2])
  })

  test('lost: an open socket is half-open for ever, new ones are well', async () => {
    const { proxy, greeted, told, sockets } = await open()
    const client = await greeted()
    const stop = await proxy.apply({ type: 'lost', only: { path: '/ws' } })
    const next = await greeted()
    await stop()
    client.send('never')
    for (const peer of sockets.clients) peer.send('to all')
    expect(String((await once(next, 'message'))[0])).toBe('to all')
    next.send('well')
    await once(next, 'message')
    expect([told, client.readyState]).toEqual([['well'], WebSocket.OPEN])
  })
})
