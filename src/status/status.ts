/** The second machine, running: holds the state, keeps one timer, notifies. Decisions are made in reduce.ts. */
import { createAlarm } from '../core/alarm.js'
import { createInbox } from '../core/inbox.js'
import { createListeners } from '../core/listeners.js'
import { having, isObject, listOf, readOptions, thatIs } from '../core/options.js'
import type { Connection, ConnectionEvent, FactSource, Stop } from '../core/state.js'
import type { StatusEvent } from './facts.js'
import { checkThresholds, THRESHOLDS, type StatusThresholds } from './options.js'
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

/** What stands for connections before it is checked. */
type Given = Readonly<Record<string, Connection>>

function servicesOf(connections: StatusOptions['connections']): readonly Service[] {
  if (isConnection(connections)) return [{ name: null, connection: connections }]
  const entries = Object.entries(connections)
  return entries.map(([name, connection]) => ({ name: entries.length > 1 ? name : null, connection }))
}

const isSome = (given: unknown): boolean =>
  isObject(given) &&
  servicesOf(given as Given).length > 0 &&
  servicesOf(given as Given).every(({ connection }) => connection?.subscribe)

const OPTIONS = {
  connections: thatIs<StatusOptions['connections']>('a connection, or at least one by name', isSome),
  sources: listOf(having<FactSource>('subscribe', 'a source of facts'), []),
  ...THRESHOLDS,
}

/**
 * What people are told about the connections. It does nothing until `start()`; in between its view is the
 * last one. Countdown seconds in messages are those of the moment: count on from `nextAttemptAt`.
 * @throws `bad-option` for an unknown or impossible option
 */
export function createStatus(options: StatusOptions): Status {
  const { connections, sources, ...policy } = readOptions('createStatus', options, OPTIONS)
  checkThresholds(policy)
  const services = servicesOf(connections)
  const { clock } = services[0]!.connection

  const viewers = createListeners<[StatusView]>()
  const speakers = createListeners<[Announcement]>()
  /** What a listener sends waits until everybody has heard of the event before. */
  const send = createInbox(take)
  let worst = worstOf(services)
  let state = initialStatus(worst.connection.state, worst.name, policy, clock.now())
  let view = state.view
  /** It is data: as a text it can be compared in all that can be seen, so that listeners hear of changes only. */
  let told = JSON.stringify(view)
  const timer = createAlarm(clock, () => send({ type: 'TICK' }))
  let running: Stop | null = null

  function take(event: StatusEvent): void {
    state = reduce(state, event, policy, clock.now())
    if (running) waitFor(state.nextAt ?? Infinity)
    const { spoken } = state
    const now = JSON.stringify(state.view)
    if (now !== told) {
      told = now
      view = state.view
      viewers.tell(view)
    }
    for (const announcement of spoken) speakers.tell(announcement)
  }

  function waitFor(at: number): void {
    if (at !== timer.at) timer.set(at)
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
      timer.set(Infinity)
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
    subscribe: viewers.add,
    onAnnounce: speakers.add,
    send,
    start,
  }
}
