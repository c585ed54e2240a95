import { expect, test } from 'vitest'
import { createSocketDesk } from './rig.js'

test('a socket opens after one round trip, and messages take half of one, in order', async () => {
  const { dial, clock, heard } = createSocketDesk({ onConnection: (client) => client.send('welcome') })
  const { socket, lines } = dial()
  expect(socket.readyState).toBe(WebSocket.CONNECTING)
  await clock.advance(39)
  expect(lines).toEqual([])
  expect(heard).toEqual(['connection@20'])
  await clock.advance(1)
  expect(lines).toEqual(['open@40', 'message welcome@40'])
  expect(socket.readyState).toBe(WebSocket.OPEN)
  socket.send('echo a')
  socket.send('echo b')
  await clock.advance(100)
  expect(heard.slice(1)).toEqual(['message echo a@60', 'message echo b@60'])
  expect(lines.slice(2)).toEqual(['message echo a@80', 'message echo b@80'])
})

test('the log has a line for the handshake and one for the end, under one number of the edge', async () => {
  const { open, clock, network } = createSocketDesk()
  void network.fetch('https://api.example/health')
  const { socket } = await open()
  socket.send('echo a')
  await clock.advance(100)
  socket.close(3001, 'bye')
  await clock.advance(100)
  const [, handshake, end] = network.log
  expect(handshake).toMatchObject({
    ...{ id: 2, who: 'ws', transport: 'ws', method: 'GET', url: 'wss://api.example/echo' },
    ...{ end: 'answered', status: 101, ms: 40, fault: null, reached: true },
  })
  const close = { code: 3001, reason: 'bye', wasClean: true, up: 1, down: 1 }
  expect(end).toMatchObject({ id: 2, end: 'closed', status: 101, bytes: 6, ms: 180, close })
  expect(network.calls({ transport: 'ws', end: 'closed' })).toEqual([end])
  expect(clock.pending()).toBe(0)
})

test('the application closes: the close event comes one round trip later, with its code', async () => {
  const { open, clock, heard } = createSocketDesk()
  const { socket, lines } = await open()
  socket.send('last')
  socket.close(3001, 'bye')
  socket.close(3002)
  expect(socket.readyState).toBe(WebSocket.CLOSING)
  await clock.advance(100)
  expect(lines).toEqual(['open@40', 'close 3001 "bye" clean@80'])
  expect(heard.slice(1)).toEqual(['message last@60', 'close 3001 "bye" clean@60'])
  expect(socket.readyState).toBe(WebSocket.CLOSED)
})

test('close() without a code is 1005 at the end, as in a browser', async () => {
  const { open, clock } = createSocketDesk()
  const { socket, lines } = await open()
  socket.close()
  await clock.advance(100)
  expect(lines.at(-1)).toBe('close 1005 "" clean@80')
})

test('the server closes: closing at the frame, closed one round trip later (Chromium, measured)', async () => {
  const { open, clock, network, heard } = createSocketDesk()
  const { socket, lines } = await open()
  network.clients.list()[0]?.close(1001, 'away')
  await clock.advance(20)
  expect(socket.readyState).toBe(WebSocket.CLOSING)
  socket.send('too late')
  expect(socket.bufferedAmount).toBe(8)
  await clock.advance(40)
  expect(lines).toEqual(['open@40', 'close 1001 "away" clean@100'])
  expect(heard).toEqual(['connection@20', 'close 1001 "away" clean@40'])
  expect(network.clients.list()).toEqual([])
})

test('a message that arrives while the application is closing is not told (WHATWG WebSockets, 4)', async () => {
  const { open, clock, network } = createSocketDesk()
  const { socket, lines } = await open()
  network.clients.broadcast('news')
  socket.close()
  await clock.advance(100)
  expect(lines).toEqual(['open@40', 'close 1005 "" clean@80'])
})

test('close() while connecting is an error and 1006, in a later turn', async () => {
  const { dial, clock, heard } = createSocketDesk()
  const { socket, lines } = dial()
  await clock.advance(30)
  socket.close(3001, 'x')
  expect(socket.readyState).toBe(WebSocket.CLOSING)
  expect(lines).toEqual([])
  await clock.advance(100)
  expect(lines).toEqual(['error@30', 'close 1006 "" unclean@30'])
  expect(heard).toEqual(['connection@20', 'close 1006 "" unclean@50'])
})

