/** A small server of sockets in this process, which can be killed and come back at the same port. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'

export interface SocketServer {
  /** `127.0.0.1:port`. */
  readonly host: string
  /** How many sockets there were at most at one time, and in all. */
  readonly seen: { most: number; all: number }
  readonly sockets: ReadonlySet<WebSocket>
  /** Cuts every socket, and listens no more. */
  kill(): Promise<void>
  /** Listens again. */
  start(): Promise<void>
}

/** Starts one; what it does with a socket is `serve`'s. `/health` is answered as a health check. */
export async function startSocketServer(
  serve: (sockets: WebSocketServer) => void,
  subprotocol?: string,
): Promise<SocketServer> {
  const seen = { most: 0, all: 0 }
  const sockets = new Set<WebSocket>()
  let server: Server | null = null
  let port = 0

  async function start(): Promise<void> {
    const http = createServer((_, response) => response.writeHead(204, { holdfast: '1' }).end())
    const wss = new WebSocketServer({
      server: http,
      ...(subprotocol === undefined ? {} : { handleProtocols: () => subprotocol }),
    })
    wss.on('connection', (socket) => {
      sockets.add(socket)
      seen.all++
      seen.most = Math.max(seen.most, sockets.size)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => {})
    })
    serve(wss)
    http.listen(port, '127.0.0.1')
    await once(http, 'listening')
    port = (http.address() as AddressInfo).port
    server = http
  }

  async function kill(): Promise<void> {
    const closing = server
    server = null
    for (const socket of sockets) socket.terminate()
    closing?.closeAllConnections()
    if (closing) await new Promise((resolve) => closing.close(resolve))
  }

  await start()
  onTestFinished(kill)
  return { host: `127.0.0.1:${port}`, seen, sockets, kill, start }
}
