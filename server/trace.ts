/** By which names a request is known along the chain: `X-Request-ID`, and the trace it belongs to (W3C). */
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /** As the caller sent it; null: none, or not one. */
    traceparent: string | null
  }
}

/** The caller's id if it is one that may be put into a log line and a header; else a new one. */
export const requestId = (given: string | string[] | undefined): string =>
  typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID()

/** The header if it is what W3C Trace Context calls valid; else null: it begins nothing and is not passed on. */
export function readTraceparent(given: string | string[] | undefined): string | null {
  const parts = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}$/.exec(String(given))
  const isValid = parts && parts[1] !== 'ff' && /[^0]/.test(parts[2]!) && /[^0]/.test(parts[3]!)
  return isValid ? parts[0] : null
}

/** Puts both on every answer, as they came, and on the request for those who pass them on. */
export function traceRequests(app: FastifyInstance): void {
  app.decorateRequest('traceparent', null)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('X-Request-ID', request.id)
    request.traceparent = readTraceparent(request.headers['traceparent'])
    if (request.traceparent) reply.header('traceparent', request.traceparent)
  })
}
