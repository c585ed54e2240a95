import { expect, test } from 'vitest'
import { createReconnectingDesk } from './rig.js'

test('R23: alone it dials at once, with one handshake, and tells open and messages', async () => {
  const { open, clock, handshakes, heard } = createReconnectingDesk({
    onConnection: (client) => client.send('welcome'),
  })
  const { socket, lines } = await open()
  expect(lines).toEqual(['open@40', 'message welcome@40'])
  expect(socket.readyState).toBe(socket.OPEN)
  socket.send('echo a')
  await clock.advance(60)
  expect(lines.at(-1)).toBe('message echo a@80')
  expect(handshakes()).toHaveLength(1)
  expect(heard).toEqual(['connection@20', 'message echo a@60'])
})

test('R20: after a loss it is dialled at once: close, then open, with one handshake more', async () => {
  const { open, clock, network, handshakes } = createReconnectingDesk()
  const { socket, lines } = await open()
  await clock.advance(6000)
  network.apply({ type: 'reset' })()
  await clock.advance(20)
  expect(lines.slice(1)).toEqual(['close 1006 "" unclean@6060'])
  expect(socket.readyState).toBe(socket.CONNECTING)
  await clock.advance(40)
  expect(lines.slice(2)).toEqual(['open@6100'])
  expect(socket.readyState).toBe(socket.OPEN)
  expect(handshakes()).toHaveLength(2)
})

test('while nobody listens each failed dial is error and close, never two at a time, and it opens when somebody does', async () => {
  const { open, clock, network, handshakes } = createReconnectingDesk()
  const { socket, lines } = await open()
  await clock.advance(6000)
  network.restart.kill({ downMs: 20_000 })
  await clock.advance(20_000)
  expect(socket.readyState).toBe(socket.CONNECTING)
  const failed = lines.filter((line) => line.startsWith('error')).length
  expect(failed).toBeGreaterThan(5)
  expect(lines.filter((line) => line.startsWith('close'))).toHaveLength(failed + 1)
  expect(handshakes()).toHaveLength(failed + 1)
  handshakes().forEach(({ to }, index, all) => expect(all[index + 1]?.from ?? to).toBeGreaterThanOrEqual(to))
  await clock.advance(15_000)
  expect(lines.at(-1)).toMatch(/^open@/)
  expect(socket.readyState).toBe(socket.OPEN)
})

test('a server that does not answer a dial is given up after connectionTimeout, and the reason says so', async () => {
  const { dial, clock, network } = createReconnectingDesk()
  network.apply({ type: 'blackhole' })
  const { lines } = dial({ connectionTimeout: 2000 })
  await clock.advance(2000)
  expect(lines[0]).toBe('error@2000')
  expect(lines[1]).toMatch(/^close 1006 ".+" unclean@2000$/)
})

test('during a close event readyState is CLOSED, in an error event too', async () => {
  const { dial, clock, network } = createReconnectingDesk()
  const stop = network.apply({ type: 'refuse' })
  const { socket } = dial()
  const seen: string[] = []
  for (const type of ['error', 'close', 'open']) {
    socket.addEventListener(type, () => seen.push(`${type} ${socket.readyState}`))
  }
  await clock.advance(40)
  expect([...seen, socket.readyState]).toEqual(['error 3', 'close 3', 0])
  stop()
  await clock.advance(2000)
  expect(seen.at(-1)).toBe('open 1')
})

test('closed by hand is final: no dial, no timer, until reconnect()', async () => {
  const { open, clock, handshakes } = createReconnectingDesk()
  const { socket, lines } = await open()
  socket.close(3001, 'bye')
  expect(socket.readyState).toBe(socket.CLOSING)
  await clock.advance(100)
  expect(lines.slice(1)).toEqual(['close 3001 "bye" clean@80'])
  expect(socket.readyState).toBe(socket.CLOSED)
  await clock.advance(100_000)
  expect(handshakes()).toHaveLength(1)
  expect(clock.pending()).toBe(0)
  socket.reconnect()
  expect(socket.readyState).toBe(socket.CONNECTING)
  await clock.advance(40)
  expect(lines.at(-1)).toMatch(/^open@/)
})

test('closed before it is open: error and 1006, in a task of its own, and the dial is given up', async () => {
  const { dial, clock } = createReconnectingDesk()
  const { socket, lines } = dial()
  socket.close()
  expect(lines).toEqual([])
  expect(socket.readyState).toBe(socket.CLOSING)
  await clock.advance(0)
  expect(lines).toEqual(['error@0', 'close 1006 "" unclean@0'])
  await clock.advance(60_000)
  expect(lines).toHaveLength(2)
  expect(clock.pending()).toBe(0)
})

test('closed while it waits for a server that is down: the same', async () => {
  const { open, clock, network, handshakes } = createReconnectingDesk()
  const { socket, lines } = await open()
  network.restart.kill({ downMs: 60_000 })
  await clock.advance(10_000)
  const before = handshakes().length
  lines.length = 0
  socket.close()
  await clock.advance(0)
  expect(lines.map((line) => line.split('@')[0])).toEqual(['error', 'close 1006 "" unclean'])
  await clock.advance(120_000)
  expect(handshakes()).toHaveLength(before)
})

test('a peer that does not answer close is waited for 5 s, not 60', async () => {
  const { open, clock, network } = createReconnectingDesk()
  const { socket, lines } = await open()
  network.apply({ type: 'blackhole' })
  socket.close(1000)
  await clock.advance(5000)
  expect(lines.slice(1)).toEqual(['close 1006 "No answer to close within 5000 ms" unclean@5040'])
})

