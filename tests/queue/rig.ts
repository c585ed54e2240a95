/** A queue with a connection that is what it is told to be, a server that answers by hand, and a manual clock. */
import { manualClock, type ManualClock } from '../../mocks/manual-clock.js'
import { seededRandom } from '../../mocks/random.js'
import { BLANK } from '../../src/core/memory.js'
import type {
  AuthPort,
  AuthState,
  Cause,
  Connection,
  ConnectionEvent,
  ConnectionState,
  LinkState,
} from '../../src/core/state.js'
import {
  createQueue,
  memoryStore,
  type QueueOptions,
  type QueueStore,
  type Sending,
} from '../../src/queue/index.js'

/** A verdict that is set by hand. */
export interface FakeConnection extends Connection {
  set(change: Partial<ConnectionState>): void
  up(): void
  down(cause?: Cause): void
  suspect(): void
  readonly events: ConnectionEvent[]
  readonly wanted: number
}

export function fakeConnection(clock: ManualClock, seed: number | string = 1, auth: AuthPort | null = null) {
  const memory = BLANK
  const since = clock.now()
  const online: LinkState = { name: 'online', since, memory }
  let state: ConnectionState = { link: online, auth: 'unknown', intent: 'online', resync: 'none' }
  let wanted = 0
  const listeners = new Set<Parameters<Connection['subscribe']>[0]>()
  const events: ConnectionEvent[] = []
  const set = (change: Partial<ConnectionState>) => {
    state = { ...state, ...change }
    for (const listener of [...listeners]) listener(state, { type: 'TIMER' })
  }
  const connection: FakeConnection = {
    get state() {
      return state
    },
    get wanted() {
      return wanted
    },
    origins: [],
    clock,
    random: seededRandom(seed),
    auth,
    budget: { requests: 0, take: () => true },
    tally: { held: 0, lost: 0 },
    events,
    set,
    up: () => set({ link: online }),
    down: (cause = 'server') =>
      set({ link: { name: 'waiting', since, cause, attempt: 1, nextAttemptAt: null, memory } }),
    suspect: () =>
      set({ link: { name: 'suspect', since, onlineSince: since, cause: 'server', hint: null, memory } }),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    send(event) {
      events.push(event)
      if (event.type === 'UNAUTHORIZED' && auth) set({ auth: 'refreshing' as AuthState })
    },
    start() {},
    stop() {},
    retryNow() {},
    setIntent: (intent) => set({ intent }),
    signedIn: () => set({ auth: 'valid' }),
    signedOut: () => set({ auth: 'unknown' }),
    onRecovered: () => () => {},
    want() {
      wanted += 1
      return () => void (wanted -= 1)
    },
  }
  return connection
}

/** One call of a handler, answered by hand. */
export interface Call extends Sending {
  readonly handler: string
  readonly at: number
  ok(result?: unknown): void
  fail(error: unknown): void
  /** An answer with this status, as axios rejects it. */
  status(code: number, headers?: Record<string, string>, data?: unknown): void
}

/** An error as axios makes it. */
export function statusError(status: number, headers: Record<string, string> = {}, data?: unknown): Error {
  return Object.assign(new Error(`status ${status}`), { response: { status, headers, data } })
}

/** Counts transactions, and lets them fail. */
export function countedStore(inner: QueueStore = memoryStore()) {
  const counted = {
    ...inner,
    writes: [] as string[],
    /** What the next write rejects with; undefined: it goes well. */
    refuse: (): Error | undefined => undefined,
    write: async (about: Parameters<QueueStore['write']>[0], work: Parameters<QueueStore['write']>[1]) => {
      counted.writes.push(about.durability)
      const refusal = counted.refuse()
      if (refusal) throw refusal
      return inner.write(about, work)
    },
  }
  return counted
}

export interface RigOptions extends Partial<Omit<QueueOptions, 'connection'>> {
  /** Whether the link is down before the queue starts. Default: no. */
  readonly isDown?: boolean
  readonly clock?: ManualClock
  readonly seed?: number | string
  readonly auth?: AuthPort
}

/** Everything in one: `order` honours keys, `mail` does not. */
export async function rig(options: RigOptions = {}) {
  const {
    clock = manualClock(),
    seed = 1,
    auth,
    store = memoryStore(),
    scope = 'ann',
    isDown = false,
    ...rest
  } = options
  const connection = fakeConnection(clock, seed, auth ?? null)
  if (isDown) connection.down()
  const calls: Call[] = []
  const receive = (handler: string) => (sending: Sending) =>
    new Promise((resolve, reject) => {
      calls.push({
        ...sending,
        handler,
        at: clock.now(),
        ok: resolve,
        fail: reject,
        status: (code, headers, data) => reject(statusError(code, headers, data)),
      })
    })
  const queue = createQueue({
    connection,
    store,
    scope,
    handlers: { order: { honoursKeys: true, send: receive('order') }, mail: receive('mail') },
    ...rest,
  })
  queue.start()
  await clock.settle()
  return {
    clock,
    connection,
    queue,
    calls,
    store,
    last() {
      const last = calls.at(-1)
      if (!last) throw new Error('nothing was sent')
      return last
    },
    /** Accepts one and lets things settle. */
    async add(label: string, more: Partial<Parameters<typeof queue.enqueue>[0]> = {}) {
      const accepted = await queue.enqueue({ handler: 'order', payload: { label }, label, ...more })
      await clock.settle()
      return accepted
    },
    states: () => queue.actions.map(({ label, state }) => `${label} ${state.name}`),
    sent: () => calls.map(({ payload }) => (payload as { label: string }).label),
  }
}
