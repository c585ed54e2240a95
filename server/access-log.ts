/** One line a request, once its answer has ended: who asked what, in which trace, and what came of it (R11). */
import type { FastifyInstance } from 'fastify'
import type { Log } from './log.ts'

/**
 * Writes to `log`. The path is the route's own (`/orders/:id`), without the query: tokens may be in it. A client
 * that left before its answer has `outcome: 'cancelled'`, and the status it would have had.
 */
export function logRequests(app: FastifyInstance, log: Log): void {
  app.addHook('onRequest', async (request, reply) => {
    const beganAt = performance.now()
    let outcome: 'cancelled' | 'answered' = 'cancelled'
    reply.raw.once('finish', () => (outcome = 'answered'))
    reply.raw.once('close', () =>
      log({
        step: 'request',
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        outcome,
        tookMs: Math.round(performance.now() - beganAt),
        user: request.user,
        requestId: request.id,
        traceparent: request.traceparent,
      }),
    )
  })
}
