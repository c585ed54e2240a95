/** `GET /health`, and the marks by which a client knows that it has met this server and no portal. */
import type { FastifyInstance } from 'fastify'
import { createTicketBook, retryAfterS } from './ticket.ts'
import { type Time, systemTime } from './time.ts'

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

/** Options of `createReadiness`. */
export interface ReadinessOptions {
  /** How long a restart takes, from the closing of the port, in ms. */
  readonly restartMs: number
  /** How long connections are still taken while draining, in ms. */
  readonly preStopMs: number
  /** How many clients a second can come back. */
  readonly returnCapacity: number
  /** Default: the real one. */
  readonly time?: Time
}

/** Knows whether the process is going down, and when its successor is there. */
export interface ReadinessState {
  /** From now on: draining. */
  drain(): void
  /** For one who asks: while draining each asker takes a ticket. */
  ask(): Readiness
  /** In how many ms the first can come back: what is left of the pause, and the restart. */
  estimateMs(): number
}

/** Ready, until it is told otherwise. */
export function createReadiness(options: ReadinessOptions): ReadinessState {
  const { restartMs, preStopMs, returnCapacity, time = systemTime } = options
  const book = createTicketBook({ perSecond: returnCapacity, time })
  let closingAt: number | null = null
  const estimateMs = () => restartMs + (closingAt === null ? preStopMs : Math.max(0, closingAt - time.now()))
  return {
    drain() {
      closingAt ??= time.now() + preStopMs
    },
    ask: () =>
      closingAt === null
        ? { name: 'ready' }
        : { name: 'draining', retryAfterS: retryAfterS(book.take(estimateMs())) },
    estimateMs,
  }
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