test('a listener that closes it within close ends it, without another event', async () => {
  const { open, clock, network, handshakes } = createReconnectingDesk()
  const { socket, lines } = await open()
  socket.onclose = () => socket.close()
  network.apply({ type: 'reset' })()
  await clock.advance(60_000)
  expect(lines.slice(1)).toEqual(['close 1006 "" unclean@60'])
  expect(socket.readyState).toBe(socket.CLOSED)
  expect(handshakes()).toHaveLength(1)
  expect(clock.pending()).toBe(0)
})

test('reconnect() ends the open line with its code, and dials another one', async () => {
  const { open, clock, heard } = createReconnectingDesk()
  const { socket, lines } = await open()
  socket.reconnect(4000, 'other room')
  expect(lines.slice(1)).toEqual(['close 4000 "other room" clean@40'])
  expect(socket.readyState).toBe(socket.CONNECTING)
  await clock.advance(1000)
  expect(lines.slice(2).map((line) => line.split('@')[0])).toEqual(['open'])
  expect(heard).toContain('close 4000 "other room" clean@60')
})

test('reconnect() cuts a wait short', async () => {
  const { open, clock, network } = createReconnectingDesk()
  const { socket, lines } = await open()
  network.restart.kill({ downMs: 55_000 })
  await clock.advance(56_000)
  const before = lines.length
  socket.reconnect()
  await clock.advance(40)
  expect(lines.length > before ? lines.at(-1) : '').toMatch(/^open@/)
})

test('a code that is final ends it; reconnect() revives it, within the close event too', async () => {
  const { open, clock, network, handshakes } = createReconnectingDesk()
  const { socket, lines } = await open()
  network.clients.list()[0]?.close(4403, 'not yours')
  await clock.advance(60_000)
  expect(lines[1]).toMatch(/^close 4403/)
  expect([socket.readyState, socket.shouldReconnect, handshakes().length]).toEqual([3, false, 1])
  socket.addEventListener('close', () => socket.reconnect(), { once: true })
  socket.reconnect()
  await clock.advance(1040)
  network.clients.list()[0]?.close(4403, 'not yours')
  await clock.advance(2000)
  expect(lines.filter((line) => line.startsWith('open'))).toHaveLength(3)
  expect(socket.readyState).toBe(socket.OPEN)
})

test('judge decides in place of the table', async () => {
  const { open, clock, network } = createReconnectingDesk()
  const { socket } = await open({ judge: ({ code }) => (code === 1000 ? 'fatal' : 'again') })
  network.clients.list()[0]?.close(4403)
  await clock.advance(1000)
  expect(socket.readyState).toBe(socket.OPEN)
  network.clients.list()[0]?.close(1000)
  await clock.advance(1000)
  expect(socket.shouldReconnect).toBe(false)
})

test('maxRetries: so many failures in a row, then it is over', async () => {
  const { dial, clock, network, handshakes } = createReconnectingDesk()
  network.apply({ type: 'refuse' })
  const { socket, lines } = dial({ maxRetries: 3 })
  await clock.advance(120_000)
  expect(handshakes()).toHaveLength(4)
  expect(lines.filter((line) => line.startsWith('close'))).toHaveLength(4)
  expect([socket.readyState, socket.retryCount, clock.pending()]).toEqual([3, 3, 0])
})

test('retryCount: one more when a line is lost or a dial fails, never more than maxRetries', async () => {
  const { dial, clock, network } = createReconnectingDesk()
  network.apply({ type: 'refuse' })
  const { socket } = dial({ maxRetries: 2 })
  const counts = [socket.retryCount]
  for (const type of ['error', 'close'])
    socket.addEventListener(type, () => void counts.push(socket.retryCount))
  await clock.advance(60_000)
  expect(counts).toEqual([0, 1, 1, 2, 2, 2, 2])
})

test('retryCount is 0 as soon as a line is open for minUptime, and not before', async () => {
  const { open, clock, network } = createReconnectingDesk()
  const { socket } = await open({ minUptime: 5000 })
  network.apply({ type: 'reset' })()
  await clock.advance(1000)
  expect([socket.readyState, socket.retryCount]).toEqual([socket.OPEN, 1])
  await clock.advance(5000)
  expect([socket.readyState, socket.retryCount]).toEqual([socket.OPEN, 0])
  network.apply({ type: 'reset' })()
  await clock.advance(1000)
  expect(socket.retryCount).toBe(1)
  socket.reconnect()
  expect(socket.retryCount).toBe(0)
})

test('maxRetries is counted anew once a line was open for minUptime', async () => {
  const { open, clock, network } = createReconnectingDesk()
  const { socket } = await open({ maxRetries: 1, minUptime: 5000 })
  for (let round = 0; round < 4; round++) {
    await clock.advance(5000)
    network.apply({ type: 'reset' })()
    await clock.advance(100)
    expect(socket.readyState).toBe(socket.OPEN)
  }
  network.apply({ type: 'refuse' })
  network.apply({ type: 'reset' })()
  await clock.advance(10_000)
  expect(socket.readyState).toBe(socket.CLOSED)
})

test('startClosed begins with reconnect(), and keeps what was sent before', async () => {
  const { dial, clock, heard, handshakes } = createReconnectingDesk()
  const { socket } = dial({ startClosed: true })
  socket.send('early')
  await clock.advance(10_000)
  expect([socket.readyState, handshakes().length]).toEqual([3, 0])
  socket.reconnect()
  await clock.advance(100)
  expect(heard.at(-1)).toMatch(/^message early@/)
})
