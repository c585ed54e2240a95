/**
 * A WebSocket server on a bare TCP socket, half a round trip away in each direction: what it does is named by the
 * path. For ends that no library lets a server make.
 */
import { createHash } from 'node:crypto'
import { createServer, type AddressInfo, type Socket } from 'node:net'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const OP = { text: 1, close: 8 } as const

const frame = (op: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x80 | op, payload.length]), payload])

const closeFrame = (code: number | null, reason = ''): Buffer => {
  const head = code === null ? [] : [code >> 8, code & 255]
  return frame(OP.close, Buffer.concat([Buffer.from(head), Buffer.from(reason)]))
}

/** What a client's close frame carries. */
function unmask(data: Buffer): Buffer {
  const mask = data.subarray(2, 6)
  return Buffer.from(data.subarray(6, 6 + (data[1]! & 127)).map((byte, at) => byte ^ mask[at % 4]!))
}

/** What the server does so long after it has accepted (ms). */
const ACTS_AFTER_MS = 200

/** By path: what it says or does to an open connection. */
const ACTS: Readonly<Record<string, (socket: Socket) => void>> = {
  '/reset': (socket) => socket.resetAndDestroy(),
  '/end': (socket) => void socket.end(),
  '/1012': (socket) => void socket.write(closeFrame(1012, '{"retryAfterMs":3000}')),
  '/1012-and-stays': (socket) => void socket.write(closeFrame(1012, 'x')),
  '/4401': (socket) => void socket.write(closeFrame(4401, 'auth')),
  '/no-code': (socket) => void socket.write(closeFrame(null)),
  '/1011-then-reset': (socket) => {
    socket.write(closeFrame(1011, 'x'))
    setTimeout(() => socket.resetAndDestroy(), 20)
  },
}
const STATUS: Readonly<Record<string, string>> = { '/401': '401 Unauthorized', '/portal': '200 OK' }

/** Starts it on loopback; `halfMs` is half a round trip. */
export async function startRawSocketServer(halfMs: number) {
  const sockets = new Set<Socket>()
  const serve = (socket: Socket): void => {
    let path: string | null = null
    const later = (run: () => void) => setTimeout(run, halfMs)
    const greet = (head: string): void => {
      path = head.split(' ')[1] ?? ''
      const status = STATUS[path]
      if (status) return void later(() => socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`))
      if (path === '/handshake-reset') return void later(() => socket.resetAndDestroy())
      const key = /sec-websocket-key: (.*)\r\n/i.exec(head)?.[1]
      const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64')
      const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
      later(() => socket.write([...lines, `Sec-WebSocket-Accept: ${accept}`, '', ''].join('\r\n')))
      const act = ACTS[path]
      if (act) setTimeout(() => later(() => act(socket)), ACTS_AFTER_MS)
      if (path === '/talks')
        setTimeout(() => later(() => socket.write(frame(OP.text, Buffer.from('late')))), 250)
    }
    const hear = (data: Buffer): void => {
      if ((data[0]! & 15) !== OP.close || path === '/1012-and-stays') return
      const answers = path !== null && path in ACTS ? null : closeFrameOf(unmask(data))
      later(() => {
        if (answers) socket.write(answers)
        socket.end()
      })
    }
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (data: Buffer) =>
      later(() => (path === null ? greet(data.toString('latin1')) : hear(data))),
    )
  }
  const server = createServer({ allowHalfOpen: true }, serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const closeFrameOf = (payload: Buffer): Buffer => frame(OP.close, payload)
