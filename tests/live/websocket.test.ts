import { ws } from 'msw'
import { expect, onTestFinished, test, vi } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { webSocket, type SocketClass, type WebSocketOptions } from '../../src/live/websocket.js'
import { WebSocket as PackageSocket } from 'ws'
import { createLineDesk, listen, requestOf } from './line-desk.js'

type Client = Parameters<Parameters<ReturnType<typeof ws.link>['addEventListener']>[1]>[0]['client']

/** A desk whose server does this with each connection at /echo. */
function createEcho(onConnection: (client: Client) => void = () => {}) {
  const heard: string[] = []
  const link = ws.link('wss://api.example/echo').addEventListener('connection', ({ client }) => {
    client.addEventListener('message', ({ data }) => heard.push(String(data)))
    client.addEventListener('close', ({ code, reason }) => heard.push(`close ${code} ${reason}`))
    onConnection(client)
  })
  const desk = createLineDesk({ handlers: [link] })
  const { WebSocket } = desk
  const echo = (options: WebSocketOptions = {}, more = {}) =>
    desk.open(webSocket({ WebSocket, ...options }), requestOf('/echo', more))
  return { ...desk, echo, heard }
}

test('a socket opens, hears, says, and is told how its server closed it', async () => {
  const { clock, dial } = createLineDesk()
  const { line, lines } = dial('websocket')
  expect(line.send('{"type":"PING"}')).toBe(false)
  await clock.advance(40)
  expect(line.send('{"type":"PING"}')).toBe(true)
  await clock.advance(40)
  expect(lines).toEqual([
    'open@40',
    'message {"type":"HELLO","boot":"boot-1","epoch":"epoch1","offset":0,"heartbeatMs":25000,"session":"known"}@40',
    'message {"type":"PONG"}@80',
  ])
  line.send('not json')
  await clock.advance(80)
  expect(lines.at(-1)).toMatch(/^end fatal 1007 "a frame is JSON text" clean@/)
  expect(line.send('x')).toBe(false)
})

test('B07 a planned restart names the time of the return', async () => {
  const { clock, network, dial } = createLineDesk()
  const { lines } = dial('websocket')
  await clock.advance(100)
  network.restart.graceful({ drainMs: 200, downMs: 3000 })
  await clock.advance(400)
  expect(lines.at(-1)).toMatch(/^end later 1012 "{\\"retryAfterMs\\":\d+}" clean after \d+@/)
})

test.each([
  [4401, 'needs-auth'],
  [4402, 'session-lost'],
  [4403, 'fatal'],
  [4429, 'later'],
  [4999, 'again'],
])('a server that closes with %i is judged %s by the table', async (code, verdict) => {
  const { clock, echo } = createEcho((client) => client.close(code, 'so'))
  const told = echo()
  await clock.advance(100)
  expect(told.end).toEqual({ verdict, code, reason: 'so', wasClean: true })
})

test('a judge of one’s own decides; undefined leaves it to the table', async () => {
  const { clock, echo } = createEcho((client) => client.close(4403, 'for now'))
  const seen: unknown[] = []
  const told = echo({ judge: (end) => (seen.push(end), 'later') })
  const other = echo({ judge: () => undefined })
  await clock.advance(200)
  expect(seen).toEqual([{ verdict: 'fatal', code: 4403, reason: 'for now', wasClean: true }])
  expect(told.end?.verdict).toBe('later')
  expect(other.end?.verdict).toBe('fatal')
})

test('an open socket that is cut, for which no error is fired, ends by its close event', async () => {
  const { clock, network, dial } = createLineDesk()
  const { lines } = dial('websocket')
  await clock.advance(100)
  network.apply({ type: 'reset' })
  await clock.advance(20)
  expect(lines.slice(2)).toEqual(['end again 1006 "" unclean@120'])
})

test('a handshake that is refused ends once, though it has an error and a close event', async () => {
  const { clock, network, dial } = createLineDesk()
  network.apply({ type: 'status', code: 503 })
  const { lines } = dial('websocket')
  await clock.advance(100)
  expect(lines).toEqual(['end again 1006 "" unclean@40'])
})

test('I21 a half-open socket is dropped at once, without waiting for its close event', async () => {
  const { clock, network, dial } = createLineDesk()
  const { line, lines } = dial('websocket')
  await clock.advance(100)
  network.apply({ type: 'lost' })
  line.drop(4000, 'silent')
  expect(line.send('x')).toBe(false)
  expect(line.bufferedAmount).toBe(0)
  await clock.advance(120_000)
  expect(lines).toHaveLength(2)
})

