/** Servers and clients that the tests of the proxy speak to and with. */
import { once } from 'node:events'
import {
  Agent,
  type IncomingMessage,
  type RequestListener,
  type Server,
  createServer,
  request,
} from 'node:http'
import { type Server as NetServer, type Socket, connect, createServer as createNetServer } from 'node:net'
import { type FaultProxy, type FaultProxyOptions, createFaultProxy } from './fault-proxy.js'

/** What has to be undone after a test, in the order in which it was done. */
export type Stops = (() => unknown)[]

/** Undoes everything, last first. */
export async function undo(stops: Stops): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop()
}

/** Resolves as soon as it is so; tests have a time limit of their own. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate)
}

/** Long enough for loopback to have delivered whatever it will. */
export async function rounds(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await new Promise(setImmediate)
}

/** A server that says back what it hears, behind a proxy. */
export async function echo(stops: Stops, options: Omit<FaultProxyOptions, 'target'> = {}) {
  const heard: string[] = []
  const peers: Socket[] = []
  const server: NetServer = createNetServer((socket) => {
    peers.push(socket)
    socket.on('error', () => {})
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard.push(text)
      socket.write(`re:${text}`)
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const proxy = await createFaultProxy({ target: server.address() as { port: number }, ...options })
  stops.push(
    () => server.close(),
    () => peers.forEach((peer) => peer.destroy()),
    () => proxy.stop(),
  )
  return { server, proxy, heard, peers }
}

/** A client's connection. */
export type Dialled = Socket & {
  /** What it is told next. */
  readonly told: () => Promise<string>
  /** All that it was told. */
  readonly all: () => string
  /** The error that ended it; null: none did. */
  readonly lost: () => string | null
}

/** Connects. */
export async function dial(stops: Stops, port: number): Promise<Dialled> {
  const socket = connect({ port, host: '127.0.0.1' }).setEncoding('utf8').setNoDelay()
  let all = ''
  let lost: string | null = null
  socket.on('data', (text: string) => (all += text))
  stops.push(() => socket.destroy())
  await once(socket, 'connect')
  socket.on('error', (error: NodeJS.ErrnoException) => (lost = error.code ?? error.message))
  const told = async () => ((await once(socket, 'data')) as [string])[0]
  return Object.assign(socket, { told, all: () => all, lost: () => lost })
}

/** A service of HTTP behind a proxy with its HTTP stage. */
export async function service(
  stops: Stops,
  listener: RequestListener,
  options: Omit<FaultProxyOptions, 'target'> = {},
): Promise<{ server: Server; proxy: FaultProxy; peers: Socket[] }> {
  const peers: Socket[] = []
  const server = createServer(listener)
  server.on('connection', (socket: Socket) => peers.push(socket))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const proxy = await createFaultProxy({
    target: server.address() as { port: number },
    gateway: true,
    ...options,
  })
  stops.push(
    () => server.close(),
    () => server.closeAllConnections(),
    () => peers.forEach((peer) => peer.destroy()),
    () => proxy.stop(),
  )
  return { server, proxy, peers }
}

/** What a client got: an answer, whole or not, or the reason why there was none. */
export interface Got {
  readonly status: number | null
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** The code of the error; null: none. */
  readonly error: string | null
}

/** How a client asks. */
export interface Asking {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Default: a connection of its own. */
  readonly agent?: Agent
}

/** Asks, and waits for all of it. */
export function ask(port: number, asking: Asking = {}): Promise<Got> {
  const { method = 'GET', path = '/', headers = {}, body = '', agent = false } = asking
  return new Promise((resolve) => {
    let got: Got = { status: null, headers: {}, body: '', error: null }
    const end = (error: NodeJS.ErrnoException | null) =>
      resolve({ ...got, error: error && (error.code ?? error.message) })
    const length = body ? { 'Content-Length': String(body.length) } : {}
    const asked = request(
      { port, host: '127.0.0.1', method, path, headers: { ...headers, ...length }, agent },
      (answer) => {
        got = { ...got, status: answer.statusCode ?? null, headers: answer.headers }
        answer.setEncoding('utf8').on('data', (text: string) => (got = { ...got, body: got.body + text }))
        answer.on('end', () => end(null))
        answer.on('error', end)
      },
    )
    asked.on('error', end)
    asked.end(body)
  })
}

/** A client that keeps one connection. */
export function keeper(stops: Stops): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  stops.push(() => agent.destroy())
  return agent
}
