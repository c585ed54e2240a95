/**
 * The edge of the application: every request passes here, gets its number, and travels in virtual time.
 *
 * Out: offline at once, or half a round trip, again and again while packets vanish. There: refused, decreed,
 * or served. Back: the other half, likewise; a body that is slow, or still being made, comes piece by piece.
 * Faults are looked at where they strike, not when it left.
 */
import type { RequestHandler } from 'msw'
import type { Random } from '../src/core/clock.js'
import { sendStream, type AnswerStream } from './answer-stream.js'
import type { Connections } from './connections.js'
import type { Desk } from './delays.js'
import { createExchange, type Departure, type Exchange } from './exchange.js'
import type { FaultBook } from './fault-book.js'
import type { Fault } from './faults.js'
import { createLane, type Lane } from './lane.js'
import type { LogEntry } from './log.js'
import type { Pace } from './pace.js'
import type { Path, Struck } from './path.js'
import { data, syn, type Retransmission } from './retransmission.js'
import { ask, decreed, healthDraft, portal, sign, unauthorized, type Signed } from './serve.js'
import type { Service } from './service.js'

/** What the edge connects. */
export interface EdgePorts {
  readonly pace: Pace
  readonly book: FaultBook
  readonly path: Path
  readonly service: Service
  readonly connections: Connections
  /** Where the exchange stands whose handler runs. */
  readonly desk: Desk
  readonly handlers: () => readonly RequestHandler[]
  readonly random: () => Random
  /** The next number; a socket takes one, too. */
  readonly number: () => number
  readonly write: (entry: LogEntry) => void
}

/** Where requests leave the application. */
export interface Edge {
  /** Numbers a request and sets it on its way, in this very call. */
  send(departure: Departure): Exchange
  /** Those that are not over, in the order of their numbers. */
  readonly going: ReadonlySet<Exchange>
  /** A fault was put in force: what is open and is struck at once. */
  strike(fault: Fault): void
  /** The service has drained: its streams end, each told when to come back. */
  dismiss(retryAfterMs: number): void
}

/** A request and its connection. */
interface Trip {
  readonly exchange: Exchange
  /** When its connection was dialled; Infinity: not yet. */
  dialledAt: number
  /** Since when the request is on it. */
  connectedAt: number
  /** `stale`: the path has forgotten it while it was idle. */
  connection: 'new' | 'kept' | 'stale'
}

/** How many clients a second can come back: a place in the row adds to what they are told (as the server's). */
const RETURN_CAPACITY = 200

/** When the turn of a client at this place (from 0) is, in ms. */
export const turnMs = (baseMs: number, place: number): number =>
  Math.round(baseMs + (place * 1000) / RETURN_CAPACITY)

