/**
 * What tests of WebSocket want of a server, by path: the handlers that the web-platform-tests name, each as small as it
 * can be. What a library of sockets would not do is spoken byte by byte.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { type RawData, WebSocketServer, type WebSocket } from 'ws'

/** What RFC 6455, 1.3, has a server add to the key. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const CLOSE_OPCODE = 8
const GOODBYE = 'Goodbye'
/** As the tests have it: too long for a frame of a few bytes to be late, too short for a browser to give up. */
const CLOSES_LATE_MS = 1_000

/** One handshake, and the bytes behind it. */
interface Asked {
  readonly request: IncomingMessage
  readonly wire: Duplex
  readonly url: URL
}

type Talk = (socket: WebSocket, asked: Asked) => void
type Speak = (asked: Asked) => void | Promise<void>

const answer = (line: string, ...headers: string[]) => [`HTTP/1.1 ${line}`, ...headers, '', ''].join('\r\n')

function accepted({ request }: Asked): string {
  const key = `${request.headers['sec-websocket-key']}${ACCEPT_GUID}`
  const accept = createHash('sha1').update(key).digest('base64')
  return answer(
    '101 Switching Protocols',
    ...['Connection: Upgrade', 'Upgrade: websocket', `Sec-WebSocket-Accept: ${accept}`],
  )
}

const closeFrame = (payload: Uint8Array) =>
  Buffer.concat([Buffer.of(0x80 | CLOSE_OPCODE, payload.length), payload])

/** Opens it, and hands over what the peer's close frame holds; every test here closes with one small frame. */
async function untilClosed(asked: Asked): Promise<Buffer> {
  asked.wire.write(accepted(asked))
  for (;;) {
    const [chunk] = (await once(asked.wire, 'data')) as [Buffer]
    if ((chunk[0]! & 0x0f) !== CLOSE_OPCODE) continue
    const mask = chunk.subarray(2, 6)
    return Buffer.from(chunk.subarray(6).map((byte, at) => byte ^ mask[at % 4]!))
  }
}

/** Spoken by hand. What comes of a wire that ends meanwhile is nobody's. */
const byHand: Readonly<Record<string, Speak>> = {
  '/invalid': ({ wire }) => void wire.end('FOO BAR BAZ\r\n\r\n'),
  '/wrong_accept_key': ({ wire }) =>
    void wire.end(
      answer(
        '101 Switching Protocols',
        ...['Connection: Upgrade', 'Upgrade: WebSocket', 'Sec-WebSocket-Accept: wrong'],
      ),
    ),
  '/simple_handshake': async (asked) => {
    const close = closeFrame(Buffer.from('\x03\xe9PASS', 'latin1'))
    asked.wire.write(Buffer.concat([Buffer.from(accepted(asked)), close]))
    await once(asked.wire, 'data')
    asked.wire.end()
  },
  '/passive-close-abort': async (asked) => {
    await untilClosed(asked)
    asked.wire.end()
  },
  '/delayed-passive-close': async (asked) => {
    const payload = await untilClosed(asked)
    await wait(CLOSES_LATE_MS)
    asked.wire.end(closeFrame(payload))
  },
}

const say =
  (what: (asked: Asked) => string): Talk =>
  (socket, asked) => {
    socket.send(what(asked))
    socket.close(1000)
  }

const hear =
  (talk: (socket: WebSocket, text: string, data: RawData, isBinary: boolean, asked: Asked) => void): Talk =>
  (socket, asked) =>
    void socket.on('message', (data, isBinary) => talk(socket, String(data), data, isBinary, asked))

const echo = hear((socket, text, data, isBinary) => {
  socket.send(data, { binary: isBinary })
  if (!isBinary && text === GOODBYE) socket.close(1000)
})
const untilGoodbye = hear((socket, text) => {
  if (text === GOODBYE) socket.close(1000)
})
const hangUp: Talk = (socket) => socket.close(1000)