test('the first of the subprotocols is agreed on, and handlers are told all of them', async () => {
  const { dial, clock } = createSocketDesk()
  const { socket } = dial(undefined, ['v2', 'v1'])
  expect(socket.protocol).toBe('')
  await clock.advance(40)
  expect(socket.protocol).toBe('v2')
})

test('bytes arrive as what binaryType says, also those of a Blob, and in their place', async () => {
  const { open, clock, network } = createSocketDesk()
  const { socket, lines } = await open()
  const [client] = network.clients.list()
  client?.send(new Blob(['abc']))
  client?.send('after')
  await clock.advance(20)
  expect(lines.slice(1)).toEqual(['message Blob@60', 'message after@60'])
  socket.binaryType = 'arraybuffer'
  const bytes = new Uint8Array([1, 2, 3])
  client?.send(bytes.subarray(1))
  bytes.fill(9)
  const data: unknown[] = []
  socket.addEventListener('message', (event) => data.push(event.data))
  await clock.advance(20)
  expect(data).toEqual([new Uint8Array([2, 3]).buffer])
})

test('what was sent is buffered until the next turn, whatever the network does', async () => {
  const { open, clock, network } = createSocketDesk()
  const { socket } = await open()
  network.apply({ type: 'blackhole' })
  socket.send('x'.repeat(1000))
  socket.send(new Blob(['ab']))
  expect(socket.bufferedAmount).toBe(1002)
  await clock.advance(0)
  expect(socket.bufferedAmount).toBe(0)
})

test('a listener that throws is a server that closes with 1011, at once or in a promise', async () => {
  const sync = createSocketDesk({
    onConnection() {
      throw new Error('no')
    },
  })
  const { lines } = await sync.open()
  await sync.clock.advance(100)
  expect(lines).toEqual(['open@40', 'close 1011 "A listener threw: Error: no" clean@80'])

  const later = createSocketDesk({
    async onConnection() {
      await later.network.delay(1000)
    },
  })
  const trace = await later.open()
  later.network.restart.kill({ downMs: 100 })
  await later.clock.advance(100)
  expect(trace.lines.at(-1)).toBe('close 1006 "" unclean@60')

  const inMessage = createSocketDesk({
    onConnection: (client) => client.addEventListener('message', () => Promise.reject(new Error('not this'))),
  })
  const asked = await inMessage.open()
  asked.socket.send('x')
  await inMessage.clock.advance(200)
  expect(asked.lines.at(-1)).toBe('close 1011 "A listener threw: Error: not this" clean@120')
})

test('no handler: 404 from the service, an unknown host elsewhere; a page sees 1006', async () => {
  const { dial, clock, network } = createSocketDesk()
  const traces = [dial('wss://api.example/nothing'), dial('wss://elsewhere.example/echo')]
  await clock.advance(100)
  for (const { lines } of traces) expect(lines).toEqual(['error@40', 'close 1006 "" unclean@40'])
  expect(network.log.map(({ end, status }) => [end, status])).toEqual([
    ['answered', 404],
    ['unknown-host', null],
  ])
})

test('dispose closes everything, and what is dialled afterwards', async () => {
  const { open, dial, clock, network } = createSocketDesk()
  const opened = await open()
  const dialing = dial()
  network.dispose()
  expect(opened.lines.at(-1)).toBe('close 1006 "" unclean@40')
  expect(dialing.lines).toEqual(['error@40', 'close 1006 "" unclean@40'])
  expect(clock.pending()).toBe(0)
  const late = dial()
  await clock.advance(1)
  expect(late.lines).toEqual(['error@40', 'close 1006 "" unclean@40'])
  expect(clock.pending()).toBe(0)
})

test('a broadcast reaches those that match, in the order of their numbers', async () => {
  const { open, dial, clock, network } = createSocketDesk()
  const one = await open()
  const other = dial('wss://api.example/echo?room=2')
  await clock.advance(40)
  network.clients.broadcast('to all')
  network.clients.broadcast('to room 2', ({ url }) => url.searchParams.get('room') === '2')
  await clock.advance(20)
  expect(one.lines).toEqual(['open@40', 'message to all@100'])
  expect(other.lines).toEqual(['open@80', 'message to all@100', 'message to room 2@100'])
})
