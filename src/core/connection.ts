/** The only interpreter: holds the state, runs the effects, notifies. Decisions are made in transition.ts. */
import { createAlarm } from './alarm.js'
import { createBudget } from './budget.js'
import { systemClock, systemRandom, within, type Clock, type Random } from './clock.js'
import { BLANK } from './memory.js'
import { followOutages, type OutageReport } from './outages.js'
import { createInbox } from './inbox.js'
import { known } from './known.js'
import { createListeners } from './listeners.js'
import { func, having, listOf, optional, orNull, readOptions, type Reader } from './options.js'
import { NUMBERS, scheduleOr, type PolicyOptions } from './policy.js'
import { createRecovery } from './recovery.js'
import { steady } from './schedule.js'
import type {
  AuthPort,
  Connection,
  ConnectionEvent,
  ConnectionState,
  Effect,
  Probe,
  ProbeResult,
  Signal,
  Stop,
} from './state.js'
import { transition } from './transition.js'

/** Options of `createConnection`; besides these every number of the policy. */
export interface ConnectionOptions extends PolicyOptions {
  /** The health check of the service. Required: there is no default URL. */
  probe: Probe
  /** The origins of the service, such as `https://api.example.com`. Default: the probe's. */
  origins?: readonly string[]
  /** Sources of evidence; they listen while the connection runs. Default: none (pass `browserSignals()`). */
  signals?: readonly Signal[]
  /** Tokens. Default: none; a 401 is then the caller's, never a phase. */
  auth?: AuthPort
  /** Default: the system's. */
  clock?: Clock
  /** Default: the system's. */
  random?: Random
  /** Hears of each outage once it is over, for telemetry (B12). Default: nobody does. */
  onOutage?: (outage: OutageReport) => void
}

const OPTIONS = {
  probe: func<Probe>('a probe, such as probe(url)'),
  origins: optional(having<readonly string[]>('map', 'a list of origins')),
  signals: listOf(func<Signal>('a signal'), []),
  auth: orNull(having<AuthPort>('refresh', 'tokens'), () => null),
  clock: having<Clock>('now', 'a clock', systemClock),
  random: having<Random>('next', 'chance', systemRandom),
  onOutage: optional(func<(outage: OutageReport) => void>()),
  schedule: scheduleOr(steady),
  ...NUMBERS,
} satisfies Record<keyof ConnectionOptions, Reader<unknown>>

/** A refresh of tokens that takes longer is lost (docs/spec/architecture.md, auth). */
const REFRESH_TIMEOUT_MS = 10_000

/**
 * The one verdict about a service. It does nothing until `start()`.
 * @throws `bad-option` for an unknown or impossible option
 */
