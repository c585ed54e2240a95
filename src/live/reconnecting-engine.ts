/** What drives a ReconnectingWebSocket: a keeper, its one way to dial, and the connection whose verdict it waits for. */
import { createConnection, type ConnectionOptions } from '../core/connection.js'
import type { Clock } from '../core/clock.js'
import type { Connection, Stop } from '../core/state.js'
import { browserSignals } from '../signals/browser.js'
import { createAlarm } from './alarm.js'
import { broken, type Judge } from './ends.js'
import { createKeeper } from './keeper.js'
import type { Keeper, KeeperNews, KeeperOptions } from './keeper-state.js'
import type { LineEnd, LineRequest } from './line.js'
import type { Settings } from './reconnecting-options.js'
import { oneRoute } from './routes.js'
import type { SocketData } from './send-buffer.js'
import { shareDial } from './shared-dial.js'
import { webSocket, type SocketClass, type SocketLike } from './websocket.js'

/** What an engine tells. */
export type EngineNews =
  | { readonly type: 'opened' }
  | { readonly type: 'message'; readonly data: unknown }
  /** A line has ended, or a dial has failed; its socket had an `error`. */
  | { readonly type: 'ended'; readonly end: LineEnd; readonly hasError: boolean }

/** The engine of one ReconnectingWebSocket. */
export interface Engine {
  readonly clock: Clock
  /** The newest socket, from the moment it is made; of whoever wants its protocol, its binaryType or its close. */
  readonly socket: SocketLike | null
  /** Dials, or waits for the verdict. */
  start(): void
  /** Lets go of everything. */
  stop(): void
  /** Another line: at once, or as soon as there may be one. */
  again(): void
  send(data: SocketData): boolean
}

/** What an engine needs besides its options. */
export interface EnginePorts {
  /** Where to, asked for each dial. */
  ask(): Promise<Pick<LineRequest, 'url' | 'protocols'>>
  /** A socket was made. */
  onSocket(socket: SocketLike): void
  tell(news: EngineNews): void
}

/** The keeper is given one before the dial asks for the true one. */
const ASKED_LATER = new URL('wss://asked-when-dialled.invalid')

/**
 * How often it is looked whether the page stood still, in ms: so late at most it is noticed where no event comes before
 * (a device that slept may tell nothing, and its timers have as long to go as they had before).
 */
const LOOK_MS = 10_000

/** Where nobody can refresh a token, a code that asks for one is an end as any other: the URL is asked for anew. */
const withoutAuth: Judge = ({ verdict }) =>
  verdict === 'needs-auth' || verdict === 'session-lost' ? 'again' : undefined

/** Puts the parts together; nothing is dialled before `start`. */
export function createEngine(settings: Settings, { ask, onSocket, tell }: EnginePorts): Engine {
  const { judge, heartbeat, schedule, connectionTimeout, maxMessageBytes, maxStandstillMs } = settings
  const hasAuth = Boolean(settings.connection?.auth)
  let socket: SocketLike | null = null
  let hasError = false

  /** A function that is called with `new` and returns an object gives that object. */
  const Dialled = function (url: string, protocols?: string | string[]): SocketLike {
    const Class = (settings.WebSocket ?? globalThis.WebSocket) as SocketClass
    const made = new Class(url, protocols)
    socket = made
    hasError = false
    // Beside the driver, which has no use for it: an open line that is broken by a bad frame has one.
    if (made instanceof EventTarget) {
      made.addEventListener('error', () => (hasError ||= made === socket), { once: true })
    }
    onSocket(made)
    return made
  } as unknown as SocketClass

  const dial = shareDial(
    webSocket({
      WebSocket: Dialled,
      maxMessageBytes,
      judge: (end) => judge?.(end) ?? (hasAuth ? undefined : withoutAuth(end)),
    }),
    {
      clock: () => connection.clock,
      ask: async () => ({ ...NOTHING_ASKED, ...(await connection.clock.track(ask())) }),
      onFailed: (end) => tell({ type: 'ended', end, hasError }),
      prove: heartbeat && (() => keeper.prove()),
    },
  )
  const own: Connection | null = settings.connection ? null : ownConnection(settings, dial.probe)
  const connection = settings.connection ?? own!
  // What is undefined is its default.
  const keeper: Keeper = createKeeper({
    connection,
    routes: oneRoute(dial.driver, ASKED_LATER),
    request: () => NOTHING_ASKED,
    heartbeat,
    dialTimeoutMs: connectionTimeout,
    schedule,
    tell: hear,
  } as KeeperOptions)
  const { clock } = connection
  /** When the page was last seen to run; -Infinity: this line is given up, whatever comes. */
  let seenAt = 0
  const alarm = createAlarm(clock, ring)
  let needs: readonly Stop[] = []

  function hear(news: KeeperNews): void {
    switch (news.type) {
      case 'opened':
        // There is no greeting: whoever takes the handshake is the service.
        keeper.proven()
        return tell(news)
      case 'alive':
        return dial.alive()
      case 'state':
        seenAt = clock.now()
        return look()
      case 'ended':
        return tell({ ...news, hasError })
      case 'message':
        if (seenAt > 0) seenAt = clock.now()
        return tell(news)
    }
  }

  /** Over an open line that nobody asks: what ended it while the page stood still need not have reached it. */
  const isWatched = (): boolean => !heartbeat && keeper.state.name === 'open'
  const hasStood = (): boolean => isWatched() && clock.now() - seenAt > maxStandstillMs

  /** A line that was stood over is replaced in a task of its own: if something has come over it, it is told, and lives. */
  function look(): void {
    if (!isWatched()) return
    const now = clock.now()
    if (hasStood()) return alarm(now)
    seenAt = now
    alarm(now + LOOK_MS)
  }
  function ring(): void {
    if (!hasStood()) return look()
    const reason = 'the page stood still'
    tell({ type: 'ended', end: broken(reason), hasError })
    keeper.reopen(reason)
  }

  return {
    clock,
    get socket() {
      return socket
    },
    start() {
      own?.start()
      keeper.start()
      // Nobody can tell whether somebody listens: what was opened is needed, also while the page is hidden.
      if (needs.length === 0) needs = [keeper.need(), connection.subscribe(look), () => alarm(Infinity)]
    },
    stop() {
      needs.forEach((stop) => stop())
      needs = []
      keeper.stop()
      dial.close()
      own?.stop()
    },
    again() {
      if (keeper.state.name === 'open') return keeper.reopen('reconnect()')
      connection.retryNow()
      keeper.retryNow()
    },
    send(data) {
      if (!hasStood()) return keeper.send(data)
      seenAt = -Infinity
      look()
      return false
    },
  }
}

const NOTHING_ASKED = { protocols: [], token: null, topics: [], cursor: null } as const

/** A connection whose health check is the dial. */
function ownConnection(
  settings: Settings,
  probe: Parameters<typeof createConnection>[0]['probe'],
): Connection {
  const { signals = [browserSignals()], schedule, clock, random, minUptime, connectionTimeout } = settings
  // What is undefined is its default.
  const options = {
    probe,
    signals,
    schedule,
    clock,
    random,
    stableMs: minUptime,
    probeTimeoutMs: connectionTimeout,
  }
  return createConnection(options as ConnectionOptions)
}
