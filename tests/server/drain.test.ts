import { once } from 'node:events'
import { type Server, type ServerResponse, createServer } from 'node:http'
import { type Socket, connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createDrain } from '../../server/drain.js'
import { createInFlight } from '../../server/in-flight.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** A server that answers when the test says so, and raw connections to it. */
async function serve({ sweepMs = 5 } = {}) {
  const arrived: ServerResponse[] = []
  const server: Server = createServer((_request, response) => {
    arrived.push(response)
  })
  const drain = createDrain(server, { sweepMs })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  stops.push(drain.destroy, () => server.close())
  const { port } = server.address() as { port: number }

  async function dial() {
    const accepted = once(server, 'connection')
    const socket: Socket = connect(port, '127.0.0.1')
    stops.push(() => socket.destroy())
    let heard = ''
    socket
      .setEncoding('utf8')
      .on('data', (text) => (heard += text))
      .on('error', () => {})
    const ended = once(socket, 'close').then(() => heard)
    await accepted
    return {
      socket,
      /** Everything it was told, once it is closed. */
      ended,
      async ask(headers: Readonly<Record<string, string>> = {}) {
        const here = once(server, 'request')
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
        socket.write(`GET / HTTP/1.1\r\nHost: test\r\n${lines.join('')}\r\n`)
        await here
        return arrived.at(-1)!
      },
      /** What it was told for its newest request. */
      async answer(response: ServerResponse) {
        heard = ''
        response.end('done')
        while (!heard.includes('done')) await once(socket, 'data')
        return heard
      },
    }
  }
  return { server, drain, dial, port }
}

test('R08 counts what is under way, and says when nothing is', async () => {
  const work = createInFlight()
  await work.idle()
  const leave = work.enter()
  const failing = work.track(Promise.reject(new Error('no'))).catch(() => 'failed')
  expect(work.count).toBe(2)
  const idle = work.idle().then(() => 'idle')
  expect(await failing).toBe('failed')
  expect(work.count).toBe(1)
  leave()
  leave()
  expect([await idle, work.count]).toEqual(['idle', 0])
})

test('I40 the answer under way is finished and says "Connection: close"; until then it kept its connection', async () => {
  const { drain, dial } = await serve()
  const client = await dial()
  expect(await client.answer(await client.ask())).toMatch(/connection: keep-alive/i)
  const response = await client.ask()
  const closed = drain.close()
  expect(drain.requests.count).toBe(1)
  expect(await client.answer(response)).toMatch(/connection: close/i)
  await client.ended
  await closed
  expect([drain.requests.count, drain.connections]).toEqual([0, 0])
})

test('announced: connections are still taken, and each is closed after its next answer', async () => {
  const { drain, dial } = await serve()
  drain.announce()
  const client = await dial()
  expect(await client.answer(await client.ask())).toMatch(/connection: close/i)
  await client.ended
})

test('R09 whoever is at the door when it shuts is let in and answered, not reset', async () => {
  const server = createServer((_request, response) => response.end('done'))
  const drain = createDrain(server, { sweepMs: 5 })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as { port: number }
  // The kernel has shaken hands before this turn of the loop is over.
  const clients = Array.from({ length: 50 }, () => connect(port, '127.0.0.1').setEncoding('utf8'))
  const closed = drain.close()
  const told = await Promise.all(
    clients.map(async (client) => {
      client.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n')
      const [text] = (await once(client, 'data')) as [string]
      return /connection: close/i.test(text) && text.endsWith('done')
    }),
  )
  expect(told.filter(Boolean)).toHaveLength(50)
  await closed
})

test('R09 new connections are refused at once, while an old request is still at work', async () => {
  const { drain, dial, port } = await serve()
  const client = await dial()
  const response = await client.ask()
  await drain.shut()
  const [error] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException]
  expect(error.code).toBe('ECONNREFUSED')
  expect(await client.answer(response)).toContain('200 OK')
})

test('I40 idle connections and those opened ahead do not hold up the end', async () => {
  const { drain, dial } = await serve()
  const kept = await dial()
  await kept.answer(await kept.ask())
  const ahead = await dial()
  await drain.close()
  await Promise.all([kept.ended, ahead.ended])
})

test('a request that meets the closing on a kept connection is answered, not reset', async () => {
  const { drain, dial } = await serve({ sweepMs: 60_000 })
  const client = await dial()
  await client.answer(await client.ask())
  const closed = drain.close()
  expect(await client.answer(await client.ask())).toMatch(/connection: close/i)
  await client.ended
  drain.destroy()
  await closed
})

for (const listens of ['before', 'after'] as const) {
  test(`upgraded connections are left to their protocol while closing, and cut when it has ended: listener ${listens} the drain`, async () => {
    const server = createServer((_request, response) => response.end('done'))
    const heard: string[] = []
    const upgrade = () =>
      server.on('upgrade', (_request, socket) => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n')
        socket.on('data', (bytes) => heard.push(String(bytes)))
      })
    if (listens === 'before') upgrade()
    const drain = createDrain(server, { sweepMs: 1 })
    if (listens === 'after') upgrade()
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    stops.push(drain.destroy, () => server.close())
    const client = connect((server.address() as { port: number }).port, '127.0.0.1').setEncoding('utf8')
    client.write('GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n')
    await once(client, 'data')
    const closed = drain.close()
    for (let sweeps = 0; sweeps < 3; sweeps += 1) await new Promise((resolve) => setTimeout(resolve, 2))
    expect(drain.connections).toBe(1)
    client.write('bye')
    while (heard.length === 0) await new Promise(setImmediate)
    const gone = once(client, 'close')
    drain.cutUpgraded()
    await Promise.all([closed, gone])
    expect(drain.connections).toBe(0)
  })
}

test('a server that does not upgrade answers those who ask for it as before', async () => {
  const { dial } = await serve()
  const { ask, answer } = await dial()
  expect(await answer(await ask({ Connection: 'Upgrade', Upgrade: 'test' }))).toContain('200 OK')
})

test('destroy cuts what is under way', async () => {
  const { drain, dial } = await serve()
  const client = await dial()
  await client.ask()
  const closed = drain.close()
  drain.destroy()
  await Promise.all([client.ended, closed])
  expect(drain.requests.count).toBe(0)
})
