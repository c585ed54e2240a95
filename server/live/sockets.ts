/** `/ws`: which upgrades are taken, and with which bounds. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { refuseConnection } from '../client-error.ts'
import { mayConnect } from '../cors.ts'
import { Problem } from '../problem.ts'
import type { Live } from './live.ts'
import { serveSocket, turnAway } from './socket.ts'

/** Whoever does not answer a close frame is cut after so many ms. */
const CLOSE_WITHIN_MS = 1000

/** Who may open one. */
export interface SocketOptions {
  /** Origins of pages that may. */
  readonly origins: readonly string[]
  /** Why nobody is let in at present; null: the server has time for more. */
  readonly overload: () => Problem | null
}

/** Takes the server's upgrades. Compression is off: it costs memory a socket, and memory is what is bounded here. */
export function acceptSockets(server: Server, live: Live, options: SocketOptions): void {
  const { boot } = live
  // A constant of its own, because the types do not know `closeTimeout` yet.
  const bounds = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: live.limits.frameBytes,
    maxFragments: 64,
    closeTimeout: CLOSE_WITHIN_MS,
  }
  const sockets = new WebSocketServer(bounds)
  sockets.on('headers', (headers) => headers.push('Holdfast: 1', `Holdfast-Boot: ${boot}`))
  sockets.on('wsClientError', (error, socket) =>
    refuseConnection(socket, boot, new Problem(400, 'malformed', error.message)),
  )

  /** Of an upgrade that is refused a page is told 1006 and no more: whoever has to wait is let in to hear when its turn is. */
  function letIn(ws: WebSocket) {
    const busy = live.audience.refusal() ?? options.overload()
    if (busy) turnAway(ws, busy)
    else serveSocket(ws, live)
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const problem = whyNot(request, options)
    if (problem) refuseConnection(socket, boot, problem)
    else sockets.handleUpgrade(request, socket, head, letIn)
  })
}

/** Why this upgrade is not taken; null: it is. */
function whyNot(request: IncomingMessage, { origins }: SocketOptions): Problem | null {
  if (request.url?.split('?', 1)[0] !== '/ws')
    return new Problem(404, 'not-found', 'Sockets are opened at /ws')
  if (!mayConnect(origins, request.headers))
    return new Problem(403, 'forbidden', 'Pages of this origin may not connect')
  return null
}
