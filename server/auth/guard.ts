/** The door: who asks. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem, type ProblemType } from '../problem.ts'
import type { AccessCheck } from './sessions.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. Without auth all who ask are one user, `anyone`. */
    user: string
    /** When the token ends by which it was allowed, in epoch ms; null: it does not end. */
    accessExpiresAt: number | null
  }
}

/** Who asks while nobody has to show a token. */
export const ANYONE = 'anyone'

/** Paths for which no token is needed: health, and what one needs to get one. */
const OPEN: ReadonlySet<string> = new Set(['/health', '/auth/login', '/auth/refresh'])

/** Answers 401 and says by which scheme one gets in. */
export function unauthorized(reply: FastifyReply, type: ProblemType, detail: string): Problem {
  const error = type === 'unauthorized' ? '' : ', error="invalid_token"'
  reply.header('WWW-Authenticate', `Bearer realm="holdfast"${error}`)
  return new Problem(401, type, detail)
}

/**
 * Lets in those who show a valid access token as `Authorization: Bearer`. 401 `unauthorized`: none, or none of
 * ours; `token-expired`: refresh it; `session_unknown`: the session is lost, sign in anew. With null everybody is let in.
 */
export function guard(app: FastifyInstance, check: AccessCheck | null): void {
  app.decorateRequest('user', ANYONE)
  app.decorateRequest('accessExpiresAt', null)
  if (!check) return
  app.addHook('onRequest', async (request, reply) => {
    const path = request.routeOptions.url
    // A path that is not here is a 404 for everybody; of preflights the browser tells no token.
    if (path === undefined || OPEN.has(path) || path.startsWith('/test/') || request.method === 'OPTIONS')
      return
    letIn(check, request, reply)
  })
}

function letIn(check: AccessCheck, request: FastifyRequest, reply: FastifyReply): void {
  const [, token] = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '') ?? []
  const access = token === undefined ? { name: 'malformed' as const } : check(token)
  if (access.name === 'valid') {
    request.user = access.user
    request.accessExpiresAt = access.expiresAt
    return
  }
  if (access.name === 'expired') throw unauthorized(reply, 'token-expired', 'The access token has expired')
  if (access.name === 'unknown')
    throw unauthorized(reply, 'session_unknown', 'This session is not known here')
  throw unauthorized(reply, 'unauthorized', 'Authorization is "Bearer" and an access token')
}
