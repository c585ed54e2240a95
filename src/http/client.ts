/** The way of a request through an outage: sent, held, repeated, or given back to its caller. */
import type { AxiosAdapter, AxiosResponse } from 'axios'
import type { HoldfastErrorCode } from '../core/errors.js'
import { isDown, type Connection, type FactSource, type Stop } from '../core/state.js'
import { createCall, finish, refusal, type Call, type Landing } from './call.js'
import { cancelled } from './cancel.js'
import { classify, type Classified } from './classify.js'
import { isSingle, type Config } from './config.js'
import { createFacts } from './facts.js'
import { createFlights, type Flight, type Flights } from './flight.js'
import { header } from './headers.js'
import { addKey, hasKey, isSafe, mayRepeat } from './idempotency.js'
import type { Settings } from './options.js'
import { createRepeats } from './repeat.js'
import { createWaits } from './wait.js'
import { createWatchdog, isLost, type Watchdog } from './watchdog.js'

/** Good answers while the link is up are told at most once in this time: they are only signs of life. */
const TELL_GAP_MS = 1_000

/** What is known of an attempt that the kit itself ended. */
const ENDED: Classified = { class: 'maybe-committed', isOurs: false }

/** The requests of one axios instance to the service. */
export interface Client extends FactSource {
  /** Sends a request of the service, now or when the link is up. */
  request(config: Config): Promise<AxiosResponse>
  /** Rejects what waits; what is in the air ends by itself, and is not repeated. */
  close(): void
}

/** Makes a client. `adapterFor` is the instance's own way to the network. */
export function createClient(
  connection: Connection,
  settings: Settings,
  adapterFor: (config: Config) => AxiosAdapter,
): Client {
  const { clock, random, auth } = connection
  const facts = createFacts()
  const flights: Flights = createFlights(
    { clock, answered, failed, moved: (flight) => watchdog.moved(flight) },
    // Listening for it forces a preflight, which the key has forced already. Only XHR tells without a stream.
    (config, adapter) =>
      !isSafe(config) && 'adapterName' in adapter && adapter.adapterName === 'xhr' && hasKey(config),
  )
  const watchdog: Watchdog = createWatchdog(connection, settings, flights, {
    mayRepeat: (config) => mayGoAgain(config, 'maybe-committed'),
    onPending: (pendingSince) => facts.tell({ pendingSince }),
  })
  const waits = createWaits(clock, onHeld)
  const repeats = createRepeats(connection, settings, waits, {
    launch,
    mayGoAgain,
    losses: () => losses,
    isOpen: () => follow !== null,
  })
  let unwant: Stop | null = null
  /** Counts the losses of the link: whoever waited knows by it what the verdict was. */
  let losses = 0
  let toldAt = 0
  let refreshedAt = 0
  let before = connection.state
  let follow: Stop | null = connection.subscribe((now, event) => {
    const { link } = now
    if (event.type === 'PROBE_OK') watchdog.proved()
    if (event.type === 'REFRESHED') refreshedAt = clock.now()
    if (isDown(link) && !isDown(before.link)) losses += 1
    if (isLost(link) && !isLost(before.link)) onLost()
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

  function onHeld(): void {
    facts.tell({ held: waits.held })
    if (waits.held > 0) unwant ??= connection.want()
    else {
      unwant?.()
      unwant = null
    }
  }

  function mayGoAgain(config: Config, outcome: Classified['class']): boolean {
    return !isSingle(config) && mayRepeat(config, outcome, settings.idempotency)
  }

  function request(config: Config): Promise<AxiosResponse> {
    const { link, intent } = connection.state
    // axios looks at its own signal only: that of the mark may have aborted while an interceptor waited.
    const reason = cancelled(config)
    if (reason !== undefined) return Promise.reject(reason as Error)
    if (link.name !== 'idle' || isSingle(config)) addKey(config, clock, random, settings.idempotency)
    if (intent === 'offline') return refuse(config, 'paused')
    if (link.name === 'idle') return adapterFor(config)(config)
    if (!isDown(link)) return launch(config, null)
    if (isSingle(config)) return refuse(config, 'link-down')
    return repeats.again(createCall(config, clock.now(), 0))
  }

  async function refuse(config: Config, code: HoldfastErrorCode): Promise<never> {
    throw refusal(createCall(config, clock.now(), 0), code)
  }

  function launch(config: Config, call: Call | null): Promise<AxiosResponse> {
    const adapter = adapterFor(config)
    watchdog.begin()
    if (call) call.attempts += 1
    return flights.launch(adapter, config, call, connection.state.link.name !== 'online')
  }

  function answered(flight: Flight, response: AxiosResponse): AxiosResponse | Promise<AxiosResponse> {
    const outcome = classify(response)
    watchdog.moved(flight)
    if (outcome.class !== 'ok') return recover(flight, { outcome, response })
    land(flight)
    tell(outcome, flight.startedAt, response)
    return response
  }

  async function failed(flight: Flight, error: unknown): Promise<AxiosResponse> {
    const { config, endedBy } = flight
    const own = endedBy === 'lost' || endedBy === 'stalled'
    const outcome = own ? ENDED : classify(error)
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

  /** Evidence for the verdict. */
  function tell({ suspicion, isOurs }: Classified, startedAt: number, response?: AxiosResponse): void {
    if (!follow) return
    if (suspicion) return connection.send({ type: 'SUSPICION', cause: suspicion })
    const now = clock.now()
    if (!isOurs || (connection.state.link.name === 'online' && now - toldAt < TELL_GAP_MS)) return
    toldAt = now
    const boot = header(response?.headers, 'holdfast-boot')
    connection.send({ type: 'GOOD_ANSWER', startedAt, ...(boot === undefined ? {} : { boot }) })
  }

  async function recover(flight: Flight, landing: Landing): Promise<AxiosResponse> {
    const { config, startedAt, isProvisional, endedBy } = flight
    if (!config) throw landing.error
    const call = flight.call ?? createCall(config, startedAt, 1)
    const { outcome } = landing
    call.last = landing
    if (outcome.status !== undefined) watchdog.moved(flight)
    land(flight)
    tell(outcome, startedAt, landing.response)
    if (!follow) return finish(call)
    if (outcome.class === 'unauthorized' && auth && startedAt >= refreshedAt) {
      connection.send({ type: 'UNAUTHORIZED' })
    }
    return repeats.after(call, outcome, { isProvisional, isLost: endedBy === 'lost' })
  }

  return {
    request,
    subscribe: facts.subscribe,
    close() {
      follow?.()
      follow = null
      watchdog.stop()
      waits.end('stopped')
      facts.tell({ pendingSince: null })
    },
  }
}
