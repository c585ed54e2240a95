/** What code written for WebSocket relies on (WHATWG WebSockets; HTML, event handlers). */
import { describe, expect, test, vi } from 'vitest'
import { ReconnectingWebSocket } from '../../../src/live/reconnecting-websocket.js'
import { createReconnectingDesk, URL_OF_ECHO } from './rig.js'

const rejected = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return error instanceof DOMException ? error.name : (error as Error).name
  }
  return 'nothing'
}

/** Made, and never dialled. */
const idle = (url: string | URL = URL_OF_ECHO, protocols?: string | string[] | null) =>
  new ReconnectingWebSocket(url, protocols, { startClosed: true, signals: [] })

test('R23: it is a WebSocket to the compiler, and so is its class and a class with options', () => {
  const socket: WebSocket = idle()
  const classes: (typeof WebSocket)[] = [ReconnectingWebSocket, ReconnectingWebSocket.with({})]
  expect(socket).toBeInstanceOf(EventTarget)
  expect(classes[1]!.prototype).toBeInstanceOf(ReconnectingWebSocket)
})

test('the states are constants of the class, of its instances and of a class with options', () => {
  const Bound = ReconnectingWebSocket.with({ startClosed: true })
  for (const one of [
    ReconnectingWebSocket,
    ReconnectingWebSocket.prototype,
    idle(),
    Bound,
    new Bound(URL_OF_ECHO),
  ]) {
    expect([one.CONNECTING, one.OPEN, one.CLOSING, one.CLOSED]).toEqual([0, 1, 2, 3])
    expect(() => Object.assign(one, { OPEN: 7 })).toThrow(TypeError)
  }
})

describe('the URL', () => {
  test.each([
    ['ws://foo bar.com/'],
    ['ftp://api.example/'],
    ['mailto:example@example.org'],
    ['about:blank'],
    ['wss://api.example/#'],
    ['wss://api.example/#part'],
    ['relative-without-a-page'],
    [''],
  ])('%s is a SyntaxError, at once', (url) => {
    expect(rejected(() => idle(url))).toBe('SyntaxError')
  })

  test.each([
    ['https://api.example/echo', 'wss://api.example/echo'],
    ['http://api.example', 'ws://api.example/'],
    ['WSS://API.example:443/a b', 'wss://api.example/a%20b'],
  ])('%s is read as %s', (given, url) => {
    expect(idle(given).url).toBe(url)
    expect(idle(new URL(given)).url).toBe(url)
  })

  test('is relative to the page where there is one', () => {
    vi.stubGlobal('location', new URL('https://app.example/orders/7'))
    expect(idle('/live?a=1').url).toBe('wss://app.example/live?a=1')
    vi.unstubAllGlobals()
  })

  test('is required', () => {
    expect(rejected(() => new (ReconnectingWebSocket as unknown as new () => object)())).toBe('TypeError')
  })
})

describe('sub-protocols', () => {
  test.each([[['a', 'a']], [['echo', 'eCho']], ['a b'], ['a,b'], [''], ['\u00e9'], [['ok', 'not\u0000']]])(
    '%j is a SyntaxError',
    (protocols) => {
      expect(rejected(() => idle(URL_OF_ECHO, protocols))).toBe('SyntaxError')
    },
  )

  test('are offered, and the chosen one is told; null offers none', async () => {
    const { dialTo, clock } = createReconnectingDesk()
    const first = dialTo(URL_OF_ECHO, ['chat', 'news'])
    expect(first.socket.protocol).toBe('')
    const second = dialTo(URL_OF_ECHO, null)
    await clock.advance(80)
    expect([first.socket.readyState, second.socket.readyState]).toEqual([1, 1])
    expect(['chat', '']).toContain(first.socket.protocol)
    expect([second.socket.protocol, second.socket.extensions]).toEqual(['', ''])
  })
})

describe('close', () => {
  test.each([[0], [500], [999], [1001], [2999], [5000], [NaN], ['text'], [null], [0x10000 + 1000]])(
    'with the code %s is an InvalidAccessError, and closes nothing',
    async (code) => {
      const { open } = createReconnectingDesk()
      const { socket } = await open()
      expect(rejected(() => socket.close(code as number))).toBe('InvalidAccessError')
      expect(rejected(() => socket.reconnect(code as number))).toBe('InvalidAccessError')
      expect(socket.readyState).toBe(1)
    },
  )

  test('with a reason of 124 bytes is a SyntaxError, of 123 it is not', async () => {
    const { open, clock } = createReconnectingDesk()
    const { socket, lines } = await open()
    expect(rejected(() => socket.close(1000, 'é'.repeat(62)))).toBe('SyntaxError')
    socket.close(1000, `${'é'.repeat(61)}!`)
    await clock.advance(100)
    expect(lines.at(-1)).toMatch(/^close 1000 "é+!" clean/)
  })

  test('without a code is told as 1005', async () => {
    const { open, clock } = createReconnectingDesk()
    const { socket, lines } = await open()
    socket.close()
    await clock.advance(100)
    expect(lines.at(-1)).toBe('close 1005 "" clean@80')
  })

  test('twice, and after the end, does nothing', async () => {
    const { open, clock } = createReconnectingDesk()
    const { socket, lines } = await open()
    socket.close(1000)
    socket.close(3000)
    await clock.advance(100)
    socket.close(3001)
    await clock.advance(100)
    expect(lines.slice(1)).toEqual(['close 1000 "" clean@80'])
  })

  test('of a server is CLOSING before it is told', async () => {
    const { open, clock, network } = createReconnectingDesk()
    const { socket, lines } = await open()
    network.clients.list()[0]?.close(1000, 'done')
    await clock.advance(20)
    expect(socket.readyState).toBe(socket.CLOSING)
    await clock.advance(40)
    expect(lines[1]).toMatch(/^close 1000 "done" clean/)
  })

  test('a message that comes while it is closing is not told', async () => {
    const { open, clock, network } = createReconnectingDesk()
    const { socket, lines } = await open()
    network.clients.broadcast('news')
    socket.close()
    await clock.advance(100)
    expect(lines.filter((line) => line.startsWith('message'))).toEqual([])
  })
})

