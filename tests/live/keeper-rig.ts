/** A keeper on a connection whose server, tokens and driver are played by hand, on a clock that is moved by hand. */
import { onTestFinished } from 'vitest'
import { manualClock, type ManualClock } from '../../mocks/manual-clock.js'
import { seededRandom } from '../../mocks/random.js'
import { createConnection } from '../../src/core/connection.js'
import { HoldfastError } from '../../src/core/errors.js'
import type { AuthPort, ConnectionEvent } from '../../src/core/state.js'
import { broken } from '../../src/live/ends.js'
import { createKeeper } from '../../src/live/keeper.js'
import type { DialRequest, KeeperNews, KeeperOptions } from '../../src/live/keeper-state.js'
import type { Driver, Line, LineEnd, LineNews, LineRequest, Transport } from '../../src/live/line.js'
import { oneRoute, type Routes } from '../../src/live/routes.js'

export const URL_OF_LIVE = new URL('wss://api.example/ws')

/** One attempt, as its server sees it. */
export interface Attempt {
  readonly at: number
  readonly transport: Transport
  readonly request: LineRequest
  readonly said: unknown[]
  state: 'alive' | 'dropped' | 'ended'
  dropped: { readonly code: number | undefined; readonly reason: string | undefined } | null
  tell(news: LineNews): void
  end(end?: Partial<LineEnd>): void
  bufferedAmount: number
  canSend: boolean
  /** Takes what is said, and answers no ping: half-open. */
  isMute: boolean
}

const PING = '{"type":"PING"}'
export const PONG = '{"type":"PONG"}'

/** A driver whose attempts do what `onOpen` does with them, and nothing else. */
export function fakeDriver(
  transport: Transport,
  attempts: Attempt[],
  now: () => number,
  onOpen: (attempt: Attempt) => void,
): Driver {
  return {
    transport,
    open(request, ports): Line {
      const attempt: Attempt = {
        at: now(),
        transport,
        request,
        said: [],
        state: 'alive',
        dropped: null,
        bufferedAmount: 0,
        canSend: transport === 'websocket',
        isMute: false,
        // As a bad driver would: an older attempt tells on.
        tell: (news) => ports.tell(news),
        end(end = {}) {
          attempt.state = 'ended'
          ports.tell({ type: 'end', end: { ...broken('cut'), ...end } })
        },
      }
      attempts.push(attempt)
      onOpen(attempt)
      return {
        transport,
        get bufferedAmount() {
          return attempt.bufferedAmount
        },
        send(data) {
          if (!attempt.canSend || attempt.state !== 'alive') return false
          attempt.said.push(data)
          if (data === PING && !attempt.isMute) {
            ports.clock.setTimeout(() => attempt.tell({ type: 'message', data: PONG }), 40)
          }
          return true
        },
        drop(code, reason) {
          if (attempt.state === 'alive') attempt.state = 'dropped'
          attempt.dropped = { code, reason }
        },
      }
    },
  }
}

export interface RigOptions extends Partial<Omit<KeeperOptions, 'connection' | 'tell' | 'request'>> {
  readonly seed?: number
  /** Many rigs of one test may live in one time. Default: a clock of its own. */
  readonly clock?: ReturnType<typeof sleepyClock>
  /** What a server does with a new attempt. Default: it opens after 40 ms. */
  readonly onOpen?: (attempt: Attempt, rig: Rig) => void
  /** Its servers answer no ping. Default: false. */
  readonly isMute?: boolean
  /** Says `proven` at once when a line has opened. Default: true. */
  readonly greets?: boolean
  readonly auth?: AuthPort
  readonly request?: (transport: Transport) => DialRequest | Promise<DialRequest>
  readonly makeRoutes?: (driver: (transport: Transport) => Driver) => Routes
}

export type Rig = ReturnType<typeof createRig>

export const NOTHING: DialRequest = { protocols: [], token: null, topics: [], cursor: null }

