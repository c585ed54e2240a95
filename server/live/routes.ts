/** `/ws`, `/sse`, `/poll` and `POST /send`: four doors to one log. */
import type { FastifyInstance } from 'fastify'
import type { AccessCheck } from '../auth/sessions.ts'
import type { Idempotency } from '../idempotency.ts'
import { whileHeld } from '../patience.ts'
import { Problem } from '../problem.ts'
import type { Streams } from '../shutdown.ts'
import type { Time } from '../time.ts'
import { readAsked, refuseCrowd, text } from './asked.ts'
import { createAudience } from './audience.ts'
import { tickWhileHeard } from './clock-topic.ts'
import type { EventLog } from './event-log.ts'
import { createHub } from './hub.ts'
import type { Limits, Live } from './live.ts'
import { answerPoll } from './poll.ts'
import { createSend } from './publish.ts'
import { readMembers } from './read-frame.ts'
import { acceptSockets } from './sockets.ts'
import { serveStream } from './stream.ts'

/** Limits that can be set. */
export interface LiveOptions {
  /** How often, in ms, clients should PING; told in HELLO. A socket silent for 2.5 times as long is cut. Default 25 000. */
  readonly heartbeatMs?: number
  /** How many sockets, streams and waiting polls there may be, all together. Default 5000; more are told when their turn is: sockets by 1013, the others by 503. */
  readonly mostListeners?: number
  /** Bytes that may wait to go out to one listener before it is handed no more events. Default 256 KiB. */
  readonly outgoingBytes?: number
  /** The largest frame taken, in bytes. Default 64 KiB; more closes with 1009. */
  readonly frameBytes?: number
  /** The most frames taken from one socket in a second. Default 200; more closes with 1008. */
  readonly framesPerS?: number
  /** The longest a poll is held, in ms. Default 25 000. */
  readonly pollMs?: number
}

/** What the routes need. */
export interface LiveParts {
  readonly boot: string
  readonly log: EventLog
  readonly idempotency: Idempotency
  readonly origins: readonly string[]
  readonly time: Time
  /** Looks at a token; null: nobody has to show one. */
  readonly check: AccessCheck | null
  /** Why no socket may be opened now; null: it may. Streams and polls pass the door of all requests. */
  readonly overload: () => Problem | null
  /** Told of ticks that could not be written. */
  readonly onFailure: (error: unknown) => void
}

/** What the rest of the server does with those who listen. */
export interface LiveHandle {
  /** For a shutdown. */
  readonly streams: Streams
  /** Ends the conversations of all sessions: 4402, or the end of the stream. */
  forgetSessions(): void
  /** Begins a new epoch; everybody who listens is told. */
  resetLog(): void
}

/** Adds the routes, and takes the server's upgrades. */
export function liveRoutes(app: FastifyInstance, parts: LiveParts, options: LiveOptions = {}): LiveHandle {
  const { boot, log, idempotency, origins, time, check, onFailure, overload } = parts
  const { mostListeners = 5000, heartbeatMs = 25_000, outgoingBytes = 256 * 1024 } = options
  const { frameBytes = 64 * 1024, framesPerS = 200, pollMs = 25_000 } = options
  const limits: Limits = { heartbeatMs, outgoingBytes, frameBytes, framesPerS, pollMs }
  const hub = createHub(log)
  const audience = createAudience({ most: mostListeners, heartbeatMs, time })
  const live: Live = { boot, hub, audience, send: createSend(log, idempotency), time, limits, check }
  const stopTicking = tickWhileHeard(hub, time, onFailure)

  acceptSockets(app.server, live, { origins, overload })
  streamAndPollRoutes(app, live)
  app.post('/send', async (request) => {
    const members = typeof request.body === 'object' && request.body !== null ? request.body : {}
    const reading = readMembers('SEND', members as Readonly<Record<string, unknown>>)
    if (reading.name !== 'frame' || reading.frame.type !== 'SEND')
      throw new Problem(400, 'malformed', reading.name === 'frame' ? 'not a message' : reading.detail)
    const { frame } = reading
    const sent = await whileHeld(request.deadline.signal, () => live.send(request.user, frame))
    if (sent.name === 'sent') return { offset: sent.offset }
    if (sent.code === 'id-reused') throw new Problem(422, 'key-reused', sent.detail)
    throw new Problem(400, sent.code === 'unknown-topic' ? 'unknown-topic' : 'malformed', sent.detail)
  })
  app.addHook('preClose', async () => {
    stopTicking()
    audience.stop()
    audience.destroyAll()
  })
  return { streams: audience.streams, forgetSessions: audience.forgetAll, resetLog: hub.reset }
}

type Query = Readonly<Record<string, unknown>>

function streamAndPollRoutes(app: FastifyInstance, live: Live): void {
  // A HEAD for what waits would wait for nothing.
  const exposeHeadRoute = false
  app.get<{ Querystring: Query }>('/sse', { exposeHeadRoute }, (request, reply) => {
    refuseCrowd(live)
    const { topics, cursor } = request.query
    serveStream(
      live,
      readAsked(text(topics, 'topics'), request.headers['last-event-id'], cursor),
      request,
      reply,
    )
  })
  app.post<{ Body: Query | null }>('/sse', (request, reply) => {
    refuseCrowd(live)
    const { topics, cursor } = request.body ?? {}
    serveStream(live, readAsked(topics, request.headers['last-event-id'], cursor), request, reply)
  })
  app.get<{ Querystring: Query }>('/poll', { exposeHeadRoute }, async (request, reply) => {
    refuseCrowd(live)
    const { topics, cursor, 'wait-ms': wait } = request.query
    const waitMs = readWait(wait, live.limits.pollMs)
    reply.header('Cache-Control', 'no-store').type('application/json; charset=utf-8')
    return answerPoll(live, readAsked(text(topics, 'topics'), cursor), waitMs, request, reply)
  })
}

function readWait(given: unknown, most: number): number {
  if (given === undefined) return most
  if (typeof given === 'string' && /^\d{1,9}$/.test(given)) return Math.min(Number(given), most)
  throw new Problem(400, 'malformed', `wait-ms is a whole number from 0 to ${most}`)
}
