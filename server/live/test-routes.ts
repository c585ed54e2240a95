/** Losses on demand. Not for production: whoever may call them signs everybody out. */
import type { FastifyInstance } from 'fastify'
import type { Sessions } from '../auth/sessions.ts'
import type { LiveHandle } from './routes.ts'

/** What is forgotten. */
export interface ForgettingOptions {
  readonly sessions: Sessions
  readonly live: LiveHandle
}

/**
 * Adds `POST /test/forget-sessions` (tokens are of sessions unknown from now on; sockets close 4402, streams
 * end) and `POST /test/reset-log` (a new epoch, as after the loss of the database).
 */
export function forgettingRoutes(app: FastifyInstance, { sessions, live }: ForgettingOptions): void {
  app.post('/test/forget-sessions', async (_request, reply) => {
    sessions.forgetAll()
    live.forgetSessions()
    return reply.code(204).send()
  })
  app.post('/test/reset-log', async (_request, reply) => {
    live.resetLog()
    return reply.code(204).send()
  })
}
