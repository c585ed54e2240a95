/** The second machine, running: holds the state, keeps one timer, notifies. Decisions are made in reduce.ts. */
import { badOption } from '../core/errors.js'
import type { Connection, ConnectionEvent, FactSource, Stop } from '../core/state.js'
import type { StatusEvent } from './facts.js'
import { createStatusPolicy, type StatusThresholds } from './options.js'
import { initialStatus, reduce } from './reduce.js'
import { worstOf, type Service } from './services.js'
import { followSources } from './sources.js'
import type { Announcement, Status, StatusView } from './view.js'

/** Options of `createStatus`; besides these every threshold. */
export interface StatusOptions extends StatusThresholds {
  /** The connection, or one for each service by name; people are told about the worst of them. */
  connections: Connection | Readonly<Record<string, Connection>>
  /** Whatever knows facts: http, queue, channel. Default: none. */
  sources?: readonly FactSource[]
}

const isConnection = (given: StatusOptions['connections']): given is Connection =>
  typeof given.subscribe === 'function'

function servicesOf(connections: StatusOptions['connections']): readonly Service[] {
  if (isConnection(connections)) return [{ name: null, connection: connections }]
  const entries = Object.entries(connections)
  return entries.map(([name, connection]) => ({ name: entries.length > 1 ? name : null, connection }))
}

/** Equal in all that can be seen, so that listeners hear of changes only. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  const entries = Object.entries(a)
  const other = b as Readonly<Record<string, unknown>>
  return (
    entries.length === Object.keys(other).length && entries.every(([key, value]) => isSame(value, other[key]))
  )
}

/**
 * What people are told about the connections. It does nothing until `start()`; in between its view is the
 * last one. Countdown seconds in messages are those of the moment: count on from `nextAttemptAt`.
 * @throws `bad-option` for an unknown or impossible option
 */
export function createStatus(options: StatusOptions): Status {
  const { connections, sources = [], ...thresholds } = options
  const policy = createStatusPolicy(thresholds)
  if (typeof connections !== 'object' || connections === null) {
    throw badOption('status.connections', connections, 'a connection, or connections by name')
  }
  const services = servicesOf(connections)
  const first = services[0]
  if (!first) throw badOption('status.connections', 'empty', 'at least one connection')
  const { clock } = first.connection

  const viewers = new Set<(view: StatusView) => void>()
  const speakers = new Set<(announcement: Announcement) => void>()
  const inbox: StatusEvent[] = []
  let worst = worstOf(services)
  let state = initialStatus(worst.connection.state, worst.name, policy, clock.now())
  let view = state.view
  let isBusy = false
  let timerAt: number | null = null
  let cancelTimer: Stop | null = null
  let running: Stop | null = null

  /** What a listener sends waits until everybody has heard of the event before. */
  function send(event: StatusEvent): void {
    inbox.push(event)
    if (isBusy) return
    isBusy = true
    for (let next = inbox.shift(); next; next = inbox.shift()) take(next)
    isBusy = false
  }

  function take(event: StatusEvent): void {
    state = reduce(state, event, policy, clock.now())
    if (running) setTimer(state.nextAt)
    const { spoken } = state
    if (!isSame(view, state.view)) {
      view = state.view
      tell(viewers, view)
    }
    for (const announcement of spoken) tell(speakers, announcement)
  }

  function tell<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void {
    for (const listener of [...listeners]) {
      try {
        listener(value)
      } catch (error) {
        // One bad listener does not silence the rest; its error is still heard.
        void Promise.reject(error)
      }
    }
  }

  function setTimer(at: number | null): void {
    if (at === timerAt) return
    cancelTimer?.()
    timerAt = at
    cancelTimer = at === null ? null : clock.setTimeout(onTimer, at - clock.now())
  }

  function onTimer(): void {
    timerAt = null
    cancelTimer = null
    send({ type: 'TICK' })
  }

  function onConnection(event?: ConnectionEvent): void {
    worst = worstOf(services)
    const woken = event?.type === 'WAKE'
    send({ type: 'CONNECTION', state: worst.connection.state, service: worst.name, woken })
  }

  function start(): Stop {
    if (running) return running
    const stops: Stop[] = []
    const stop = (running = () => {
      if (running !== stop) return
      running = null
      stops.forEach((end) => end())
      setTimer(null)
    })
    for (const { connection } of services) {
      stops.push(connection.subscribe((_state, event) => onConnection(event)))
    }
    onConnection()
    stops.push(followSources(sources, (facts) => send({ type: 'FACTS', facts })))
    return stop
  }

  return {
    get view() {
      return view
    },
    subscribe(listener) {
      viewers.add(listener)
      return () => void viewers.delete(listener)
    },
    onAnnounce(listener) {
      speakers.add(listener)
      return () => void speakers.delete(listener)
    },
    send,
    start,
  }
}
