/**
 * What code written for WebSocket relies on, after the list of the web-platform-tests (websockets/interfaces/WebSocket,
 * Close-*, Send-*): what needs no server is compared with Chromium in table.ts, how sockets end in tests/restart.
 */
import { describe, expect, test } from 'vitest'
import { createSocketDesk } from './rig.js'

describe('events', () => {
  test('are of the platform, with what a browser puts into them; none bubbles or can be cancelled', async () => {
    const { open, clock, network } = createSocketDesk()
    const { socket } = await open()
    const events: Event[] = []
    for (const type of ['message', 'close']) socket.addEventListener(type, (event) => events.push(event))
    network.clients.broadcast('news')
    network.clients.list()[0]?.close(3001, 'done')
    await clock.advance(100)
    const [message, close] = events
    expect(message).toBeInstanceOf(MessageEvent)
    expect(message).toMatchObject({
      data: 'news',
      origin: 'wss://api.example',
      lastEventId: '',
      source: null,
    })
    expect((message as MessageEvent).ports).toEqual([])
    expect(close).toBeInstanceOf(CloseEvent)
    expect(close).toMatchObject({ code: 3001, reason: 'done', wasClean: true, target: socket })
    expect(events.map(({ bubbles, cancelable }) => bubbles || cancelable)).toEqual([false, false])
  })

  test('listeners may be once, an object, and end with a signal', async () => {
    const { open, clock, network } = createSocketDesk()
    const { socket } = await open()
    const heard: string[] = []
    const controller = new AbortController()
    const { signal } = controller
    socket.addEventListener('message', ({ data }) => heard.push(`once ${data}`), { once: true })
    socket.addEventListener('message', ({ data }) => heard.push(`signal ${data}`), { signal })
    const handleEvent = ({ data }: MessageEvent) => heard.push(`object ${data}`)
    socket.addEventListener('message', { handleEvent } as never)
    network.clients.broadcast('1')
    await clock.advance(20)
    controller.abort()
    network.clients.broadcast('2')
    await clock.advance(20)
    expect(heard).toEqual(['once 1', 'signal 1', 'object 1', 'object 2'])
  })

  test('on… take functions and objects, and are null for the rest; this is the socket', async () => {
    const { dial, clock } = createSocketDesk()
    const { socket } = dial()
    const seen: unknown[] = []
    socket.onopen = function (this: unknown) {
      seen.push(this)
    }
    await clock.advance(40)
    expect(seen).toEqual([socket])
    for (const name of ['onopen', 'onmessage', 'onerror', 'onclose'] as const) {
      const inert = {}
      socket[name] = inert as never
      expect(socket[name]).toBe(inert)
      socket[name] = 2 as never
      expect(socket[name]).toBe(null)
    }
  })

  test('whatever is done within them is allowed, and changes nothing that has happened', async () => {
    const { dial, clock } = createSocketDesk()
    const { socket, lines } = dial()
    const states: number[] = []
    socket.addEventListener('open', () => {
      states.push(socket.readyState)
      socket.close(3001)
      socket.close(3002)
      socket.send('too late')
      states.push(socket.readyState)
    })
    socket.addEventListener('close', () => {
      states.push(socket.readyState)
      socket.close(3003)
      socket.send('much too late')
    })
    await clock.advance(200)
    expect(lines).toEqual(['open@40', 'close 3001 "" clean@80'])
    expect(states).toEqual([1, 2, 3])
  })
})

