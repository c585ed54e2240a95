/**
 * One watch per client over everything in the air: silence is evidence. It has one timer, and only while
 * something is pending; nothing runs while all is well. docs/spec/architecture.md, "Holding".
 */
import { createAlarm } from '../core/alarm.js'
import { isDown, type Connection, type LinkState } from '../core/state.js'
import { markOf, type Config } from './config.js'
import type { Flight, Flights } from './flight.js'

/** Numbers of the watch, in ms; see `HttpOptions`. */
export interface WatchNumbers {
  readonly watchdogMs: number
  readonly stalledMs: number
  readonly holdMs: number
}

/** What the watch asks and tells. */
export interface WatchPorts {
  /** Whether a request of unknown outcome may be sent again. */
  mayRepeat(config: Config): boolean
  /** Since when the oldest request is silent, if that is a second and more; null: none is. */
  onPending(since: number | null): void
}

/** The watch of one client. */
export interface Watchdog {
  /** A request takes off: look when it has to be over, and no later than a second from now. */
  begin(flight: Flight): void
  /** Bytes or an answer came to this flight. */
  moved(flight: Flight, now: number): void
  /** A probe came back well. */
  proved(): void
  /** Look now: the link has changed, or a slow request has landed. */
  look(): void
  stop(): void
}

/** The span of a silence that probes contradict doubles each time, up to this. */
const LONGEST_SPAN_MS = 60_000

/** A request silent for less is nobody's business (docs/spec/ux.md: slow ends after none > 1 s). */
const REPORT_AFTER_MS = 1_000

/** A request that a loss has passed over may be silent so long after the link is up again. */
const SURVIVOR_MS = 30_000

/** Whether the verdict is that nothing gets through. A planned loss lets what is in the air end by itself. */
export function isLost(link: LinkState): boolean {
  return isDown(link) && link.cause !== 'planned'
}

/** Makes the watch; it begins with the first request. */
export function createWatchdog(
  connection: Connection,
  numbers: WatchNumbers,
  flights: Flights,
  ports: WatchPorts,
): Watchdog {
  const { clock } = connection
  const alarm = createAlarm(clock, look)
  /** The last movement of the client as a whole; in an object, so that it is changed in place (P8). */
  const life = { movedAt: 0 }

  function look(): void {
    const now = clock.now()
    const { link } = connection.state
    let next = Infinity
    let since = Infinity
    let isSuspicious = false
    for (const flight of flights.seats) {
      const { config, quietSince } = flight
      if (!config || flight.endedBy) continue
      if (now >= flight.endsAt) {
        flight.end('late')
        continue
      }
      next = Math.min(next, flight.endsAt)
      const stalledMs = markOf(config)?.stalledMs ?? numbers.stalledMs
      const endAt = endsAt(flight, config, link, stalledMs)
      if (now >= endAt) {
        flight.end(isLost(link) && ports.mayRepeat(config) ? 'lost' : 'stalled')
        continue
      }
      next = Math.min(next, endAt)
      // A declared poll or stream is silent by nature: no evidence, and not slow.
      if (stalledMs === Infinity) continue
      if (now - quietSince < REPORT_AFTER_MS) next = Math.min(next, quietSince + REPORT_AFTER_MS)
      else since = Math.min(since, quietSince)
      if (link.name !== 'online') continue
      let dueAt = Math.max(quietSince, life.movedAt, link.since) + span(flight)
      if (now >= dueAt) {
        isSuspicious = true
        flight.spanMs = Math.min(LONGEST_SPAN_MS, 2 * span(flight))
        dueAt = now + flight.spanMs
      }
      next = Math.min(next, dueAt)
    }
    alarm.set(next)
    ports.onPending(since === Infinity ? null : since)
    if (!isSuspicious) return
    life.movedAt = now
    connection.send({ type: 'SUSPICION', cause: 'timeout' })
  }

  const span = (flight: Flight): number => flight.spanMs || numbers.watchdogMs

  /** When a silent request is ended: at once if the link is lost and it can be repeated, else after some time. */
  function endsAt(flight: Flight, config: Config, link: LinkState, stalledMs: number): number {
    if (isLost(link)) {
      if (ports.mayRepeat(config)) return flight.movedAt + numbers.watchdogMs
      return Math.max(flight.lostAt, flight.quietSince) + numbers.holdMs
    }
    // Planned: it ends by itself, unless whoever was to answer is gone for good.
    if (isDown(link)) return Math.max(flight.quietSince, link.since) + numbers.holdMs
    if (link.name !== 'online') return Infinity
    const patienceMs = flight.lostAt > 0 ? Math.min(SURVIVOR_MS, stalledMs) : stalledMs
    return Math.max(flight.quietSince, link.since) + patienceMs
  }

  return {
    begin({ startedAt, endsAt }) {
      const at = Math.min(endsAt, startedAt + REPORT_AFTER_MS)
      if (at < alarm.at) alarm.set(at)
    },
    moved(flight, now) {
      life.movedAt = flight.movedAt = now
      flight.spanMs = 0
    },
    proved() {
      life.movedAt = clock.now()
    },
    look,
    stop: () => alarm.set(Infinity),
  }
}
