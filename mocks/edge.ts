/**
 * The edge of the application: every request passes here, gets its number, and travels in virtual time.
 *
 * Out: offline at once, or, when the browser has a connection for it, half a round trip, again and again while packets vanish. There: refused, decreed,
 * or served. Back: the other half, likewise; a body that is slow, or still being made, comes piece by piece.
 * Faults are looked at where they strike, not when it left.
 *
 * What is cut on a kept connection before a head has come is sent again, as browsers do, and again as long as it is
 * on a kept one: with four idle ones that are all cut it arrives five times, the last time on a new one (measured in
 * Chromium 156 for RST and FIN, GET and POST, fetch and XMLHttpRequest; the one that was used last comes first). The
 * service may have done it each time. A 408 there is taken for the same, whether the connection is closed or not. What
 * is cut on a new connection is not sent again, and a body that is a stream never.
 */
import type { RequestHandler } from 'msw'
import type { Random } from '../src/core/clock.js'
import type { Stop } from '../src/core/state.js'
import { sendStream, type AnswerStream } from './answer-stream.js'
import { countBytes } from './answer-text.js'
import type { Bytes } from './answer.js'
import type { Connections } from './connections.js'
import type { Desk } from './delays.js'
import type { Departure, Exchange } from './exchange.js'
import type { FaultBook } from './fault-book.js'
import { isAtOnce, type Fault } from './faults.js'
import type { LogEntry } from './log.js'
import type { Pace } from './pace.js'
import type { Path } from './path.js'
import { createExchange } from './request-exchange.js'
import { ask, badGateway, decreed, healthDraft, portal, sign, unauthorized, type Signed } from './serve.js'
import type { Service } from './service.js'
import { createTrips, type Trip } from './trip.js'

/** What the edge connects. */
export interface EdgePorts {
  readonly pace: Pace
  readonly book: FaultBook
  readonly path: Path
  readonly service: Service
  readonly connections: Connections
  /** Whether what is dialled is for whoever has waited longest. */
  readonly sharesDials: boolean
  /** Where the exchange stands whose handler runs. */
  readonly desk: Desk
  readonly handlers: () => readonly RequestHandler[]
  readonly random: () => Random
  /** The next number; a socket takes one, too. */
  readonly number: () => number
  readonly write: (entry: LogEntry) => void
  /** How much time was skipped while the device slept: the service's clock says it, too (ms). */
  readonly skippedMs: () => number
  /** Runs what the device is told: at once, or when its page runs again. */
  readonly hand: (order: number, run: () => void) => void
}

/** Where requests leave the application. */
export interface Edge {
  /** Numbers a request and sets it on its way, in this very call. */
  send(departure: Departure): Exchange
  /** Those that are not over, or go on without their caller, in the order of their numbers. */
  readonly going: ReadonlySet<Exchange>
  /** Ends the dials that no request waits for any more. */
  forgetDials: Stop
  /** A fault was put in force: what is open and is struck at once. */
  strike(fault: Fault): void
  /** The streams of the service that are open, as those whom it sends away when it has drained. */
  leaving(which: (boot: string | null) => boolean): readonly Leaver[]
  /** An instance behind a gateway has gone: what it had not done is answered by that. */
  lose(boot: string): void
}

/** Who is sent away when the service has drained; of all of them, the lower number has the earlier turn. */
export interface Leaver {
  readonly id: number
  /** Ends it in good order, and tells it when to come back. */
  leave(retryAfterMs: number): void
}

/** The status that a browser takes for the loss of a kept connection. */
const TIMED_OUT = 408

/** How many clients a second can come back: a place in the row adds to what they are told (as the server's). */
export const RETURN_CAPACITY = 200

/** When the turn of a client at this place (from 0) is, in ms. */
export const turnMs = (baseMs: number, place: number): number =>
  Math.round(baseMs + (place * 1000) / RETURN_CAPACITY)