describe('events', () => {
  test('are of the platform: MessageEvent with origin, CloseEvent; none can be cancelled or bubbles', async () => {
    const { open, clock, network } = createReconnectingDesk()
    const { socket } = await open()
    const events: Event[] = []
    for (const type of ['message', 'close']) socket.addEventListener(type, (event) => events.push(event))
    network.clients.broadcast('news')
    await clock.advance(20)
    network.apply({ type: 'reset' })()
    await clock.advance(20)
    expect(events[0]).toBeInstanceOf(MessageEvent)
    expect(events[0]).toMatchObject({ data: 'news', origin: 'wss://api.example', target: socket })
    expect(events[1]).toBeInstanceOf(CloseEvent)
    expect(events.map(({ bubbles, cancelable }) => bubbles || cancelable)).toEqual([false, false])
  })

  test('an open line that is broken by a frame that may not be has an error, one that is cut has none', async () => {
    const { open, clock, network } = createReconnectingDesk()
    const made: WebSocket[] = []
    class Made extends network.WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols)
        made.push(this)
      }
    }
    const { socket, lines } = await open({ WebSocket: Made })
    made[0]?.dispatchEvent(new Event('error'))
    network.apply({ type: 'reset' })()
    await clock.advance(6000)
    network.apply({ type: 'reset' })()
    await clock.advance(1000)
    expect(lines.slice(1).map((line) => line.split('@')[0])).toEqual([
      ...['error', 'close 1006 "" unclean', 'open'],
      ...['close 1006 "" unclean', 'open'],
    ])
    expect(socket.readyState).toBe(1)
  })

  test('on… are called among the listeners, where they were set first; what is no object is null', async () => {
    const { dial, clock } = createReconnectingDesk()
    const { socket } = dial()
    const order: string[] = []
    socket.addEventListener('open', () => order.push('a'))
    socket.onopen = () => order.push('first')
    socket.addEventListener('open', () => order.push('b'))
    socket.onopen = function (this: unknown) {
      order.push(this === socket ? 'on' : 'lost its this')
    }
    await clock.advance(40)
    expect(order).toEqual(['a', 'on', 'b'])
    for (const name of ['onopen', 'onmessage', 'onerror', 'onclose'] as const) {
      socket[name] = () => {}
      socket[name] = 2 as unknown as null
      expect(socket[name]).toBe(null)
      const inert = {}
      socket[name] = inert as unknown as null
      expect(socket[name]).toBe(inert)
    }
  })

  test('listeners may be once, an object, and end with a signal', async () => {
    const { open, clock, network } = createReconnectingDesk()
    const { socket } = await open()
    const heard: string[] = []
    const controller = new AbortController()
    socket.addEventListener('message', ({ data }) => heard.push(`once ${data}`), { once: true })
    socket.addEventListener('message', ({ data }) => heard.push(`signal ${data}`), {
      signal: controller.signal,
    })
    socket.addEventListener('message', {
      handleEvent: ({ data }: MessageEvent) => heard.push(`object ${data}`),
    } as never)
    network.clients.broadcast('1')
    await clock.advance(20)
    controller.abort()
    network.clients.broadcast('2')
    await clock.advance(20)
    expect(heard).toEqual(['once 1', 'signal 1', 'object 1', 'object 2'])
  })
})

describe('binaryType', () => {
  test('is blob, takes arraybuffer, ignores the rest, and holds for each later line', async () => {
    const { open, clock, network } = createReconnectingDesk({
      onConnection: (client) => client.send(new Uint8Array([1, 2, 3])),
    })
    const { socket } = await open()
    const kinds: unknown[] = []
    socket.onmessage = ({ data }) => kinds.push(data)
    expect(socket.binaryType).toBe('blob')
    network.clients.broadcast(new Uint8Array([4]).buffer)
    await clock.advance(20)
    socket.binaryType = 'arraybuffer'
    socket.binaryType = 'text' as BinaryType
    expect(socket.binaryType).toBe('arraybuffer')
    network.clients.broadcast(new Uint8Array([5]).buffer)
    await clock.advance(20)
    network.apply({ type: 'reset' })()
    await clock.advance(500)
    expect(kinds.map((data) => Object.prototype.toString.call(data).slice(8, -1))).toEqual([
      'Blob',
      'ArrayBuffer',
      'ArrayBuffer',
    ])
    expect([...new Uint8Array(kinds[2] as ArrayBuffer)]).toEqual([1, 2, 3])
  })
})
