/** The status, standing still: for looking at one phase, and for pressing its buttons, without any network. */
import { manualClock } from '../../mocks/manual-clock.js'
import { seededRandom } from '../../mocks/random.js'
import { BLANK } from '../../src/core/memory.js'
import type { Connection, ConnectionEvent, Intent } from '../../src/core/state.js'
import { EMPTY_QUEUE } from '../../src/status/facts.js'
import type { Announcement, PageEvent, Status, StatusView } from '../../src/status/view.js'

/** Nothing waits, on a device that keeps things. */
export const NO_QUEUE: StatusView['queue'] = { ...EMPTY_QUEUE, persisted: true }

/** All is well. */
export const ONLINE: StatusView = {
  phase: 'online',
  surface: 'none',
  tone: 'idle',
  icon: 'check-circle',
  busy: false,
  title: null,
  detail: null,
  cause: null,
  since: null,
  attempt: 'none',
  nextAttemptAt: null,
  estimateAt: null,
  actions: [],
  queue: NO_QUEUE,
  progress: null,
}

/** A status and a connection with handles. */
export interface FixedHoldfast {
  readonly clock: ReturnType<typeof manualClock>
  readonly status: Status
  readonly connections: { readonly api: Connection }
  /** What the page told. */
  readonly events: PageEvent[]
  /** What was asked of the connection. */
  readonly asked: (ConnectionEvent['type'] | Intent)[]
  /** Tells something else from now on. */
  show(view: Partial<StatusView>): void
  /** Speaks. */
  announce(announcement: Announcement): void
}

/** Dismissing takes a modal to the bar, and an attempt by hand begins: the rest stands still. */
export function fixedHoldfast(first: Partial<StatusView>): FixedHoldfast {
  const clock = manualClock()
  const events: PageEvent[] = []
  const asked: FixedHoldfast['asked'] = []
  const listeners = new Set<(view: StatusView) => void>()
  const heard = new Set<(announcement: Announcement) => void>()
  let view: StatusView = { ...ONLINE, ...first }

  const show = (next: Partial<StatusView>) => {
    // Another phase brings its own buttons: nothing of the one before is left.
    view = { ...(next.phase ? ONLINE : view), ...next }
    for (const listener of listeners) listener(view)
  }
  const follow = <T>(set: Set<T>, one: T) => {
    set.add(one)
    return () => void set.delete(one)
  }
  const status: Status = {
    get view() {
      return view
    },
    subscribe: (listener) => follow(listeners, listener),
    onAnnounce: (listener) => follow(heard, listener),
    send(event) {
      events.push(event)
      if (event.type === 'DISMISS') show({ surface: view.surface === 'bar' ? 'none' : 'bar' })
    },
    start: () => () => {},
  }
  const connection: Connection = {
    state: { link: { name: 'idle', memory: BLANK }, auth: 'unknown', intent: 'online', resync: 'none' },
    origins: [],
    clock,
    random: seededRandom(1),
    auth: null,
    budget: { requests: 0, take: () => true },
    tally: { held: 0, lost: 0 },
    subscribe: () => () => {},
    send: (event) => void asked.push(event.type),
    start() {},
    stop() {},
    retryNow() {
      asked.push('RETRY_NOW')
      show({ attempt: 'trying', nextAttemptAt: null })
    },
    setIntent: (intent) => void asked.push(intent),
    signedIn() {},
    signedOut() {},
    onRecovered: () => () => {},
    want: () => () => {},
  }
  const announce = (announcement: Announcement) => heard.forEach((listener) => listener(announcement))
  return { clock, status, connections: { api: connection }, events, asked, show, announce }
}
