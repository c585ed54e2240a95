/** Whose verdict is waited for: a connection's that was handed in, or one of its own whose health check is the dial. */
import { ws } from 'msw'
import { expect, onTestFinished, test, vi } from 'vitest'
import { seededRandom } from '../../../mocks/random.js'
import { createConnection } from '../../../src/core/connection.js'
import { fixed } from '../../../src/core/schedule.js'
import type { Probe, ProbeResult } from '../../../src/core/state.js'
import { adaptive } from '../../../src/live/heartbeat.js'
import { ReconnectingWebSocket } from '../../../src/live/reconnecting-websocket.js'
import { createReconnectingDesk, URL_OF_ECHO } from './rig.js'

function createVerdictDesk() {
  const desk = createReconnectingDesk()
  const { clock, network } = desk
  let answer: ProbeResult = { kind: 'good' }
  const probe: Probe = () => Promise.resolve(answer)
  const connection = createConnection({ probe, clock, random: seededRandom(3), signals: [network.signals] })
  connection.start()
  onTestFinished(() => connection.stop())
  return { ...desk, connection, says: (result: ProbeResult) => void (answer = result) }
}

test('R15: with a connection that is down nothing is dialled; it dials once when the verdict is up', async () => {
  const { connection, says, dial, clock, handshakes } = createVerdictDesk()
  await clock.advance(100)
  says({ kind: 'failed' })
  connection.send({ type: 'SUSPICION', cause: 'server' })
  await clock.advance(2000)
  const { socket, lines } = dial({ connection })
  await clock.advance(60_000)
  expect([handshakes().length, socket.readyState, lines]).toEqual([0, 0, []])
  says({ kind: 'good' })
  await clock.advance(20_000)
  expect([handshakes().length, socket.readyState]).toEqual([1, 1])
})

test('B01: a lost line is evidence: the connection hears of it, and its verdict is waited for', async () => {
  const { connection, says, open, clock, network, handshakes } = createVerdictDesk()
  const { socket } = await open({ connection })
  await clock.advance(10_000)
  says({ kind: 'failed' })
  network.restart.kill({ downMs: 3_600_000 })
  await clock.advance(60_000)
  expect(connection.state.link.name).toMatch(/waiting|trying/)
  expect(handshakes().length).toBeLessThanOrEqual(2)
  expect(socket.readyState).toBe(socket.CONNECTING)
})

test('reconnect() within close cuts the wait that follows short', async () => {
  const { connection, dial, clock, network, handshakes } = createVerdictDesk()
  await clock.advance(100)
  network.apply({ type: 'refuse', only: { transport: 'ws' } })
  const { socket } = dial({ connection, schedule: fixed(60_000) })
  await clock.advance(10_000)
  const patient = handshakes().length
  socket.onclose = () => socket.reconnect()
  socket.reconnect()
  await clock.advance(10_000)
  expect(patient).toBe(1)
  expect(handshakes().length).toBeGreaterThan(8)
})

test('the connection knows that somebody waits, until it is closed or over', async () => {
  const { connection, open, clock, network } = createVerdictDesk()
  let wishes = 0
  const want = connection.want
  vi.spyOn(connection, 'want').mockImplementation(() => {
    const stop = want()
    wishes++
    return () => {
      wishes--
      stop()
    }
  })
  const { socket } = await open({ connection })
  expect(wishes).toBe(1)
  socket.close()
  await clock.advance(100)
  expect(wishes).toBe(0)
  socket.reconnect()
  await clock.advance(1100)
  expect([wishes, socket.readyState]).toEqual([1, 1])
  network.clients.list()[0]?.close(4403)
  await clock.advance(100)
  expect(wishes).toBe(0)
})

test('a connection that was handed in is not stopped with the socket', async () => {
  const { connection, open, clock } = createVerdictDesk()
  const { socket } = await open({ connection })
  socket.close()
  await clock.advance(1000)
  expect(connection.state.link.name).toBe('online')
})

test('with(): a class for libraries that make a new socket each time: one line each, dialled when it can be answered', async () => {
  const { connection, says, network, clock, handshakes } = createVerdictDesk()
  const Socket = ReconnectingWebSocket.with({ connection, maxRetries: 0, WebSocket: network.WebSocket })
  /** As libraries do it: after each close another one, at once. */
  const events: string[] = []
  const loop = () => {
    const socket = new Socket(URL_OF_ECHO, [])
    socket.onopen = () => events.push('open')
    socket.onclose = ({ code }) => {
      events.push(`close ${code}`)
      loop()
    }
  }
  loop()
  await clock.advance(10_000)
  says({ kind: 'failed' })
  network.restart.kill({ downMs: 30_000 })
  await clock.advance(30_000)
  const during = handshakes().length
  says({ kind: 'good' })
  await clock.advance(60_000)
  expect(during).toBeLessThanOrEqual(3)
  expect(events.filter((event) => event === 'open')).toHaveLength(2)
  expect(events.at(-1)).toBe('open')
  expect(network.clients.list()).toHaveLength(1)
})