/** Makes an edge. */
export function createEdge(ports: EdgePorts): Edge {
  const { pace, book, path, service, connections, desk } = ports
  const { struck } = path
  const going = new Set<Exchange>()
  const streams = new Map<Exchange, AnswerStream>()
  const now = () => pace.clock.now()

  const isHole = (trip: Trip, target: Struck): boolean => {
    if (trip.connection !== 'stale') return path.isHole(target, trip.connectedAt)
    target.fault = 'lost'
    return true
  }
  const laneOf = (trip: Trip, first: Retransmission, onGaveUp?: () => void): Lane<Struck> =>
    createLane({
      ...{ pace, order: trip.exchange.id, first, halfMs: path.halfMs, wireMs: path.wireMs },
      isHole: (target) => isHole(trip, target),
      ...(onGaveUp && { onGaveUp }),
    })

  /** Half a round trip, as often as the packet vanishes; false: the kernel gave up. */
  const cross = (trip: Trip, kind: Retransmission, bytes = 0): Promise<boolean> =>
    new Promise((resolve) => {
      const { exchange } = trip
      const land = (arrived: boolean) => {
        exchange.go()
        resolve(arrived)
      }
      const lane = laneOf(trip, kind, () => land(false))
      exchange.park(lane.stop)
      lane.send({ target: exchange, bytes, arrive: () => land(true) })
    })

  const dial = async ({ url }: Exchange, trip: Trip): Promise<boolean> => {
    const kept = connections.take(url.host)
    if (kept) {
      const isStale = book.forgotIdle(url.host, kept.connectedAt)
      Object.assign(trip, { dialledAt: kept.connectedAt, connectedAt: now() })
      trip.connection = isStale ? 'stale' : 'kept'
    }
    const bytes = await weightOf(trip.exchange, path)
    if (!(await cross(trip, kept ? data : syn, bytes))) return false
    if (!kept) trip.dialledAt = trip.connectedAt = now()
    return true
  }

  const serve = async (exchange: Exchange): Promise<Signed | 'error' | 'unknown-host'> => {
    const isOurs = service.owns(exchange.url)
    const serviceNow = now() + (struck(exchange, 'clockSkew')?.ms ?? 0)
    const from = isOurs ? { service, now: serviceNow } : null
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
    if (!exchange.over) exchange.reached = true
    return answered === 'error' ? answered : sign(answered, exchange, from)
  }

  const comeBack = async (trip: Trip, bring: () => void): Promise<void> => {
    trip.exchange.place = 'back'
    if (await cross(trip, data)) bring()
    else trip.exchange.fail('gave-up')
  }

  const deliver = (trip: Trip, answer: Signed): Promise<void> | void => {
    const { exchange } = trip
    const { host } = exchange.url
    const keeps = !(service.owns(exchange.url) && service.closing())
    const onComplete = () => {
      if (keeps) connections.giveBack(host, { connectedAt: trip.dialledAt })
    }
    exchange.place = 'back'
    const { body } = answer
    if (body === null || (body instanceof Uint8Array && !comesInPieces(exchange, book))) {
      return comeBack(trip, () => {
        if (struck(exchange, 'reset')) return exchange.fail('reset')
        onComplete()
        exchange.deliver(answer, body)
      })
    }
    const lane = laneOf(trip, data)
    const stream = sendStream(answer, body, { pace, book, path, lane, exchange, onComplete })
    streams.set(exchange, stream)
    exchange.whenOver(() => streams.delete(exchange))
  }

  const travel = async (exchange: Exchange): Promise<void> => {
    const { url } = exchange
    if (book.offline()) return exchange.cut('offline', 'offline')
    const trip: Trip = { exchange, dialledAt: Infinity, connectedAt: Infinity, connection: 'new' }
    if (!(await dial(exchange, trip))) return exchange.fail('gave-up')

    const foreign = struck(exchange, 'portal')
    if (foreign) return deliver(trip, sign(portal(foreign.redirect ?? false), exchange, null))
    const isDown = service.owns(url) && !service.listens()
    if (isDown) exchange.fault = 'restart'
    if (isDown || struck(exchange, 'refuse')) return comeBack(trip, () => exchange.fail('refused'))

    exchange.place = 'served'
    const answer = await serve(exchange)
    if (exchange.over) return
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
        onOver: (one) => void going.delete(one),
      })
      going.add(exchange)
      void travel(exchange)
      return exchange
    },
    strike(fault) {
      for (const stream of [...streams.values()]) stream.strike(fault)
    },
    dismiss(retryAfterMs) {
      const ours = [...streams].filter(([{ url }]) => service.owns(url))
      ours.forEach(([, stream], place) => stream.dismiss(turnMs(retryAfterMs, place)))
    },
  }
}

/** What a request weighs; it is asked only where weight is time. */
async function weightOf(exchange: Exchange, path: Path): Promise<number> {
  if (exchange.method === 'GET' || exchange.method === 'HEAD' || path.kBps(exchange) === Infinity) return 0
  return (await exchange.request().clone().arrayBuffer()).byteLength
}

/** Whether a fault slows down or cuts the body of an answer that is there: else it comes with its head. */
function comesInPieces(exchange: Exchange, book: FaultBook): boolean {
  return book
    .striking(exchange)
    .some(
      (fault) =>
        fault.type === 'bandwidth' ||
        fault.type === 'truncate' ||
        (fault.type === 'reset' && (fault.afterBytes ?? 0) > 0),
    )
}
