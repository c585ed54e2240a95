/** The whole API, not yet listening. */
import { randomUUID } from 'node:crypto'
import fastify, { type FastifyInstance } from 'fastify'
import { logRequests } from './access-log.ts'
import { guard } from './auth/guard.ts'
import { authRoutes } from './auth/routes.ts'
import { createSessions } from './auth/sessions.ts'
import { keepClean } from './cleaning.ts'
import { refuseBytes, refuseExpectations, refuseHosts, refuseUrl } from './client-error.ts'
import { allowOrigins } from './cors.ts'
import type { Database } from './database.ts'
import { requestDeadlines } from './deadline.ts'
import type { Downstream } from './downstream.ts'
import { type ExchangeOptions, ignoreTheCut, watchExchanges } from './exchanges.ts'
import { type Readiness, healthRoutes } from './health.ts'
import { createIdempotency } from './idempotency.ts'
import { type InFlight, createInFlight } from './in-flight.ts'
import { jsonBodies } from './json-bodies.ts'
import { type EventLogOptions, createEventLog } from './live/event-log.ts'
import { type LiveOptions, liveRoutes } from './live/routes.ts'
import { forgettingRoutes } from './live/test-routes.ts'
import { type LoadLimits, limitLoad } from './load/admission.ts'
import type { Log } from './log.ts'
import { createOrderStore } from './order-store.ts'
import { orderRoutes } from './orders.ts'
import { whileHeld } from './patience.ts'
import { answerWithProblems } from './problem.ts'
import { quoteRoute } from './quote.ts'
import type { Streams } from './shutdown.ts'
import { slowRoute } from './slow.ts'
import { type Time, systemTime } from './time.ts'
import { requestId, traceRequests } from './trace.ts'

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
  /** Gets one line a request. Default: nobody. */
  readonly accessLog?: Log | undefined
  /** How long a request may take whose caller does not say, in ms. Default 3,000. */
  readonly deadlineMs?: number
  /** What may come in. Default: everything. */
  readonly limits?: LoadLimits | undefined
  /** The service behind this one; default: none, and no `/quote`. */
  readonly downstream?: Downstream | undefined
  /** Whether `/slow`, `/test/forget-sessions` and `/test/reset-log` are there. Default: no. */
  readonly testRoutes?: boolean
  /** Limits of sockets, streams and polls, and of the log behind them. */
  readonly live?: LiveOptions & EventLogOptions
  /** `required`: who asks shows a token. Default `off`: all who ask are one user. */
  readonly auth?: 'off' | 'required'
  /** How long an access token is good for, in seconds. Default 300. */
  readonly tokenLifeS?: number
  /** How far ahead of its answers a connection may send, and for how long an answer may stay untaken. */
  readonly exchanges?: ExchangeOptions | undefined
  /** For ticks, heartbeats, polls and tokens. Default: the real one. */
  readonly time?: Time
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Sockets, streams and polls, for a shutdown. */
    streams: Streams
  }
}

/** Whoever asks here is meant to wait: streams, polls, and the work of a test's own length. */
const WITHOUT_DEADLINE: ReadonlySet<string> = new Set(['/sse', '/poll', '/ws', '/slow'])

/** A balancer that is refused an answer takes the instance for dead. */
const NEVER_SHED: ReadonlySet<string> = new Set(['/health'])

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
    accessLog,
    deadlineMs,
    limits,
    downstream,
    testRoutes = false,
    live,
    auth = 'off',
    tokenLifeS,
    time = systemTime,
    exchanges,
  } = options
  const app = fastify({
    bodyLimit,
    // The kit's probe and writes are short; whoever dribbles headers or a body is cut.
    requestTimeout: 30_000,
    http: {
      // A host is asked for where the answer has our marks, see client-error.ts.
      requireHostHeader: false,
      // Any other protocol is one that this server does not speak: a request for it is a request (RFC 9110, 7.8).
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    requestIdHeader: false,
    genReqId: (request) => requestId(request.headers['x-request-id']),
    // The drain decides what a closing server still takes, see drain.ts.
    return503OnClosing: false,
    clientErrorHandler: refuseBytes(boot),
    frameworkErrors: refuseUrl(boot),
  })
  // Before any route: one that is added earlier would answer errors in the framework's own form.
  answerWithProblems(app, (error, id) => log?.({ step: 'failed', requestId: id, error: String(error.stack) }))
  watchExchanges(app.server, exchanges)
  ignoreTheCut(app)
  refuseExpectations(app.server, boot)
  traceRequests(app)
  if (accessLog) logRequests(app, accessLog)
  healthRoutes(app, { boot, readiness })
  refuseHosts(app)
  await allowOrigins(app, origins)
  requestDeadlines(app, {
    exempt: WITHOUT_DEADLINE,
    ...(deadlineMs !== undefined && { defaultMs: deadlineMs }),
  })
  const admission = limits && limitLoad(app, { limits, exempt: NEVER_SHED, log })
  const sessions = createSessions(database, { time, ...(tokenLifeS !== undefined && { tokenLifeS }) })
  const check = auth === 'required' ? sessions.check : null
  const idempotency = createIdempotency(database, time.now)
  // It writes the name of its epoch, where there is none: another instance may begin on the same file.
  const eventLog = await whileHeld(new AbortController().signal, () => createEventLog(database, live))
  const onFailure = (error: unknown) => log?.({ step: 'failed', error: String(error) })
  guard(app, check)
  jsonBodies(app)
  authRoutes(app, sessions)
  orderRoutes(app, {
    store: createOrderStore(database, eventLog, boot),
    idempotency,
    boot,
    workers,
    workMs,
  })
  const overload = admission?.overload ?? (() => null)
  const parts = { boot, log: eventLog, idempotency, origins, time, check, onFailure, overload }
  const handle = liveRoutes(app, parts, live)
  app.decorate('streams', handle.streams)
  keepClean(app, { time, onFailure, kept: [idempotency, sessions] })
  if (downstream) quoteRoute(app, downstream)
  if (testRoutes) {
    slowRoute(app)
    forgettingRoutes(app, { sessions, live: handle })
  }
  return app
}