const spoken: Readonly<Record<string, Talk>> = {
  '/echo': echo,
  '/sleep_10_v13': echo,
  '/echo_exit': untilGoodbye,
  '/echo_close_data': untilGoodbye,
  // The bytes of a message are the bytes of frames: whatever frames.
  '/echo_raw': hear((_, text, data, _isBinary, { wire }) => {
    if (text === 'exit') wire.end()
    else wire.write(data as Buffer)
  }),
  '/empty-message': hear((socket, text) => socket.send(text === '' ? 'pass' : 'fail')),
  '/echo-query': say(({ request }) => request.url?.split('?')[1] ?? ''),
  '/echo-query_v13': say(({ request }) => request.url?.split('?')[1] ?? ''),
  '/origin': say(({ request }) => request.headers.origin ?? ''),
  '/referrer': say(({ request }) => request.headers.referer ?? 'MISSING AS PER FETCH'),
  '/protocol': say(({ request }) => request.headers['sec-websocket-protocol'] ?? ''),
  '/protocol_array': say(({ request }) => request.headers['sec-websocket-protocol']?.split(',')[0] ?? ''),
  '/receive-many-with-backpressure': hear(
    (socket, text) => void wait(100).then(() => socket.send(String(text.length))),
  ),
  '/remote-close'(socket, { url, wire }) {
    const code = url.searchParams.get('code')
    if (!url.searchParams.has('abrupt')) {
      return socket.close(
        code === null ? undefined : Number(code),
        url.searchParams.get('reason') ?? undefined,
      )
    }
    // A frame first: else it could be taken for a handshake that has failed.
    socket.ping('ping', false, () => wire.end())
  },
  '/basic_auth': hangUp,
  '/handshake_sleep_2': hangUp,
  '/handshake_no_extensions': hangUp,
  '/handshake_no_protocol': hangUp,
  '/handshake_protocol': hangUp,
}

const SLEEPS_MS: Readonly<Record<string, number>> = { '/handshake_sleep_2': 2_000, '/sleep_10_v13': 10_000 }
const UNCOMPRESSED = new Set(['/handshake_no_extensions', '/receive-many-with-backpressure'])
const LARGEST_BYTES = 2 ** 30

const chosen: Readonly<Record<string, (offered: Set<string>) => string | false>> = {
  '/echo': (offered) => offered.has('echo') && 'echo',
  '/protocol': (offered) => [...offered].join(', '),
  '/handshake_no_protocol': () => false,
  '/handshake_protocol': () => false,
}

/** What an upgrade is refused with; null: it is not. */
function refusalOf({ request, url }: Asked): string | null {
  const { pathname } = url
  if (pathname.endsWith('/redirect_response.py')) {
    return answer('301 moved', 'Location: /echo', 'Content-Length: 0')
  }
  if (!(pathname in spoken)) return answer('404 Not Found', 'Content-Length: 0')
  if (pathname !== '/basic_auth' || request.headers.authorization === 'Basic Zm9vOmJhcg==') return null
  return answer('401 Unauthorized', 'Content-Length: 0', 'WWW-Authenticate: Basic realm="camelot"')
}

/** Answers the upgrades that come to this server; returns what cuts all that is open, so that it can be closed. */
export function serveHandlers(server: Server): () => void {
  const wires = new Set<Duplex>()
  const options = {
    noServer: true,
    maxPayload: LARGEST_BYTES,
    handleProtocols: (offered: Set<string>, request: IncomingMessage) =>
      (chosen[pathOf(request)] ?? (() => [...offered][0] ?? false))(offered),
  }
  const plain = new WebSocketServer(options)
  const compressing = new WebSocketServer({ ...options, perMessageDeflate: true })
  plain.on('headers', (headers, request) => {
    if (pathOf(request) === '/handshake_protocol') headers.push('Sec-WebSocket-Protocol: foobar')
  })
  server.on('upgrade', (request: IncomingMessage, wire: Duplex, head: Buffer) => {
    const asked = { request, wire, url: new URL(request.url ?? '/', 'ws://localhost') }
    wires.add(wire)
    wire.on('error', () => {}).on('close', () => wires.delete(wire))
    void take(asked, head).catch(() => wire.destroy())
  })

  async function take(asked: Asked, head: Buffer): Promise<void> {
    const { request, wire, url } = asked
    const speak = byHand[url.pathname]
    if (speak) return speak(asked)
    const refusal = refusalOf(asked)
    if (refusal) return void wire.end(refusal)
    await wait(SLEEPS_MS[url.pathname] ?? 0)
    if (wire.destroyed) return
    const isPlain = UNCOMPRESSED.has(url.pathname) || url.pathname === '/handshake_protocol'
    ;(isPlain ? plain : compressing).handleUpgrade(request, wire, head, (socket) => {
      socket.on('error', () => {})
      spoken[url.pathname]!(socket, asked)
    })
  }

  return () => wires.forEach((wire) => wire.destroy())
}

const pathOf = ({ url }: IncomingMessage) => new URL(url ?? '/', 'ws://localhost').pathname
