/** Errors as application/problem+json (RFC 9457). */
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'

/** The kinds of errors of this server; the `type` member of the answer. */
export type ProblemType =
  | 'malformed'
  | 'malformed-key'
  | 'refused'
  | 'key-reused'
  | 'idempotency-in-flight'
  | 'not-found'
  | 'unknown-topic'
  | 'conflict'
  | 'precondition-required'
  | 'unauthorized'
  | 'forbidden'
  | 'token-expired'
  | 'session_unknown'
  | 'refresh-reused'
  | 'too-large'
  | 'deadline'
  | 'cancelled'
  | 'overloaded'
  | 'downstream'
  | 'failed'

/** What was wrong with one member of what was sent. */
export interface Fault {
  readonly pointer: string
  readonly detail: string
}

/** An answer that is not a success. Throw it anywhere in a handler. */
export class Problem extends Error {
  readonly status: number
  readonly type: ProblemType
  readonly faults: readonly Fault[]
  readonly retryAfterS: number | null

  constructor(
    status: number,
    type: ProblemType,
    detail: string,
    more: { faults?: readonly Fault[]; retryAfterS?: number } = {},
  ) {
    super(detail)
    this.status = status
    this.type = type
    this.faults = more.faults ?? []
    this.retryAfterS = more.retryAfterS ?? null
  }
}

function toProblem(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error
  const status = error.statusCode ?? 500
  if (status === 413) return new Problem(413, 'too-large', 'The body is larger than this server takes')
  // Texts of other errors may hold internals; what the client did wrong is told, our own failure is not.
  if (status < 500) return new Problem(status, 'malformed', error.message)
  return new Problem(500, 'failed', 'The server failed; nothing of this request was kept')
}

function send(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, type, message: detail, faults, retryAfterS } = problem
  if (retryAfterS !== null) reply.header('Retry-After', retryAfterS)
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type, status, detail, ...(faults.length > 0 && { errors: faults }) }))
}

/**
 * Makes every error of the app a problem, unknown routes and the framework's own refusals included.
 * `onFailure` hears of the server's own failures alone: an overload or a missed deadline is none.
 */
export function answerWithProblems(
  app: FastifyInstance,
  onFailure: (error: Error, requestId: string) => void,
): void {
  app.setErrorHandler<FastifyError | Problem>((error, request, reply) => {
    const problem = toProblem(error)
    if (problem.type === 'failed') onFailure(error, request.id)
    return send(reply, problem)
  })
  app.setNotFoundHandler((request, reply) =>
    send(reply, new Problem(404, 'not-found', `${request.method} ${request.url.slice(0, 200)} is not here`)),
  )
}
