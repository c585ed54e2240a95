/**
 * Deadlines: how long somebody waits for an answer bounds everything that is done for it, whatever others are
 * asked included (R10). Work that nobody waits for any more is stopped, and commits nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Problem } from './problem.ts'

/** When the caller says nothing, in ms: the article's context.WithTimeout. */
export const DEFAULT_DEADLINE_MS = 3_000

/** The longest that a caller may ask for, in ms. */
export const LONGEST_DEADLINE_MS = 60_000

/** For how long somebody waits for what is being done. */
export interface Deadline {
  /** Aborts when the time is up or the client has gone; the reason is a `Problem`. Pass it on to whatever waits. */
  readonly signal: AbortSignal
  /** Ms that are left, at least 0; null: without end. */
  remainingMs(): number | null
  /**
   * The last moment at which the work can be stopped: call it within the transaction, before it commits. Throws
   * the reason if nobody waits any more (the transaction is rolled back); from then on nothing stops it, so that
   * what is committed is answered.
   */
  seal(): void
}

/** Options of `requestDeadlines`. */
export interface DeadlineOptions {
  /** When the caller says nothing, in ms. Default 3,000. */
  readonly defaultMs?: number
  /** Paths of routes without a deadline: streams, polls. They still end when the client goes away. */
  readonly exempt: ReadonlySet<string>
}

declare module 'fastify' {
  interface FastifyRequest {
    /** For how long the caller waits. */
    deadline: Deadline
  }
}

/**
 * Gives each request a deadline: `X-Request-Deadline-Ms`, or the default. At the end of it the answer is a
 * problem, 504 `deadline`. A header that is no whole number from 1 to 60,000 is a 400.
 */
export function requestDeadlines(app: FastifyInstance, options: DeadlineOptions): void {
  const { defaultMs = DEFAULT_DEADLINE_MS, exempt } = options
  app.decorateRequest('deadline', null as unknown as Deadline)
  app.addHook('onRequest', async (request, reply) => {
    const isExempt = exempt.has(request.routeOptions.url ?? '')
    const ms = isExempt ? null : (askedDeadlineMs(request.headers['x-request-deadline-ms']) ?? defaultMs)
    request.deadline = startDeadline(reply, ms)
  })
  // Work that nobody waits for any more, because its body or its turn came too late, is not begun.
  app.addHook('preHandler', async (request) => request.deadline.signal.throwIfAborted())
}

/** What the header asks for; null without one. */
function askedDeadlineMs(header: string | string[] | undefined): number | null {
  if (header === undefined) return null
  const ms = typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : 0
  if (ms >= 1 && ms <= LONGEST_DEADLINE_MS) return ms
  const given = JSON.stringify(header).slice(0, 80)
  throw new Problem(
    400,
    'malformed',
    `X-Request-Deadline-Ms is ${given}; allowed: a whole number of milliseconds from 1 to ${LONGEST_DEADLINE_MS}`,
  )
}

function startDeadline(reply: FastifyReply, ms: number | null): Deadline {
  const controller = new AbortController()
  const endsAt = ms === null ? null : performance.now() + ms
  const timer = ms === null ? undefined : setTimeout(miss, ms).unref()
  let state: 'open' | 'sealed' = 'open'

  function miss() {
    const problem = new Problem(504, 'deadline', `Not done within ${ms} ms; nothing of it was kept`)
    controller.abort(problem)
    // A body that never comes, or work that does not listen, must not keep the answer.
    if (reply.sent || reply.raw.headersSent) return
    // What is left of a body would be read as the next request.
    if (!reply.request.raw.complete) reply.header('Connection', 'close')
    void reply.send(problem)
  }

  reply.raw.once('close', () => {
    clearTimeout(timer)
    if (state === 'open' && !reply.raw.writableEnded)
      controller.abort(new Problem(499, 'cancelled', 'The client has gone away'))
  })

  return {
    signal: controller.signal,
    remainingMs: () => (endsAt === null ? null : Math.max(0, endsAt - performance.now())),
    seal() {
      if (state === 'open') controller.signal.throwIfAborted()
      state = 'sealed'
      clearTimeout(timer)
    },
  }
}

/** Takes so long; ends with the signal's reason as soon as nobody waits for it. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, null, { signal }).catch(() => {})
  signal.throwIfAborted()
}
