import { expect, test } from 'vitest'
import type { Fault } from '../../../mocks/faults.js'
import { data } from '../../../mocks/retransmission.js'
import { createSocketDesk } from './rig.js'

const FAILED = ['error@40', 'close 1006 "" unclean@40']

test.each<[string, Fault, string, number | null]>([
  ['nobody listens', { type: 'refuse' }, 'refused', null],
  ['the server answers badly', { type: 'status', code: 503 }, 'answered', 503],
  ['a portal answers', { type: 'portal' }, 'answered', 200],
  ['a portal redirects', { type: 'portal', redirect: true }, 'answered', 302],
  ['the answer is cut', { type: 'reset' }, 'reset', null],
])('%s: a page sees error and 1006, the log sees why', async (_, fault, end, status) => {
  const { dial, clock, network } = createSocketDesk()
  network.apply(fault)
  const { lines } = dial()
  await clock.advance(100)
  expect(lines).toEqual(FAILED)
  expect(network.log).toHaveLength(1)
  expect(network.log[0]).toMatchObject({ end, status, fault: fault.type, who: 'ws' })
})

test('failTimes counts dials; limits by transport and path hold', async () => {
  const { dial, clock, network } = createSocketDesk()
  network.apply({
    type: 'failTimes',
    n: 2,
    fault: { type: 'refuse', only: { transport: 'ws', path: '/echo' } },
  })
  network.apply({ type: 'refuse', only: { transport: 'http' } })
  const traces = [dial(), dial(), dial()]
  await clock.advance(200)
  expect(traces.map(({ lines }) => lines[0])).toEqual(['error@40', 'error@80', 'open@120'])
})

test('jitter keeps the order', async () => {
  const { open, clock, network } = createSocketDesk()
  const { socket, lines } = await open()
  network.apply({ type: 'latency', ms: 300, jitterMs: 290 })
  const sent = Array.from({ length: 30 }, (_, n) => `echo ${n}`)
  for (const text of sent) {
    socket.send(text)
    await clock.advance(20)
  }
  await clock.advance(2000)
  const came = lines.slice(1).map((line) => /^message (.*)@(\d+)$/.exec(line))
  expect(came.map((match) => match?.[1])).toEqual(sent)
  const times = came.map((match) => Number(match?.[2]))
  expect(new Set(times.map((time, n) => time - n * 20)).size).toBeGreaterThan(10)
})

test('bandwidth: bytes take their time, each way, one after the other', async () => {
  const { open, clock, network, heard } = createSocketDesk()
  const { socket, lines } = await open()
  network.apply({ type: 'bandwidth', kBps: 1 })
  socket.send(`echo${'x'.repeat(496)}`)
  socket.send('y'.repeat(100))
  await clock.advance(5000)
  expect(heard.slice(1).map((line) => line.replace(/[xy]+/, ''))).toEqual([
    'message echo@560',
    'message @660',
  ])
  expect(lines.at(-1)).toContain('@1080')
})

test('black hole, open socket: silent both ways, nothing buffered, then on at the next retransmission, in order', async () => {
  const { open, clock, network, heard } = createSocketDesk()
  const { socket, lines } = await open()
  const stop = network.apply({ type: 'blackhole' })
  socket.send('echo a')
  network.clients.broadcast('news')
  await clock.advance(500)
  socket.send('echo b')
  await clock.advance(1500)
  expect([lines, heard.length, socket.bufferedAmount, socket.readyState]).toEqual([['open@40'], 1, 0, 1])
  stop()
  await clock.advance(10_000)
  const retryAt = 40 + (data.sentMs.find((ms) => ms + 20 > 2000) ?? 0) + 20
  expect(heard.slice(1)).toEqual([`message echo a@${retryAt}`, `message echo b@${retryAt}`])
  expect(lines.slice(1)).toEqual([
    `message news@${retryAt}`,
    `message echo a@${retryAt + 20}`,
    `message echo b@${retryAt + 20}`,
  ])
})

test('black hole, new socket: the handshake hangs, then succeeds at the next SYN', async () => {
  const { dial, clock, network } = createSocketDesk()
  const stop = network.apply({ type: 'blackhole' })
  const { socket, lines } = dial()
  await clock.advance(2000)
  stop()
  expect(socket.readyState).toBe(0)
  await clock.advance(2000)
  expect(lines).toEqual(['open@2080'])
})