test('a dropped socket tells its server why, and one that may not say so closes all the same', async () => {
  const { clock, echo, heard } = createEcho()
  const first = echo()
  const second = echo()
  await clock.advance(100)
  first.line.drop(4001, 'done')
  second.line.drop(1006, 'not to be sent')
  await clock.advance(100)
  expect(heard).toEqual(['close 4001 done', 'close 1005 '])
})

test('a dial that is dropped never opens', async () => {
  const { clock, dial, network } = createLineDesk()
  const { line, lines } = dial('websocket')
  await clock.advance(10)
  line.drop()
  await clock.advance(1000)
  expect(lines).toEqual([])
  expect(network.clients.list()).toEqual([])
})

test('binary messages are told as buffers, and what the platform holds back is counted', async () => {
  const { clock, echo } = createEcho((client) => client.send(new Uint8Array([1, 2, 3]).buffer))
  const told = echo()
  const { line } = told
  await clock.advance(100)
  expect(told.messages).toEqual([new Uint8Array([1, 2, 3]).buffer])
  line.send('x'.repeat(1000))
  expect(line.bufferedAmount).toBe(1000)
})

test('I35 a message over the limit ends the line for good, and is not told', async () => {
  const texts = ['ä'.repeat(5), 'ä'.repeat(5) + 'a', 'x'.repeat(11)]
  for (const [index, text] of texts.entries()) {
    const { clock, echo, heard } = createEcho((client) => client.send(text))
    const told = echo({ maxMessageBytes: 10 })
    await clock.advance(200)
    if (index === 0) expect(told.messages).toEqual([text])
    else {
      expect(told.messages).toEqual([])
      expect(told.end).toEqual({
        verdict: 'fatal',
        code: 1009,
        reason: 'A message is larger than 10 bytes',
        wasClean: false,
      })
      expect(heard).toEqual(['close 1005 '])
    }
  }
  const { clock, echo } = createEcho((client) => client.send(new Uint8Array(11).buffer))
  const told = echo({ maxMessageBytes: 10 })
  await clock.advance(200)
  expect(told.end?.code).toBe(1009)
})

test('sub-protocols of the request come first, none is asked for twice, and the chosen one is shown', async () => {
  const asked: unknown[] = []
  class Recorder extends EventTarget {
    readyState = 0
    bufferedAmount = 0
    protocol = 'b'
    extensions = 'none'
    binaryType = 'blob'
    onopen = null
    onmessage = null
    onerror = null
    onclose = null
    constructor(...given: unknown[]) {
      super()
      asked.push(given)
    }
    send() {}
    close() {}
  }
  const { open } = createLineDesk()
  const driver = webSocket({ WebSocket: Recorder as unknown as SocketClass, protocols: ['b', 'a'] })
  const { line } = open(driver, requestOf('/ws', { protocols: ['c', 'b'] }))
  open(webSocket({ WebSocket: Recorder as unknown as SocketClass }), requestOf('wss://api.example/ws'))
  expect(asked).toEqual([
    ['wss://api.example/ws', ['c', 'b', 'a']],
    ['wss://api.example/ws', undefined],
  ])
  expect(line.protocol).toBe('b')
})

/** A class whose sockets do as they are told. */
function createHandSocket() {
  const made: HandSocket[] = []
  class HandSocket {
    readyState = 1
    bufferedAmount = 0
    protocol = ''
    extensions = ''
    binaryType = 'blob'
    onopen: ((event: never) => void) | null = null
    onmessage: ((event: never) => void) | null = null
    onerror: ((event: never) => void) | null = null
    onclose: ((event: never) => void) | null = null
    closes: unknown[][] = []
    constructor() {
      made.push(this)
    }
    send() {}
    close(...given: unknown[]) {
      this.closes.push(given)
    }
    say(data: unknown) {
      this.onmessage?.({ data } as never)
    }
    end(closing: unknown) {
      this.onclose?.(closing as never)
    }
  }
  const { clock, open } = createLineDesk()
  const told = open(webSocket({ WebSocket: HandSocket }), requestOf('/ws'))
  return { socket: made[0]!, told, clock }
}

test('after its end a socket has no handler of ours but one that ignores errors', () => {
  const { socket, told } = createHandSocket()
  const { onopen, onmessage } = socket
  socket.end({ code: 1000, reason: '', wasClean: true })
  expect([socket.onopen, socket.onmessage, socket.onclose]).toEqual([null, null, null])
  expect(socket.onerror).toBeTypeOf('function')
  onopen?.({} as never)
  onmessage?.({ data: 'late' } as never)
  expect(told.lines).toEqual(['end again 1000 "" clean@0'])
})