export function createConnection(options: ConnectionOptions): Connection {
  const { probe, origins, signals, auth, clock, random, onOutage, ...policy } = readOptions(
    'createConnection',
    options,
    OPTIONS,
  )

  let state: ConnectionState = {
    link: { name: 'idle', memory: BLANK },
    auth: 'unknown',
    intent: 'online',
    resync: 'none',
  }
  let roll = random.next()
  let lastSignAt = clock.now()
  let attempt: AbortController | null = null
  let stopSignals: readonly Stop[] = []
  /** The one door. What a subscriber sends waits until everybody has heard of the event before. */
  const send = createInbox(take)
  /** Who waits for the link. */
  const wishes = new Set<object>()
  const listeners = createListeners<[state: ConnectionState, event: ConnectionEvent]>()
  const timer = createAlarm(clock, onTimer)
  const recovery = createRecovery(clock, (resync) => send({ type: 'RESYNC', resync }))

  function take(event: ConnectionEvent): void {
    const now = clock.now()
    const stamp = {
      now,
      roll,
      wanted: wishes.size > 0,
      steps: recovery.hasSteps(),
      silentMs: now - lastSignAt,
    }
    if (event.type === 'PROBE_OK' || event.type === 'GOOD_ANSWER') lastSignAt = now
    const before = state
    const [after, effects] = transition(before, event, policy, stamp)
    state = after
    effects.forEach(run)
    if (after === before) return
    if (before.resync === 'running' && after.resync !== 'running') recovery.abort()
    listeners.tell(after, event)
  }

  function run(effect: Effect): void {
    switch (effect.type) {
      case 'probe':
        roll = random.next()
        return void ask()
      case 'abort':
        attempt?.abort()
        attempt = null
        return
      case 'timer':
        return timer.set(effect.at)
      case 'no-timer':
        return timer.set(Infinity)
      case 'refresh':
        return void refresh()
      case 'recover':
        return recovery.run()
    }
  }

  /** A timer that comes much too late was slept through: waking needs no timer of its own. */
  function onTimer(at: number): void {
    if (clock.now() - at > policy.silentMs) send({ type: 'WAKE' })
    send({ type: 'TIMER' })
  }

  /** One attempt. Its controller is its number: an answer of an older one is dropped. */
  async function ask(): Promise<void> {
    const own = new AbortController()
    attempt = own
    const result = await probe(own.signal, { clock }).catch(() => ({ kind: 'failed' }) as const)
    if (attempt !== own) return
    attempt = null
    eventsOf(result, auth !== null).forEach(send)
  }

  async function refresh(): Promise<void> {
    if (!auth) return send({ type: 'REFRESH_LOST' })
    const own = new AbortController()
    try {
      await within(clock, REFRESH_TIMEOUT_MS, auth.refresh(own.signal))
      send({ type: 'REFRESHED' })
    } catch (error) {
      own.abort()
      const { code } = (error ?? {}) as { code?: unknown }
      send({ type: code === 'unauthorized' ? 'REFRESH_REFUSED' : 'REFRESH_LOST' })
    }
  }

  const connection: Connection = {
    get state() {
      return state
    },
    origins: Object.freeze([...(origins ?? (probe.origin ? [probe.origin] : []))]),
    clock,
    random,
    auth,
    budget: createBudget(clock),
    tally: { held: 0, lost: 0 },
    send,
    subscribe: listeners.add,
    start() {
      if (stopSignals.length === 0) stopSignals = signals.map((signal) => signal(send, { clock, connection }))
      send({ type: 'START' })
    },
    stop() {
      send({ type: 'STOP' })
      recovery.abort()
      for (const stop of [...stopSignals].reverse()) stop()
      stopSignals = []
    },
    retryNow: () => send({ type: 'RETRY_NOW' }),
    setIntent: (intent) => send({ type: intent === 'offline' ? 'GO_OFFLINE' : 'GO_ONLINE' }),
    signedIn: () => send({ type: 'SIGNED_IN' }),
    signedOut: () => send({ type: 'SIGNED_OUT' }),
    onRecovered: recovery.add,
    want() {
      const wish = {}
      wishes.add(wish)
      if (wishes.size === 1) send({ type: 'WANTED' })
      return () => void wishes.delete(wish)
    },
  }
  if (onOutage !== undefined) followOutages(connection, onOutage)
  return connection
}

/** What a probe's result says, as events. */
function eventsOf(result: ProbeResult, hasAuth: boolean): readonly ConnectionEvent[] {
  switch (result.kind) {
    case 'failed':
      return [{ type: 'PROBE_FAILED', cause: 'server' }]
    case 'portal':
      return [{ type: 'PROBE_FAILED', cause: 'portal' }]
    case 'draining': {
      const { retryAfterMs, boot } = result
      return [known({ type: 'NOTICE', retryAfterMs, boot })]
    }
    default: {
      const good = known({ type: 'PROBE_OK', boot: result.boot })
      return result.kind === 'unauthorized' && hasAuth ? [good, { type: 'UNAUTHORIZED' }] : [good]
    }
  }
}