describe('bufferedAmount', () => {
  test('counts what was not yet handed on: UTF-8, views by their own length, Blobs by their size', async () => {
    const { open, clock } = createSocketDesk()
    const { socket } = await open()
    const data: [Parameters<WebSocket['send']>[0], number][] = [
      ['\u00e5', 2],
      ['\u{1f3c4}', 4],
      ['\ud800', 3],
      ['', 0],
      [new Uint8Array(10).subarray(3), 7],
      [new DataView(new ArrayBuffer(10), 2, 5), 5],
      [new ArrayBuffer(6), 6],
      [new Blob(['abc', new Uint8Array(2)]), 5],
      [null as never, 4],
      [undefined as never, 9],
    ]
    for (const [one, bytes] of data) {
      socket.send(one)
      expect(socket.bufferedAmount).toBe(bytes)
      await clock.advance(0)
      expect(socket.bufferedAmount).toBe(0)
    }
  })

  test('of a socket that closes only grows, and is not reset at the end', async () => {
    const { open, clock, heard } = createSocketDesk()
    const { socket } = await open()
    socket.send('1234')
    socket.close()
    socket.send('12')
    expect(socket.bufferedAmount).toBe(6)
    await clock.advance(200)
    socket.send('123')
    expect([socket.readyState, socket.bufferedAmount]).toEqual([3, 5])
    expect(heard).toContain('message 1234@60')
    expect(heard.join()).not.toContain('message 12@')
  })

  test('of one that dials nothing is counted, because nothing can be sent', () => {
    const { dial } = createSocketDesk()
    const { socket } = dial()
    expect(() => socket.send('x')).toThrow('Still in CONNECTING state')
    expect(socket.bufferedAmount).toBe(0)
  })
})

describe('what is sent', () => {
  test('is as it was at that moment, also in memory that others share', async () => {
    const got: unknown[] = []
    const { open, clock } = createSocketDesk({
      onConnection: (client) => client.addEventListener('message', ({ data }) => got.push(data)),
    })
    const { socket } = await open()
    const shared = new Uint8Array(new SharedArrayBuffer(3))
    const own = new Uint8Array([1, 2, 3])
    shared.set(own)
    socket.send(shared as never)
    socket.send(new DataView(own.buffer, 1))
    shared.fill(9)
    own.fill(9)
    await clock.advance(50)
    expect(got.map((data) => [...new Uint8Array(data as ArrayBuffer)])).toEqual([
      [1, 2, 3],
      [2, 3],
    ])
  })

  test('an object is a text, and half a surrogate pair in it or in a reason is a replacement character', async () => {
    const { open, clock, heard } = createSocketDesk()
    const { socket, lines } = await open()
    socket.send({ toString: () => 'a\udc00b' } as never)
    socket.close(3000, '\ud83d!')
    await clock.advance(100)
    expect(heard.slice(1)).toEqual(['message a\ufffdb@60', 'close 3000 "\ufffd!" clean@60'])
    expect(lines.at(-1)).toBe('close 3000 "\ufffd!" clean@80')
  })
})

describe('close rules', () => {
  test.each([1000, 1001, 1003, 1007, 1011, 1012, 1013, 1014, 3000, 4999])(
    'a server may say %s, and the page is told it',
    async (code) => {
      const { open, clock, network } = createSocketDesk()
      const { lines } = await open()
      network.clients.list()[0]?.close(code, 'why')
      await clock.advance(100)
      expect(lines.at(-1)).toBe(`close ${code} "why" clean@100`)
    },
  )

  test.each([0, 999, 1004, 1005, 1006, 1015, 2999, 5000])(
    'a server that wants to say %s, which no frame may carry, hangs up: 1006',
    async (code) => {
      const { open, clock, network } = createSocketDesk()
      const { lines } = await open()
      network.clients.list()[0]?.close(code)
      await clock.advance(100)
      expect(lines.at(-1)).toMatch(/^close 1006 "" unclean/)
    },
  )

  test('what comes before the close frame is told, what comes behind it is not', async () => {
    const { open, clock, network } = createSocketDesk()
    const { lines } = await open()
    const [client] = network.clients.list()
    client?.send('before')
    client?.close(1000)
    client?.send('behind')
    await clock.advance(100)
    expect(lines).toEqual(['open@40', 'message before@60', 'close 1000 "" clean@100'])
  })

  test('both close at once: each has said it, and both are clean', async () => {
    const { open, clock, network, heard } = createSocketDesk()
    const { socket, lines } = await open()
    network.clients.list()[0]?.close(1001, 'server')
    socket.close(3001, 'client')
    await clock.advance(200)
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/^close (1001 "server"|3001 "client") clean/)
    expect(heard.filter((line) => line.startsWith('close'))).toHaveLength(1)
  })
})
