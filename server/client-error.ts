/** Refusals on a bare connection, where no route has been reached: bytes that are no request, upgrades. */
import { type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from './problem.ts'

/** Answers with a problem and the marks of this server (`boot`: this process), and ends the connection. */
export function refuseConnection(socket: Duplex, boot: string, problem: Problem): void {
  const { status, type, message: detail, retryAfterS } = problem
  const body = JSON.stringify({ type, status, detail })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Holdfast: 1',
    `Holdfast-Boot: ${boot}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfterS === null ? [] : [`Retry-After: ${retryAfterS}`]),
    'Connection: close',
  ]
  socket.on('error', () => {})
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

/** For Fastify's `frameworkErrors`: a URL that cannot be read; no hook has seen that request. */
export function refuseUrl(boot: string) {
  return (error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void => {
    const status = error.statusCode ?? 400
    reply.code(status).headers({ Holdfast: '1', 'Holdfast-Boot': boot }).type('application/problem+json')
    void reply.send(JSON.stringify({ type: 'malformed', status, detail: 'The URL cannot be read' }))
  }
}

/** An `Expect` that is not `100-continue`: Node would answer it with a bare 417. */
export function refuseExpectations(server: Server, boot: string): void {
  const problem = new Problem(417, 'malformed', 'Expect is 100-continue or nothing')
  server.on('checkExpectation', (request) => refuseConnection(request.socket, boot, problem))
}

const REFUSALS: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: new Problem(431, 'too-large', 'The headers are larger than this server takes'),
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, 'malformed', 'The request did not arrive in time'),
}
const MALFORMED = new Problem(400, 'malformed', 'This is not an HTTP request')

/** For Node's `clientError`: bytes that are no HTTP, a head that is too large, a request that dribbles. */
export function refuseBytes(boot: string): (error: NodeJS.ErrnoException, socket: Duplex) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
    else refuseConnection(socket, boot, REFUSALS[error.code ?? ''] ?? MALFORMED)
  }
}