test('alone, the health check is the dial: no request, and a socket that a probe has opened is the line', async () => {
  const { open, clock, network, handshakes } = createReconnectingDesk()
  await open()
  await clock.advance(10_000)
  network.restart.kill({ downMs: 5000 })
  await clock.advance(30_000)
  expect(network.log.every(({ transport }) => transport === 'ws')).toBe(true)
  expect(network.clients.list()).toHaveLength(1)
  handshakes().forEach(({ to }, index, all) => expect(all[index + 1]?.from ?? to).toBeGreaterThanOrEqual(to))
})

test('P3: alone it hears that the device is back, and dials at once', async () => {
  const { open, clock, network, at } = createReconnectingDesk()
  const { lines } = await open()
  await clock.advance(10_000)
  const back = network.apply({ type: 'offline' })
  network.apply({ type: 'reset' })()
  await clock.advance(120_000)
  back()
  const from = at()
  await clock.advance(1000)
  const opened = lines.filter((line) => line.startsWith('open')).at(-1)
  expect(Number(opened?.split('@')[1]) - from).toBeLessThanOrEqual(200)
})

test('without a heartbeat nothing is ever sent that was not asked for', async () => {
  const { open, clock, heard } = createReconnectingDesk()
  await open()
  await clock.advance(3_600_000)
  expect(heard).toEqual(['connection@20'])
})

test('P5: with a heartbeat a half-open line is closed with 1006 and words, and another one dialled at once', async () => {
  const { open, clock, network } = createReconnectingDesk({
    onConnection: (client) =>
      client.addEventListener('message', ({ data }) => {
        if (data === '{"type":"PING"}') client.send('{"type":"PONG"}')
      }),
  })
  const { lines, socket } = await open({ heartbeat: adaptive() })
  await clock.advance(60_000)
  expect(lines).toEqual(['open@40'])
  network.apply({ type: 'lost' })
  await clock.advance(30_000)
  expect(lines[1]).toMatch(/^close 1006 "no sign of life .*" unclean/)
  expect(lines[2]).toMatch(/^open@/)
  expect(socket.readyState).toBe(socket.OPEN)
})

test('after a sleep an open line with a heartbeat proves itself, and the link is not doubted for longer', async () => {
  const { open, clock, network, heard } = createReconnectingDesk({
    onConnection: (client) =>
      client.addEventListener('message', ({ data }) => {
        if (data === '{"type":"PING"}') client.send('{"type":"PONG"}')
      }),
  })
  const wakes: (() => void)[] = []
  const { lines } = await open({
    heartbeat: adaptive(),
    signals: [(send) => (wakes.push(() => send({ type: 'WAKE' })), () => {})],
  })
  await clock.advance(20_000)
  const before = heard.length
  wakes[0]?.()
  await clock.advance(100)
  expect(heard.slice(before)).toHaveLength(1)
  expect(lines).toEqual(['open@40'])
  network.apply({ type: 'lost' })
  await clock.advance(6000)
  wakes[0]?.()
  await clock.advance(3000)
  expect(lines[1]).toMatch(/^close 1006/)
})

test('a URL that is asked anew at each dial is asked once for each; one that cannot be had is a failed dial', async () => {
  const { dialTo, clock, network, handshakes } = createReconnectingDesk()
  const tickets = [Promise.resolve('1'), Promise.reject(new Error('no ticket')), Promise.resolve('3')]
  tickets[1]?.catch(() => {})
  let asked = 0
  const { socket, lines } = dialTo(async () => `${URL_OF_ECHO}?ticket=${await tickets[asked++]}`)
  expect(socket.url).toBe('')
  await clock.advance(6000)
  expect(socket.url).toBe(`${URL_OF_ECHO}?ticket=1`)
  network.apply({ type: 'reset' })()
  await clock.advance(6000)
  expect(socket.url).toBe(`${URL_OF_ECHO}?ticket=3`)
  expect([asked, handshakes().length]).toEqual([3, 2])
  expect(lines.map((line) => line.split('@')[0])).toEqual([
    'open',
    'close 1006 "" unclean',
    'error',
    'close 1006 "The URL could not be had: Error" unclean',
    'open',
  ])
})

test('a function whose URL cannot be used ends it for good', async () => {
  const { dialTo, clock } = createReconnectingDesk()
  const { socket, lines } = dialTo(() => 'ftp://api.example')
  await clock.advance(60_000)
  expect([lines.length, socket.readyState, socket.shouldReconnect]).toEqual([2, 3, false])
})

test('R15: alone, with a function that names several servers in turn, it goes on to the next while one is dead', async () => {
  const hosts = ['api.example', 'backup.example']
  const backup = ws.link('wss://backup.example/echo')
  const { clock, network, dialTo } = createReconnectingDesk({
    hosts,
    handlers: [backup.addEventListener('connection', () => {})],
  })
  let turn = 0
  const { socket, lines } = dialTo(() => `wss://${hosts[turn++ % 2]}/echo`)
  await clock.advance(40)
  expect(socket.url).toBe(URL_OF_ECHO)
  await clock.advance(10_000)
  const only = { host: 'api.example' }
  network.apply({ type: 'refuse', only })
  network.apply({ type: 'close', code: 1006, only })
  turn = 0
  await clock.advance(2_000)
  expect([socket.url, socket.readyState]).toEqual(['wss://backup.example/echo', socket.OPEN])
  await clock.advance(60_000)
  expect([turn, socket.readyState]).toEqual([2, socket.OPEN])
  expect(lines.filter((line) => line.startsWith('open'))).toHaveLength(2)
})
