/** The way of a request through an outage: sent, held, repeated, or given back to its caller. */
import type { HoldfastErrorCode } from '../core/errors.js'
import { isDown, type Connection, type FactSource, type Stop } from '../core/state.js'
import { createCall, finish, type Call, type Landing } from './call.js'
import type { Cancelled } from './cancel.js'
import { classify, type Classified } from './classify.js'
import { isSingle, markOf, type Adapter, type Answer, type Config } from './config.js'
import { createEndings } from './endings.js'
import { createEvidence } from './evidence.js'
import { createFacts } from './facts.js'
import { createFlights, type Flight, type Flights } from './flight.js'
import { createGate } from './gate.js'
import { createHolding } from './holding.js'
import { addKey, hasKey, isSafe, whyNotAgain } from './idempotency.js'
import { createLeaveGuard } from './leave.js'
import type { Why } from './log.js'
import type { Settings } from './options.js'
import { createRelease } from './release.js'
import { createRepeats } from './repeat.js'
import { createShares, type Sharing } from './share.js'
import { createStamp } from './stamp.js'
import { createWaits } from './wait.js'
import { createWatchdog, isLost, type Watchdog } from './watchdog.js'
import { checkMark, deadlineOf, limit } from './wishes.js'

/** What is known of an attempt that the kit itself ended. */
const ENDED: Classified = { class: 'maybe-committed', isOurs: false }

/** The same of one that had its time. */
const TIMED_OUT: Classified = { class: 'maybe-committed', suspicion: 'timeout', isOurs: false }

/** The platform below the core: axios, or fetch. */
export interface Platform {
  /** Its own way to the network. */
  adapterFor(config: Config): Adapter
  readonly cancelled: Cancelled
  /** How identical reads are told, and answers doubled. */
  readonly sharing: Sharing
}

/** The requests of one axios instance, or of one fetch, to the service. */
export interface Client extends FactSource {
  /** Sends a request of the service, now or when the link is up. */
  request(config: Config): Promise<Answer>
  /** Rejects what waits; what is in the air ends by itself, and is not repeated. */
  close(): void
}

