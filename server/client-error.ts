/** Refusals on a bare connection, where no route has been reached: bytes that are no request, upgrades. */
import { type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mayBeRefused } from './exchanges.ts'
import { Problem } from './problem.ts'

/** Head and body of a refusal, with the marks of this server (`boot`: this process); the connection ends with it. */
function refusal(boot: string, { status, type, message: detail, retryAfterS }: Problem) {
  const body = JSON.stringify({ type, status, detail })
  const headers = {
    Holdfast: '1',
    'Holdfast-Boot': boot,
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    ...(retryAfterS !== null && { 'Retry-After': String(retryAfterS) }),
    Connection: 'close',
  }
  return { headers, body }
}

/** Answers on a connection of which no request is under way, and ends it. */
export function refuseConnection(socket: Duplex, boot: string, problem: Problem): void {
  const { headers, body } = refusal(boot, problem)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`, ...lines]
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

/** An `Expect` that is not `100-continue`: Node would answer it with a bare 417. In its turn, behind earlier answers. */
export function refuseExpectations(server: Server, boot: string): void {
  const problem = new Problem(417, 'malformed', 'Expect is 100-continue or nothing')
  server.on('checkExpectation', (_request, response) => {
    const { headers, body } = refusal(boot, problem)
    response.writeHead(problem.status, headers).end(body)
  })
}

const REFUSALS: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: new Problem(431, 'too-large', 'The headers are larger than this server takes'),
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, 'malformed', 'The request did not arrive in time'),
}
const MALFORMED = new Problem(400, 'malformed', 'This is not an HTTP request')

/**
 * For Node's `clientError`: bytes that are no HTTP, a head that is too large, a request that dribbles. Behind
 * requests that are under way it says nothing and cuts: it would be taken for the answer to the first of them.
 */
export function refuseBytes(boot: string): (error: NodeJS.ErrnoException, socket: Duplex) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable || !mayBeRefused(socket)) socket.destroy()
    else refuseConnection(socket, boot, REFUSALS[error.code ?? ''] ?? MALFORMED)
  }
}

/** A request without a Host, or with two: Node would answer with a bare 400, or believe the first. */
export function refuseHosts(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw }) => {
    const hosts = raw.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length
    if (hosts === 1 || (hosts === 0 && raw.httpVersion === '1.0')) return
    throw new Problem(400, 'malformed', 'A request has one Host')
  })
}
