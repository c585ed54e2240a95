/** `GET /health`, and the marks by which a client knows that it has met this server and no portal. */
import type { FastifyInstance } from 'fastify'

/** Whether new work is welcome. */
export type Readiness =
  | { readonly name: 'ready' }
  /** Going down; `retryAfterS` is when it is worth asking again. */
  | { readonly name: 'draining'; readonly retryAfterS: number }

/** What the routes need. */
export interface HealthOptions {
  /** This process, told on every answer: another id means that the server has restarted. */
  readonly boot: string
  /** Asked on each request. */
  readonly readiness: () => Readiness
}

/**
 * Adds `GET /health` (204; draining: 503 with Retry-After) and puts `Holdfast: 1` and `Holdfast-Boot` on
 * every answer, errors included.
 */
export function healthRoutes(app: FastifyInstance, { boot, readiness }: HealthOptions): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('Holdfast', '1').header('Holdfast-Boot', boot)
  })
  app.get('/health', async (_request, reply) => {
    reply.header('Cache-Control', 'no-store')
    const now = readiness()
    if (now.name === 'ready') return reply.code(204).send()
    return reply.code(503).header('Retry-After', now.retryAfterS).send()
  })
}
