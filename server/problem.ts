/** Errors as application/problem+json (RFC 9457). */
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { isHeld } from './patience.ts'
import { answerBeforeTheEnd } from './too-large.ts'

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
  if (isHeld(error)) {
    const detail = 'Another process holds the database; nothing of this request was kept'
    return new Problem(503, 'overloaded', detail, { retryAfterS: 1 })
  }
  const status = error.statusCode ?? 500
  if (status === 413) return new Problem(413, 'too-large', 'The body is larger than this server takes')
  // Texts of other errors may hold internals; what the client did wrong is told, our own failure is not.
  if (status < 500) return new Problem(status, 'malformed', error.message)
  return new Problem(500, 'failed', 'The server failed; nothing of this request was kept')
}

const PROBLEM_TYPE = 'application/problem+json'

const bodyOf = ({ type, status, message: detail, faults }: Problem): string =>
  JSON.stringify({ type, status, detail, ...(faults.length > 0 && { errors: faults }) })

function send(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, retryAfterS } = problem
  if (retryAfterS !== null) reply.header('Retry-After', retryAfterS)
  return reply.code(status).type(PROBLEM_TYPE).send(bodyOf(problem))
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
    if (problem.status !== 413 || request.raw.complete) return send(reply, problem)
    answerBeforeTheEnd(request, reply.code(413).type(PROBLEM_TYPE), bodyOf(problem))
  })
  app.setNotFoundHandler((request, reply) =>
    send(reply, new Problem(404, 'not-found', `${request.method} ${request.url.slice(0, 200)} is not here`)),
  )
}
