/**
 * Requests that are under way on each connection, and how many and for how long there may be: whoever sends many
 * and reads no answer costs the server memory, and cannot be told anything.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'

/**
 * Requests that one connection may have sent ahead of their answers; with one more it is cut. No browser sends
 * any ahead, and whoever does asks again on another connection, as after every cut.
 */
export const MOST_AHEAD = 16

/** A finished answer of which the other side has taken nothing more for so long, in ms, is not waited for. */
export const TAKEN_WITHIN_MS = 10_000

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

const underWay = new WeakMap<Duplex, Set<Exchange>>()

/** Options of `watchExchanges`. */
export interface ExchangeOptions {
  /** Requests that may be under way on one connection. Default 16. */
  readonly mostAhead?: number
  /** For how long a finished answer of which nothing is taken is waited for, in ms. Default 10,000. */
  readonly takenWithinMs?: number
}

/** Watches the connections of this server, and cuts those that send too far ahead or take no answer. */
export function watchExchanges(server: Server, options: ExchangeOptions = {}): void {
  const { mostAhead = MOST_AHEAD, takenWithinMs = TAKEN_WITHIN_MS } = options
  const begin = (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    const exchanges = underWay.get(socket) ?? new Set<Exchange>()
    underWay.set(socket, exchanges)
    const exchange = { request, response }
    exchanges.add(exchange)
    if (exchanges.size > mostAhead) socket.destroy()
    // All of it has been handed to the socket. What times out there is cut by Node; bytes that move put it off.
    response.once('prefinish', () => socket.setTimeout(takenWithinMs))
    // Behind the last answer Node has set the time for which a quiet connection is kept, and a next one that waited
    // for its turn has been handed over by now.
    response.once('finish', () => {
      const [, next] = exchanges
      if (next && !next.response.writableEnded) socket.setTimeout(0)
    })
    response.once('close', () => exchanges.delete(exchange))
  }
  server.prependListener('request', begin)
  server.prependListener('checkExpectation', begin)
}

/** Does nothing for requests of connections that have been cut: what is left of a segment is read to its end. */
export function ignoreTheCut(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.raw.socket.destroyed) reply.hijack()
    else done()
  })
}

/**
 * Whether a refusal written to this bare connection would be read as an answer to what was refused: nothing is
 * under way on it, or only the request whose own body went wrong, of which nothing has been answered. In every
 * other case it would be taken for the answer to an earlier request, which may have been acted upon.
 */
export function mayBeRefused(socket: Duplex): boolean {
  const [first, second] = underWay.get(socket) ?? []
  return (
    first === undefined || (second === undefined && !first.request.complete && !first.response.headersSent)
  )
}