export function createRig({
  seed = 1,
  clock = sleepyClock(),
  onOpen = (attempt, { later }) => later(40, () => attempt.tell({ type: 'open' })),
  greets = true,
  isMute = false,
  auth,
  request = () => NOTHING,
  makeRoutes = (driver) => oneRoute(driver('websocket'), URL_OF_LIVE),
  ...options
}: RigOptions = {}) {
  const startAt = clock.now()
  const attempts: Attempt[] = []
  const news: KeeperNews[] = []
  const server = { isUp: true, probes: 0 }
  const connection = createConnection({
    probe: async () => {
      server.probes += 1
      return { kind: server.isUp ? 'good' : 'failed' }
    },
    clock,
    random: seededRandom(seed),
    ...(auth ? { auth } : {}),
  })
  const events: ConnectionEvent[] = []
  connection.subscribe((_state, event) => events.push(event))
  const driver = (transport: Transport): Driver =>
    fakeDriver(transport, attempts, at, (attempt) => {
      attempt.isMute = isMute
      onOpen(attempt, rig)
    })
  /** How many listen to the connection for the keeper. */
  let listeners = 0
  const heard: typeof connection = Object.create(connection, {
    subscribe: {
      value(listener: Parameters<typeof connection.subscribe>[0]) {
        const stop = connection.subscribe(listener)
        listeners += 1
        return () => {
          listeners -= 1
          stop()
        }
      },
    },
  })
  const routes = makeRoutes(driver)
  const keeper = createKeeper({
    connection: heard,
    routes,
    request,
    tell(told) {
      news.push(told)
      if (told.type === 'opened' && greets) keeper.proven()
    },
    ...options,
  })

  function at(): number {
    return clock.now() - startAt
  }

  const rig = {
    clock,
    connection,
    keeper,
    routes,
    attempts,
    news,
    events,
    server,
    at,
    listeners: () => listeners,
    advance: clock.advance,
    /** The machine sleeps: whatever was due in that time comes at its end. */
    async sleep(ms: number) {
      clock.sleep(ms)
      await clock.advance(0)
    },
    later: (ms: number, run: () => void) => void clock.setTimeout(run, ms),
    alive: () => attempts.filter(({ state }) => state === 'alive'),
    last: () => attempts.at(-1)!,
    ended: () => news.flatMap((told) => (told.type === 'ended' ? [told.end] : [])),
    /** Both run, and the line is open at 40 ms. */
    async open() {
      connection.start()
      keeper.start()
      await clock.advance(40)
    },
    /** Nothing is left: no timer, nobody listens. */
    stop() {
      keeper.stop()
      connection.stop()
    },
  }
  onTestFinished(() => rig.stop())
  return rig
}

/** A clock whose machine can sleep: time goes on, and timers that were due meanwhile come at the end, late. */
export function sleepyClock(): ManualClock & { sleep(ms: number): void } {
  const clock = manualClock()
  const timers = new Set<{ readonly dueAt: number; readonly run: () => void; stop: () => void }>()
  let sleptMs = 0
  const now = (): number => clock.now() + sleptMs
  return {
    ...clock,
    now,
    setTimeout(run, delayMs) {
      const timer = { dueAt: now() + Math.max(0, delayMs), run: () => {}, stop: () => {} }
      timer.run = () => {
        timers.delete(timer)
        run()
      }
      timer.stop = clock.setTimeout(timer.run, delayMs)
      timers.add(timer)
      return () => {
        timers.delete(timer)
        timer.stop()
      }
    },
    sleep(ms) {
      sleptMs += ms
      for (const timer of timers) {
        timer.stop()
        timer.stop = clock.setTimeout(timer.run, timer.dueAt - now())
      }
    },
  }
}

/** An auth port whose tokens are numbered; `refuses` makes the renewal fail for good, `loses` this once. */
export function numberedTokens(renewMs: number, clock: () => ReturnType<typeof manualClock>) {
  const port = {
    number: 1,
    renewals: 0,
    outcome: 'good' as 'good' | 'refused' | 'lost',
    token: () => `token-${port.number}`,
    refresh: async () => {
      port.renewals += 1
      await new Promise<void>((resolve) => void clock().setTimeout(resolve, renewMs))
      if (port.outcome === 'refused') throw new HoldfastError('unauthorized')
      if (port.outcome === 'lost') throw new Error('lost')
      port.number += 1
    },
  }
  return port
}