test('a hole that never ends: the kernel of whoever sends gives up; a page that only listens never knows', async () => {
  const { dial, open, clock, network } = createSocketDesk()
  const talks = await open()
  const listens = await open()
  network.apply({ type: 'blackhole' })
  const dials = dial()
  talks.socket.send('a')
  await clock.advance(1_000_000)
  expect(talks.lines.at(-1)).toBe(`close 1006 "" unclean@${80 + data.gaveUpMs}`)
  expect(dials.lines).toEqual(['error@133700', 'close 1006 "" unclean@133700'])
  expect(listens.lines).toEqual(['open@80'])
})

test('fact 1: close() on a half-open peer fires close after 60,002 ms, not clean', async () => {
  const { open, clock, network } = createSocketDesk()
  const { socket, lines } = await open()
  network.apply({ type: 'blackhole' })
  socket.close(3001, 'bye')
  await clock.advance(60_001)
  expect([lines, socket.readyState]).toEqual([['open@40'], 2])
  await clock.advance(1)
  expect(lines.at(-1)).toBe('close 1006 "" unclean@60042')
  expect(network.log.at(-1)).toMatchObject({ end: 'timeout', fault: 'blackhole' })
})

test('a server whose hang-up is lost: the close event comes 2 s after its close frame, clean (Chromium, measured)', async () => {
  const { open, clock, network } = createSocketDesk()
  const { lines } = await open()
  network.clients.list()[0]?.close(1012, 'x')
  await clock.advance(30)
  network.apply({ type: 'blackhole' })
  await clock.advance(5000)
  expect(lines.at(-1)).toBe('close 1012 "x" clean@2060')
})

test('lost: half-open for ever, also after its stop; new ones succeed', async () => {
  const { open, dial, clock, network, heard } = createSocketDesk()
  const forgotten = await open()
  await clock.advance(10)
  network.apply({ type: 'lost' })()
  forgotten.socket.send('a')
  network.clients.broadcast('news')
  const { lines } = dial()
  await clock.advance(60_000)
  expect(lines).toEqual(['open@90'])
  expect(forgotten.lines).toEqual(['open@40'])
  expect(heard.filter((line) => line.startsWith('message'))).toEqual([])
})

test('reset: what is open is cut at once, 1006 without error (Chromium, measured); afterBytes lets so many through', async () => {
  const { open, clock, network, heard } = createSocketDesk()
  const { lines } = await open()
  network.apply({ type: 'reset' })()
  await clock.advance(100)
  expect(lines).toEqual(['open@40', 'close 1006 "" unclean@60'])
  expect(heard.at(-1)).toBe('close 1006 "" unclean@40')

  const later = createSocketDesk()
  const trace = await later.open()
  later.network.apply({ type: 'reset', afterBytes: 6 })
  later.network.clients.broadcast('123456')
  later.network.clients.broadcast('7')
  await later.clock.advance(100)
  expect(trace.lines).toEqual(['open@40', 'message 123456@60', 'close 1006 "" unclean@60'])
})

test('of several resets that let so much through the nearest cuts a socket', async () => {
  const { open, clock, network } = createSocketDesk()
  const { lines } = await open()
  network.apply({ type: 'reset', afterBytes: 100 })
  network.apply({ type: 'reset', afterBytes: 6 })
  network.clients.broadcast('123456')
  network.clients.broadcast('7')
  await clock.advance(100)
  expect(lines).toEqual(['open@40', 'message 123456@60', 'close 1006 "" unclean@60'])
  network.apply({ type: 'reset' })
  const late = await open()
  expect(late.lines).toEqual(['error@180', 'close 1006 "" unclean@180'])
})

test.each<[string, Extract<Fault, { type: 'close' }>, string]>([
  ['a planned restart', { type: 'close', code: 1012, reason: 'soon' }, 'close 1012 "soon" clean@100'],
  ['needs auth', { type: 'close', code: 4401 }, 'close 4401 "" clean@100'],
  ['no code', { type: 'close', code: 1005 }, 'close 1005 "" clean@100'],
  ['a code that only a browser says', { type: 'close', code: 1006 }, 'close 1006 "" unclean@60'],
  [
    'cut after the close frame',
    { type: 'close', code: 1011, reason: 'x', clean: false },
    'close 1011 "x" unclean@60',
  ],
])('the server closes, %s', async (_, fault, line) => {
  const { open, clock, network } = createSocketDesk()
  const { lines } = await open()
  network.apply(fault)
  await clock.advance(100)
  expect(lines).toEqual(['open@40', line])
  const again = await open()
  await clock.advance(100)
  expect(again.lines).toHaveLength(2)
})