/** Makes an edge. */
export function createEdge(ports: EdgePorts): Edge {
  countBytes()
  const { pace, book, path, service, desk } = ports
  const trips = createTrips(ports)
  const { struck } = path
  const going = new Set<Exchange>()
  const streams = new Map<Exchange, AnswerStream>()
  const served = new Map<Exchange, Trip>()
  const now = () => pace.clock.now()

  const serve = async (trip: Trip): Promise<Signed | 'error' | 'unknown-host'> => {
    const { exchange } = trip
    const isOurs = service.owns(exchange.url)
    const serviceNow = now() + ports.skippedMs() + (struck(exchange, 'clockSkew')?.ms ?? 0)
    exchange.boot = isOurs ? service.route(exchange.id) : null
    const from = exchange.boot === null ? null : { boot: exchange.boot, now: serviceNow }
    const status = struck(exchange, 'status')
    if (status) return sign(decreed(status, serviceNow), exchange, status.from === 'gateway' ? null : from)
    const health = isOurs ? healthDraft(service, exchange, serviceNow) : null
    if (health) return sign(health, exchange, from)
    const refusal = struck(exchange, 'unauthorized')
    if (refusal) return sign(unauthorized(refusal), exchange, from)
    desk.serving = exchange
    const answered = await ask(ports.handlers(), exchange, isOurs)
    if (desk.serving === exchange) desk.serving = null
    if (answered === 'unknown-host') return answered
    if (!trip.isCut && (!exchange.over || exchange.left)) exchange.reached = true
    return answered === 'error' ? answered : sign(answered, exchange, from)
  }

  const comeBack = async (trip: Trip, bring: () => void): Promise<void> => {
    const { exchange } = trip
    if (exchange.over) return exchange.arrived()
    exchange.place = 'back'
    if (await trips.comeBack(trip)) bring()
    else exchange.fail('gave-up')
  }

  const deliver = (trip: Trip, answer: Signed): Promise<void> | void => {
    const { exchange } = trip
    const { body } = answer
    const isRepeated = answer.status === TIMED_OUT && exchange.onReset !== null
    if (exchange.over || trip.isCut || isRepeated) {
      if (body instanceof ReadableStream) void body.cancel().catch(() => {})
      if (isRepeated) return comeBack(trip, () => exchange.fail('reset'))
      return trip.isCut ? undefined : exchange.arrived()
    }
    const keeps = !(service.owns(exchange.url) && service.closing())
    const onComplete = () => {
      if (keeps) trips.keep(trip)
    }
    exchange.place = 'back'
    if (body === null || (body instanceof Uint8Array && !comesInPieces(exchange, book))) {
      return comeBack(trip, () => {
        if (struck(exchange, 'reset', isAtOnce)) return exchange.fail('reset')
        onComplete()
        exchange.deliver(answer, body)
      })
    }
    const lane = trips.laneBack(trip)
    const stream = sendStream(answer, body, { pace, book, path, lane, exchange, onComplete })
    streams.set(exchange, stream)
    exchange.whenOver(() => streams.delete(exchange))
  }

  const sendAgain = (trip: Trip): void => {
    const { exchange, slot } = trip
    trip.isCut = true
    streams.delete(exchange)
    slot?.close()
    void travel(exchange)
  }

  const travel = async (exchange: Exchange): Promise<void> => {
    const { url } = exchange
    if (book.offline()) return exchange.cut('offline', 'offline')
    const trip = trips.begin(exchange)
    if (!(await trips.goThere(trip))) return exchange.fail('gave-up')
    if (trip.isOnKept && !exchange.isStream) exchange.onReset = () => sendAgain(trip)

    const foreign = struck(exchange, 'portal')
    if (foreign) return deliver(trip, sign(portal(foreign.redirect ?? false), exchange, null))
    const isDown = service.owns(url) && !service.listens()
    const isRefused = isDown && !trip.isOnKept
    const isUnknown = !isRefused && !trips.isKnown(trip)
    if (isRefused || isUnknown) exchange.fault = 'restart'
    // A machine answers what it does not know with a reset, whether another process has begun since then or not.
    if (isUnknown) return comeBack(trip, () => exchange.fail('reset'))
    if (isRefused || struck(exchange, 'refuse')) return comeBack(trip, () => exchange.fail('refused'))

    exchange.place = 'served'
    served.set(exchange, trip)
    const answer = await serve(trip)
    if (served.get(exchange) === trip) served.delete(exchange)
    if (typeof answer === 'string' && trip.isCut) return
    if (typeof answer === 'string') return comeBack(trip, () => exchange.fail(answer))
    return deliver(trip, answer)
  }

  return {
    going,
    send(departure) {
      const exchange = createExchange(ports.number(), departure, {
        pace,
        random: ports.random(),
        write: ports.write,
        hand: ports.hand,
        onGone: (one) => void going.delete(one),
      })
      going.add(exchange)
      void travel(exchange)
      return exchange
    },
    forgetDials: trips.forgetDials,
    strike(fault) {
      for (const stream of [...streams.values()]) stream.strike(fault)
    },
    leaving(which) {
      const ours = [...streams].filter(([{ url, boot }]) => service.owns(url) && which(boot))
      return ours.map(([{ id }, { dismiss }]) => ({ id, leave: dismiss }))
    },
    lose(boot) {
      for (const [exchange, trip] of [...served]) {
        if (exchange.boot !== boot) continue
        trip.isCut = true
        exchange.fault = 'restart'
        const { body, ...head } = sign(badGateway(), exchange, null)
        void comeBack(trip, () => exchange.deliver(head, body as Bytes))
      }
    },
  }
}

/** Whether a fault slows down or cuts the body of an answer that is there: else it comes with its head. */
function comesInPieces(exchange: Exchange, book: FaultBook): boolean {
  return book
    .striking(exchange, 'bandwidth', 'truncate', 'reset')
    .some((fault) => fault.type !== 'reset' || !isAtOnce(fault))
}
