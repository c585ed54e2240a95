/** `POST /auth/login` and `POST /auth/refresh`. */
import type { FastifyInstance } from 'fastify'
import { whileHeld } from '../patience.ts'
import { Problem } from '../problem.ts'
import { unauthorized } from './guard.ts'
import type { Sessions } from './sessions.ts'

/** A text member of a body; throws 400. */
function member(body: unknown, name: string, allowed: RegExp, form: string): string {
  const given =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined
  if (typeof given === 'string' && allowed.test(given)) return given
  throw new Problem(400, 'malformed', 'The body is not what is asked for here', {
    faults: [{ pointer: `/${name}`, detail: form }],
  })
}

/**
 * Adds the routes. The login is a demonstration: it believes whoever says a name. A real one asks for a proof,
 * and everything behind it stays as it is.
 */
export function authRoutes(app: FastifyInstance, sessions: Sessions): void {
  app.post('/auth/login', async (request, reply) => {
    const user = member(request.body, 'user', /^[\w.@-]{1,64}$/, 'a name of 1 to 64 letters, digits, . _ - @')
    reply.header('Cache-Control', 'no-store')
    return whileHeld(request.deadline.signal, () => sessions.login(user))
  })

  app.post('/auth/refresh', async (request, reply) => {
    const token = member(request.body, 'refreshToken', /^[\x21-\x7e]{1,512}$/, 'a refresh token')
    reply.header('Cache-Control', 'no-store')
    const exchange = await whileHeld(request.deadline.signal, () => sessions.refresh(token))
    if (exchange.name === 'pair') return exchange.pair
    if (exchange.name === 'reused')
      throw unauthorized(reply, 'refresh-reused', 'A later refresh token was used; this session has ended')
    if (exchange.name === 'expired')
      throw unauthorized(reply, 'token-expired', 'The refresh token has expired; sign in anew')
    throw unauthorized(reply, 'session_unknown', 'This session is not known here')
  })
}
