import { expect, test } from 'vitest'
import { createReconnectingDesk } from './rig.js'

const messages = (heard: readonly string[]) =>
  heard.filter((line) => line.startsWith('message')).map((line) => line.slice(8).split('@')[0])

const errorOf = (run: () => void): string => {
  try {
    run()
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
  return 'none'
}

test('what is sent before it is open is kept, and sent in order before open is told', async () => {
  const { dial, clock, heard } = createReconnectingDesk()
  const { socket } = dial()
  socket.onopen = () => socket.send('third')
  socket.send('first')
  socket.send('second')
  expect(socket.bufferedAmount).toBe(11)
  await clock.advance(100)
  expect(messages(heard)).toEqual(['first', 'second', 'third'])
  expect(socket.bufferedAmount).toBe(0)
})

test('what is sent during an outage comes after it, once and in order', async () => {
  const { open, clock, network, heard } = createReconnectingDesk()
  const { socket } = await open()
  network.restart.kill({ downMs: 8000 })
  await clock.advance(100)
  for (const text of ['a', 'b', 'c']) socket.send(text)
  await clock.advance(20_000)
  expect(messages(heard)).toEqual(['a', 'b', 'c'])
})

test('within the close event it is kept, too', async () => {
  const { open, clock, network, heard } = createReconnectingDesk()
  const { socket } = await open()
  socket.addEventListener('close', () => socket.send('from close'), { once: true })
  network.apply({ type: 'reset' })()
  await clock.advance(500)
  expect(messages(heard)).toEqual(['from close'])
})

test('one message over the bound throws InvalidStateError that names the bounds, and changes nothing', async () => {
  const { dial, clock, heard } = createReconnectingDesk()
  const { socket } = dial({ maxEnqueuedMessages: 2 })
  socket.send('a')
  socket.send('b')
  expect(errorOf(() => socket.send('c'))).toMatch(/^InvalidStateError: .*maxEnqueuedMessages 2/)
  await clock.advance(100)
  expect(messages(heard)).toEqual(['a', 'b'])
  expect(errorOf(() => socket.send('d'))).toBe('none')
})

test('the bound of bytes counts UTF-8', () => {
  const { dial } = createReconnectingDesk()
  const { socket } = dial({ maxEnqueuedBytes: 6 })
  socket.send('éé')
  expect(socket.bufferedAmount).toBe(4)
  expect(errorOf(() => socket.send('é€'))).toMatch(/^InvalidStateError/)
  socket.send(new Uint8Array(2))
  expect(errorOf(() => socket.send('x'))).toMatch(/maxEnqueuedBytes 6/)
})

test('with maxEnqueuedMessages 0 it throws while connecting, as a WebSocket does', async () => {
  const { dial, clock } = createReconnectingDesk()
  const { socket } = dial({ maxEnqueuedMessages: 0 })
  expect(errorOf(() => socket.send('early'))).toMatch(/^InvalidStateError/)
  await clock.advance(40)
  expect(errorOf(() => socket.send('in time'))).toBe('none')
})

test('after the end a send is counted and goes nowhere, as with a WebSocket, also after reconnect()', async () => {
  const { open, clock, heard } = createReconnectingDesk()
  const { socket } = await open()
  socket.close()
  socket.send('lost')
  await clock.advance(100)
  socket.send('lost, too')
  expect(socket.bufferedAmount).toBe(13)
  socket.reconnect()
  await clock.advance(100)
  expect([messages(heard), socket.bufferedAmount]).toEqual([[], 0])
})

test('bytes are those of the moment of sending, also of a view', async () => {
  const { dial, clock, network } = createReconnectingDesk({
    onConnection: (client) => client.addEventListener('message', ({ data }) => client.send(data)),
  })
  const { socket } = dial()
  socket.binaryType = 'arraybuffer'
  const got: number[][] = []
  socket.onmessage = ({ data }) => got.push([...new Uint8Array(data)])
  const bytes = new Uint8Array([0, 1, 2, 3])
  socket.send(bytes.subarray(1, 3))
  socket.send(bytes.buffer)
  bytes.fill(9)
  socket.send(new Blob([new Uint8Array([7])]))
  await clock.advance(200)
  expect(got).toEqual([[1, 2], [0, 1, 2, 3], [7]])
  expect(network.pending).toBe(0)
})

test('what is no data is sent as text, kept or not', async () => {
  const { dial, clock, heard } = createReconnectingDesk()
  const { socket } = dial()
  socket.send(null as unknown as string)
  await clock.advance(40)
  socket.send(7 as unknown as string)
  await clock.advance(40)
  expect(messages(heard)).toEqual(['null', '7'])
})

test('drainQueuedMessages hands over what was kept, for a socket that takes its place', async () => {
  const { dial, clock, heard } = createReconnectingDesk()
  const { socket } = dial({ startClosed: true })
  socket.send('a')
  socket.send('b')
  expect(socket.drainQueuedMessages()).toEqual(['a', 'b'])
  expect(socket.bufferedAmount).toBe(0)
  socket.reconnect()
  await clock.advance(100)
  expect(messages(heard)).toEqual([])
})
