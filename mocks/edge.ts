/**
 * The edge of the application: every request passes here, gets its number, and travels in virtual time.
 *
 * Out: offline at once, or half a round trip, again and again while packets vanish. There: refused, decreed,
 * or served. Back: the other half, likewise. Faults are looked at where they strike, not when it left.
 */
import type { RequestHandler } from 'msw'
import type { Random } from '../src/core/clock.js'
import type { Connections } from './connections.js'
import { createExchange, type Answer, type Departure, type Exchange } from './exchange.js'
import type { FaultBook } from './fault-book.js'
import type { Fault, FaultType } from './faults.js'
import type { LogEntry } from './log.js'
import type { Pace } from './pace.js'
import { data, syn, type Retransmission } from './retransmission.js'
import { ask, decreed, healthDraft, portal, sign } from './serve.js'
import type { Service } from './service.js'

/** What the edge connects. */
export interface EdgePorts {
  readonly pace: Pace
  readonly book: FaultBook
  readonly service: Service
  readonly connections: Connections
  readonly handlers: () => readonly RequestHandler[]
  readonly random: () => Random
  /** The round trip when all is well (ms). */
  readonly latencyMs: number
  readonly write: (entry: LogEntry) => void
}

/** Where requests leave the application. */
export interface Edge {
  /** Numbers a request and sets it on its way, in this very call. */
  send(departure: Departure): Exchange
  /** Those that are not over, in the order of their numbers. */
  readonly going: ReadonlySet<Exchange>
  /** The one whose handler runs; null: none, or several on a clock that does not wait. */
  readonly serving: () => Exchange | null
}

/** Makes an edge. */
export function createEdge(ports: EdgePorts): Edge {
  const { pace, book, service, connections } = ports
  const going = new Set<Exchange>()
  const now = () => pace.clock.now()
  let numbers = 0
  let serving: Exchange | null = null

  /** The first fault of this kind that strikes the request here and now. */
  const struck = <T extends FaultType>(
    exchange: Exchange,
    type: T,
  ): Extract<Fault, { type: T }> | undefined => {
    const fault = book.striking(exchange).find((one) => one.type === type)
    if (fault) exchange.fault = type
    return fault as Extract<Fault, { type: T }> | undefined
  }

  /** The round trip of this moment; each latency has its luck from the request's number. */
  const roundTripMs = (exchange: Exchange): number => {
    let ms = ports.latencyMs + (service.owns(exchange.url) ? service.slowMs() : 0)
    for (const fault of book.striking(exchange)) {
      if (fault.type !== 'latency') continue
      const { jitterMs = 0 } = fault
      const roll = jitterMs > 0 ? exchange.random.fork(`latency/${exchange.place}`).next() : 0.5
      ms += Math.max(0, fault.ms + (roll * 2 - 1) * jitterMs)
      exchange.fault ??= 'latency'
    }
    return Math.round(ms)
  }

  /** Half a round trip, as often as the packet vanishes; false: the kernel gave up. */
  const cross = async (exchange: Exchange, kind: Retransmission): Promise<boolean> => {
    const sentAt = now()
    const whole = roundTripMs(exchange)
    const halfMs = exchange.place === 'out' ? Math.floor(whole / 2) : Math.ceil(whole / 2)
    for (const ms of kind.sentMs) {
      await exchange.park(sentAt + ms + halfMs)
      if (!struck(exchange, 'blackhole')) return true
    }
    await exchange.park(sentAt + kind.gaveUpMs)
    return false
  }

  const serve = async (exchange: Exchange): Promise<Answer | 'error' | 'unknown-host'> => {
    const { url } = exchange
    const isOurs = service.owns(url)
    const from = isOurs ? { service, now: now() } : null
    const status = struck(exchange, 'status')
    if (status) return sign(decreed(status), url, status.from === 'gateway' ? null : from)
    const health = isOurs ? healthDraft(service, exchange) : null
    if (health) return sign(health, url, from)
    serving = exchange
    const answered = await ask(ports.handlers(), exchange, isOurs)
    if (serving === exchange) serving = null
    if (answered === 'unknown-host') return answered
    if (!exchange.over) exchange.reached = true
    return answered === 'error' ? answered : sign(answered, url, from)
  }

  const comeBack = async (exchange: Exchange, bring: () => void): Promise<void> => {
    exchange.place = 'back'
    if (await cross(exchange, data)) bring()
    else exchange.fail('gave-up')
  }

  const travel = async (exchange: Exchange): Promise<void> => {
    const { url } = exchange
    if (book.offline()) return exchange.cut('offline', 'offline')
    const kept = connections.take(url.host)
    if (!(await cross(exchange, kept ? data : syn))) return exchange.fail('gave-up')

    const foreign = struck(exchange, 'portal')
    if (foreign) {
      const answer = sign(portal(foreign.redirect ?? false), url, null)
      return comeBack(exchange, () => exchange.deliver(answer))
    }
    const isDown = service.owns(url) && !service.listens()
    if (isDown) exchange.fault = 'restart'
    if (isDown || struck(exchange, 'refuse')) return comeBack(exchange, () => exchange.fail('refused'))

    exchange.place = 'served'
    const answer = await serve(exchange)
    if (exchange.over) return
    if (typeof answer === 'string') return comeBack(exchange, () => exchange.fail(answer))
    const keeps = !(service.owns(url) && service.closing())
    return comeBack(exchange, () => {
      if (struck(exchange, 'reset')) return exchange.fail('reset')
      if (keeps) connections.giveBack(url.host)
      exchange.deliver(answer)
    })
  }

  return {
    going,
    serving: () => serving,
    send(departure) {
      const exchange = createExchange(++numbers, departure, {
        pace,
        random: ports.random(),
        write: ports.write,
        onOver: (one) => void going.delete(one),
      })
      going.add(exchange)
      void travel(exchange)
      return exchange
    },
  }
}