test('what no socket may bring is a sign of life and nothing else; of other realms it is taken', () => {
  const { socket, told } = createHandSocket()
  for (const data of [undefined, null, 5, {}, [], new Blob(['four'])]) socket.say(data)
  socket.say({ byteLength: 3 })
  expect(told.news.map(({ type }) => type)).toEqual([
    'alive',
    'alive',
    'alive',
    'alive',
    'alive',
    'message',
    'message',
  ])
})

test('a close event that says nothing is read as 1006', () => {
  const { socket, told } = createHandSocket()
  socket.end({})
  expect(told.lines).toEqual(['end again 1006 "" unclean@0'])
})

test.each([
  ['SyntaxError', 'fatal'],
  ['SecurityError', 'unsuitable'],
])(
  'a constructor that throws %s ends the line as %s, later, and does not show the address',
  async (name, verdict) => {
    const { clock, open } = createLineDesk()
    const Refusing = class {
      constructor(url: string) {
        throw new DOMException(`no ${url}`, name)
      }
    } as unknown as SocketClass
    const told = open(webSocket({ WebSocket: Refusing }), requestOf('/ws?token=secret'))
    expect(told.lines).toEqual([])
    await clock.settle()
    expect(told.lines).toEqual([`end ${verdict} 1006 "The socket was refused: ${name}" unclean@0`])
    const dropped = open(webSocket({ WebSocket: Refusing }), requestOf('/ws'))
    dropped.line.drop()
    await clock.settle()
    expect(dropped.lines).toEqual([])
  },
)

test('what a judge or an owner throws is heard, and stops nothing', async () => {
  const errors: unknown[] = []
  const hear = (error: unknown) => errors.push(error)
  process.on('unhandledRejection', hear)
  onTestFinished(() => void process.off('unhandledRejection', hear))
  const { clock, open, WebSocket } = createLineDesk()
  const judge = () => {
    throw new Error('judge')
  }
  const told = open(webSocket({ WebSocket, judge }), requestOf('/ws'), ({ type }) => {
    if (type === 'open') throw new Error('owner')
  })
  await clock.advance(100)
  told.line.send('not json')
  await clock.advance(100)
  expect(told.lines.at(-1)).toMatch(/^end fatal 1007/)
  expect(errors).toEqual([new Error('owner'), new Error('judge')])
})

test('a class of a package for Node fits, and a dial that is given up throws no error that nobody hears', async () => {
  const driver = webSocket({ WebSocket: PackageSocket })
  const { line, lines } = listen(driver, requestOf('http://127.0.0.1:9/ws'), createLineDesk())
  line.drop()
  await new Promise((resolve) => setImmediate(resolve))
  expect(lines).toEqual([])
})

test('where the platform has no sockets, opening a line names the option', () => {
  vi.stubGlobal('WebSocket', undefined)
  onTestFinished(() => void vi.unstubAllGlobals())
  const { open } = createLineDesk()
  const driver = webSocket()
  expect(() => open(driver, requestOf('/ws'))).toThrow('webSocket.WebSocket is undefined; allowed: a class')
})

test.each([
  [{ maxMessageBytes: 0 }, 'webSocket.maxMessageBytes is 0; allowed: a number from 1 to 1073741824'],
  [{ maxMessageBytes: Number.NaN }, 'webSocket.maxMessageBytes is NaN'],
  [{ maxMessageBytes: '5' }, 'webSocket.maxMessageBytes is "5"'],
  [{ protocols: 'chat' }, 'webSocket.protocols is "chat"; allowed: a list of names'],
  [{ protocols: ['a b'] }, 'webSocket.protocols is a b'],
  [{ judge: 'fatal' }, 'webSocket.judge is "fatal"; allowed: a function'],
  [{ WebSocket: {} }, 'webSocket.WebSocket is [object Object]; allowed: a class'],
  [{ websocket: 1 }, 'webSocket.websocket is not an option; allowed: WebSocket, protocols'],
])('a bad option is refused by name: %o', (options, message) => {
  const make = () => webSocket(options as WebSocketOptions)
  expect(make).toThrow(message)
  try {
    make()
  } catch (error) {
    expect(isHoldfastError(error, 'bad-option')).toBe(true)
  }
})
