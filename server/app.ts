/** The whole API, not yet listening. */
import { randomUUID } from 'node:crypto'
import fastify, { type FastifyInstance } from 'fastify'
import { allowOrigins } from './cors.ts'
import type { Database } from './database.ts'
import { type Readiness, healthRoutes } from './health.ts'
import { type InFlight, createInFlight } from './in-flight.ts'
import type { Log } from './log.ts'
import { jsonBodies, orderRoutes } from './orders.ts'
import { answerWithProblems } from './problem.ts'

/** What an app is made of. Only the database is required. */
export interface AppOptions {
  readonly database: Database
  /** This process; default: random. */
  readonly boot?: string
  /** Origins of pages that may call; `*` is any. Default: none but the server's own. */
  readonly origins?: readonly string[]
  /** Whether new work is welcome; default: always. */
  readonly readiness?: () => Readiness
  /** Counts work that a shutdown has to wait for. */
  readonly workers?: InFlight
  /** How long an order takes to be worked on, in ms. Default 0. */
  readonly workMs?: number
  /** The largest body taken, in bytes. Default 64 KiB; more is a 413. */
  readonly bodyLimit?: number
  /** Told of failures that are the server's own. Default: nobody. */
  readonly log?: Log
}

/** Builds the app. Its owner listens, and closes it and then the database. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const {
    database,
    boot = randomUUID(),
    origins = [],
    readiness = () => ({ name: 'ready' }),
    workers = createInFlight(),
    workMs = 0,
    bodyLimit = 64 * 1024,
    log,
  } = options
  const app = fastify({
    bodyLimit,
    // The kit's probe and writes are short; whoever dribbles headers or a body is cut.
    requestTimeout: 30_000,
    requestIdHeader: false,
    genReqId: (request) => requestId(request.headers['x-request-id']),
    // The drain decides what a closing server still takes, see drain.ts.
    return503OnClosing: false,
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('X-Request-ID', request.id)
  })
  healthRoutes(app, { boot, readiness })
  await allowOrigins(app, origins)
  answerWithProblems(app, (error, id) => log?.({ step: 'failed', requestId: id, error: String(error.stack) }))
  jsonBodies(app)
  orderRoutes(app, { database, boot, workers, workMs })
  return app
}

/** The caller's id if it is one that may be put into a log line and a header; else a new one. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID()
}