/** Makes a client. */
export function createClient(
  connection: Connection,
  settings: Settings,
  { adapterFor, cancelled, sharing }: Platform,
): Client {
  const { clock, random } = connection
  const facts = createFacts()
  const flights: Flights = createFlights(
    { clock, boarded, answered, failed, moved: (flight) => watchdog.moved(flight, clock.now()) },
    hearsUpload,
  )
  const watchdog: Watchdog = createWatchdog(connection, settings, flights, {
    mayRepeat: (config) => whyNotAgain(config, 'maybe-committed', settings.idempotency) === null,
    onPending: (pendingSince) => facts.tell({ pendingSince }),
  })
  const waits = createWaits(clock, onWaiting, cancelled)
  const gate = createGate(clock, waits)
  const shares = createShares(sharing, waits)
  const endings = createEndings(connection, settings.journal)
  const isOpen = () => follow !== null
  const holding = createHolding(connection, settings, waits, gate, endings, isOpen)
  const again = createRelease(connection, settings, {
    ...{ waits, gate, shares, holding, endings, cancelled, launch },
  })
  const after = createRepeats(connection, settings, { waits, holding, endings, again, losses: () => losses })
  const stamp = createStamp(connection, settings)
  const tell = createEvidence(connection, isOpen)
  const guard = createLeaveGuard(settings.window)
  let unwant: Stop | null = null
  /** Counts the losses of the link: whoever waited knows by it what the verdict was. */
  let losses = 0
  let refreshedAt = 0
  let signedOutAt = -Infinity
  let before = connection.state
  let follow: Stop | null = connection.subscribe((now, event) => {
    const { link } = now
    if (event.type === 'PROBE_OK') watchdog.proved()
    if (event.type === 'REFRESHED') refreshedAt = clock.now()
    // The next person's token and cookies are not for what this one has asked for (I14).
    if (event.type === 'SIGNED_OUT') signedOutAt = clock.now()
    if (event.type === 'SIGNED_OUT') waits.end('signed-out')
    if (isDown(link) && !isDown(before.link)) losses += 1
    if (isLost(link) && !isLost(before.link)) onLost()
    if (isDown(link) || link.name === 'idle') gate.shut()
    else if (isDown(before.link) && waits.held > 0) gate.open()
    before = now
    if (now.auth !== 'refreshing') waits.end('go', 'auth')
    if (link.name === 'online') waits.end('go', 'link')
    else if (link.name === 'idle') waits.end(now.intent === 'offline' ? 'paused' : 'stopped')
    if (flights.taken > 0) watchdog.look()
  })

  /** A single attempt ends with the link; the watch sees to the others. */
  function onLost(): void {
    for (const flight of flights.seats) {
      if (!flight.config) continue
      flight.lostAt = clock.now()
      if (isSingle(flight.config)) flight.end('lost')
    }
  }

  function onWaiting(): void {
    guard(waits.unsafe)
    facts.tell({ held: waits.held })
    if (waits.held > 0) unwant ??= connection.want()
    else {
      unwant?.()
      unwant = null
    }
  }

  function request(config: Config): Promise<Answer> {
    const { link, intent } = connection.state
    // axios looks at its own signal only: that of the mark may have aborted while an interceptor waited.
    const reason = cancelled(config)
    if (reason !== undefined) return Promise.reject(reason as Error)
    const mark = markOf(config)
    if (mark) checkMark(mark)
    if (link.name !== 'idle' || isSingle(config)) addKey(config, clock, random, settings.idempotency)
    if (intent === 'offline') return refuse(config, 'paused')
    if (link.name === 'idle') return adapterFor(config)(config)
    if (!isDown(link)) return launch(config, null)
    if (isSingle(config)) return refuse(config, 'link-down')
    return again(createCall(config, clock.now(), 0), 'link-up')
  }

  async function refuse(config: Config, code: HoldfastErrorCode & Why): Promise<never> {
    throw endings.refuse(createCall(config, clock.now(), 0), code, code)
  }

  function launch(config: Config, call: Call | null): Promise<Answer> {
    if (call && call.arrivedAt <= signedOutAt) throw endings.refuse(call, 'signed-out', 'signed-out')
    const adapter = adapterFor(config)
    if (!call || call.attempts === 0) connection.budget.requests += 1
    if (call) call.attempts += 1
    return flights.launch(adapter, config, call, connection.state.link.name !== 'online')
  }

  function boarded(flight: Flight): void {
    limit(flight, settings)
    if (stamp && flight.config) stamp(flight.config, flight.endsAt)
    watchdog.begin(flight)
  }

  function answered(flight: Flight, response: Answer): Answer | Promise<Answer> {
    const outcome = classify(response)
    const now = clock.now()
    watchdog.moved(flight, now)
    if (outcome.class !== 'ok') return recover(flight, { outcome, response })
    if (flight.call) gate.landed(flight.call, true)
    if (waits.count('budget') > 0) waits.end('go', 'budget')
    land(flight)
    tell(outcome, flight, now, response)
    return response
  }

  async function failed(flight: Flight, error: unknown): Promise<Answer> {
    const { config, endedBy } = flight
    const own = endedBy !== null && endedBy !== 'caller'
    const outcome = own ? endOf(flight, settings, clock.now()) : classify(error)
    if (outcome.class !== 'cancelled' && endedBy !== 'caller') {
      return recover(flight, own ? { outcome } : { outcome, error })
    }
    land(flight)
    throw (config && cancelled(config)) ?? error
  }

  function land(flight: Flight): void {
    flights.land(flight)
    if (facts.now.pendingSince !== null) watchdog.look()
  }

  async function recover(flight: Flight, landing: Landing): Promise<Answer> {
    const { config, startedAt, isProvisional, endedBy } = flight
    if (!config) throw landing.error
    const call = flight.call ?? createCall(config, startedAt, 1)
    const { outcome } = landing
    call.last = landing
    gate.landed(call, outcome.isOurs && outcome.class !== 'overloaded')
    const now = clock.now()
    if (outcome.status !== undefined) watchdog.moved(flight, now)
    land(flight)
    tell(outcome, flight, now, landing.response)
    if (!follow) return finish(call)
    if (call.arrivedAt <= signedOutAt) return endings.giveBack(call, 'signed-out')
    return after(call, outcome, { isProvisional, endedBy, isSinceRefresh: startedAt >= refreshedAt })
  }

  return {
    request,
    subscribe: facts.subscribe,
    close() {
      follow?.()
      follow = null
      watchdog.stop()
      gate.shut()
      waits.end('stopped')
      facts.tell({ pendingSince: null })
    },
  }
}

/** The end of an attempt's own time is evidence; that of the caller's patience is none. */
function endOf({ config, call, startedAt, endedBy }: Flight, settings: Settings, now: number): Classified {
  if (endedBy !== 'late' || !config) return ENDED
  return now < deadlineOf(config, settings, call?.arrivedAt ?? startedAt) ? TIMED_OUT : ENDED
}

/**
 * Whether the progress of its upload is listened to: that forces a preflight, which a caller who listens himself, or
 * the key, has forced already. Only XHR tells without a stream.
 */
const hearsUpload: Parameters<typeof createFlights>[1] = (config, adapter) =>
  Boolean(config.onUploadProgress) ||
  (!isSafe(config) && 'adapterName' in adapter && adapter.adapterName === 'xhr' && hasKey(config))
