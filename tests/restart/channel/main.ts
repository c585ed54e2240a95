/**
 * A page that follows topics and sends messages, and keeps account of both: `?api=` names the service, `transports`,
 * `topics` and `name` say what it does, `beat-ms` sets a short heartbeat and
 * short waits.
 */
import { browserSignals, createConnection, exponential, isHoldfastError, probe } from '../../../src/index.js'
import { adaptive, createChannel, eventStream, longPoll, webSocket } from '../../../src/live/index.js'
import type { Account, Progress, SocketLife, Told } from './account.js'

const query = new URLSearchParams(location.search)
const text = (name: string) => query.get(name) ?? ''
const list = (name: string) => text(name).split(',').filter(Boolean)
const api = text('api')
const beatMs = Number(text('beat-ms'))

const sockets: SocketLife[] = []
/** Notes when sockets open and close, also those that the kit has let go. */
class WatchedSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols)
    const own: SocketLife = { dialledAt: Date.now(), openedAt: null, closedAt: null, code: null }
    sockets.push(own)
    this.addEventListener('open', () => (own.openedAt = Date.now()))
    this.addEventListener('close', ({ code }) => Object.assign(own, { closedAt: Date.now(), code }))
  }
}

const DRIVERS = {
  websocket: () => webSocket({ WebSocket: WatchedSocket }),
  'event-stream': () => eventStream(),
  'long-poll': () => longPoll(),
}
const connection = createConnection({
  probe: probe(`${api}/health`),
  signals: [browserSignals()],
  origins: [api],
})
const channel = createChannel({
  connection,
  url: api,
  drivers: list('transports').map((name) => DRIVERS[name as keyof typeof DRIVERS]()),
  // Back up as soon as may be.
  betterAfterMs: 1_000,
  ...(beatMs && {
    // One outage follows the other before a line counts as healthy: the default's waits would grow to half a minute.
    schedule: exponential({ baseMs: beatMs / 4, capMs: beatMs, jitter: 0.5 }),
    heartbeat: adaptive({ activeMs: beatMs, idleMs: beatMs, leastPongMs: 500, mostPongMs: beatMs }),
  }),
})

const states: { name: string; at: number }[] = []
channel.onChange((state) => {
  states.push({ name: state.name === 'live' ? state.transport : state.name, at: Date.now() })
})
let resyncs = 0
channel.onResync(() => void (resyncs += 1))

/** Where a cursor stands. */
const offsetOf = (cursor: string) => Number(cursor.split(':')[1])

const told: Record<string, Told> = {}
for (const topic of list('topics')) {
  const own: Told = { startAt: null, lines: [], resumed: 0, resets: 0 }
  told[topic] = own
  channel.topic(topic, {
    onEvent: ({ offset, data }) => void own.lines.push({ offset, data }),
    onGap: ({ from, to }) => void own.lines.push({ from, to }),
    onReset: () => void (own.resets += 1),
    onResumed({ cursor }) {
      own.startAt ??= offsetOf(cursor)
      own.resumed += 1
    },
  })
}
connection.start()
channel.open()

const sends: Account['sends'] = { handed: 0, pending: 0, acknowledged: [], failed: [] }
function send(): void {
  const n = ++sends.handed
  sends.pending += 1
  void channel
    .send('chat', { from: text('name'), n })
    .then(
      ({ offset }) => void sends.acknowledged.push({ n, offset }),
      (error: unknown) =>
        void sends.failed.push(`${n}: ${isHoldfastError(error) ? error.code : String(error)}`),
    )
    .finally(() => (sends.pending -= 1))
}
let sending: ReturnType<typeof setInterval> | undefined

const lastOf = ({ startAt, lines }: Told): number => {
  const last = lines.at(-1)
  return last === undefined ? (startAt ?? -1) : 'to' in last ? last.to : last.offset
}

const live = {
  startSending: (everyMs: number) => void (sending = setInterval(send, everyMs)),
  stopSending: () => clearInterval(sending),
  progress: (): Progress => ({
    state: states.at(-1)?.name ?? 'closed',
    pending: sends.pending,
    last: Object.fromEntries(Object.entries(told).map(([topic, own]) => [topic, lastOf(own)])),
  }),
  account: (): Account => ({ told, sends, states, sockets, resyncs, ignored: channel.ignored }),
}

declare global {
  interface Window {
    /** What a test drives the page by. */
    live: typeof live
  }
}
window.live = live