test('offline: open sockets are silent and go on, new ones are refused at once, dials fail', async () => {
  const { open, dial, clock, network } = createSocketDesk()
  const { socket, lines } = await open()
  const dialing = dial()
  await clock.advance(10)
  const stop = network.apply({ type: 'offline' })
  const late = dial()
  socket.send('echo a')
  await clock.advance(5000)
  expect(dialing.lines).toEqual(['error@50', 'close 1006 "" unclean@50'])
  expect(late.lines).toEqual(['error@50', 'close 1006 "" unclean@50'])
  expect(lines).toEqual(['open@40'])
  expect(network.calls({ transport: 'ws' }).slice(1)).toMatchObject([{ end: 'offline' }, { end: 'offline' }])
  stop()
  await clock.advance(5000)
  expect(lines[1]).toMatch(/^message echo a/)
})

test('drop, duplicate and reorder are of messages', async () => {
  const { open, clock, network, heard } = createSocketDesk()
  const { socket } = await open()
  const say = async (fault: Fault, ...texts: string[]) => {
    const stop = network.apply(fault)
    for (const text of texts) socket.send(text)
    stop()
    await clock.advance(20)
    return heard
      .splice(0)
      .filter((line) => line.startsWith('message'))
      .map((line) => line.split(/[ @]/)[1])
  }
  expect(await say({ type: 'failTimes', n: 1, fault: { type: 'drop' } }, 'a', 'b')).toEqual(['b'])
  expect(await say({ type: 'duplicate', only: { direction: 'up' } }, 'c')).toEqual(['c', 'c'])
  expect(await say({ type: 'failTimes', n: 1, fault: { type: 'reorder' } }, 'd', 'e', 'f')).toEqual([
    'e',
    'd',
    'f',
  ])
  expect(await say({ type: 'drop', only: { direction: 'down' } }, 'g')).toEqual(['g'])
})

test('a message that waits for one that follows is sent before the close', async () => {
  const { open, clock, network, heard } = createSocketDesk()
  const { socket } = await open()
  network.apply({ type: 'reorder', only: { direction: 'up' } })
  socket.send('a')
  socket.close()
  await clock.advance(100)
  expect(heard.slice(1)).toEqual(['message a@60', 'close 1005 "" clean@60'])
})

test('unauthorized: 4401 to the first token that is shown, until another is', async () => {
  const { open, clock, network, heard } = createSocketDesk()
  network.apply({ type: 'unauthorized' })
  const old = await open()
  old.socket.send(JSON.stringify({ type: 'AUTH', token: 'old' }))
  await clock.advance(100)
  expect(old.lines.at(-1)).toBe('close 4401 "unauthorized" clean@120')
  const fresh = await open()
  fresh.socket.send(JSON.stringify({ type: 'AUTH', token: 'new' }))
  await clock.advance(100)
  expect(fresh.lines).toEqual(['open@180'])
  expect(heard.at(-1)).toContain('"new"')
})

test('R07 a graceful restart: 1012 with the estimate when the drain is over, then refused, then another process', async () => {
  const { open, clock, network } = createSocketDesk()
  const { lines } = await open()
  network.restart.graceful({ drainMs: 1000, downMs: 3000 })
  await clock.advance(500)
  const late = await open()
  expect(late.lines).toEqual(['open@580'])
  await clock.advance(560)
  expect(lines.at(-1)).toBe('close 1012 "{\\"retryAfterMs\\":3000}" clean@1100')
  expect(late.lines.at(-1)).toBe('close 1012 "{\\"retryAfterMs\\":3005}" clean@1100')
  const refused = await open()
  expect(refused.lines).toHaveLength(2)
  expect(network.log.at(-1)).toMatchObject({ end: 'refused', fault: 'restart' })
  await clock.advance(3000)
  expect((await open()).lines).toHaveLength(1)
})

test('a kill cuts every socket; one in a black hole learns of it when its next message arrives', async () => {
  const { open, clock, network } = createSocketDesk()
  const seen = await open()
  const stop = network.apply({ type: 'blackhole' })
  network.restart.kill({ downMs: 1000 })
  await clock.advance(2000)
  expect(seen.lines).toEqual(['open@40'])
  stop()
  seen.socket.send('anybody?')
  await clock.advance(100)
  expect(seen.lines.at(-1)).toBe('close 1006 "" unclean@2080')

  const other = await open()
  network.restart.kill({ downMs: 1000 })
  await clock.advance(100)
  expect(other.lines.at(-1)).toMatch(/^close 1006 "" unclean/)
  expect(network.log.at(-1)).toMatchObject({ end: 'reset', fault: 'restart' })
})

test('other hosts do not notice a restart', async () => {
  const { dial, clock, network } = createSocketDesk({ hosts: ['other.example'] })
  const { lines } = dial()
  await clock.advance(40)
  network.restart.kill({ downMs: 1000 })
  await clock.advance(100)
  expect(lines).toEqual(['open@40'])
})
