/** The life of a ReconnectingWebSocket: what state it is in, and which events it tells, line after line. */
import type { Stop } from '../core/state.js'
import { createEngine, type EngineNews, type EnginePorts } from './reconnecting-engine.js'
import type { Settings } from './reconnecting-options.js'
import { createSendBuffer, sizeOf, type SocketData } from './send-buffer.js'
import type { Closing } from './socket-arguments.js'
import { closeEvent, type Closed } from './socket-events.js'
import type { SocketLike } from './websocket.js'

/** The states that a WebSocket shows. */
export const READY_STATES = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const

/** One of them. */
export type ReadyState = (typeof READY_STATES)[keyof typeof READY_STATES]

/** After `close()` the server's close frame is waited for so long: as long as for a dial. Chromium waits 60 s. */
const CLOSING_MS = 5_000

type State =
  /** Begins closed, and has not begun. */
  | { readonly name: 'before' }
  | { readonly name: 'connecting' }
  | { readonly name: 'open'; readonly since: number }
  /** A line has ended, and its `close` is being told; `again`: a listener asks for another one. */
  | { readonly name: 'lost'; readonly wish: 'none' | 'again' }
  /** Closed by hand; its `close` is not told yet. */
  | { readonly name: 'closing'; readonly settle: (end: Closed) => void }
  /** Closed by hand, until `reconnect`. */
  | { readonly name: 'closed' }
  /** Over by itself (a final code, or too many failures), until `reconnect`. */
  | { readonly name: 'over' }

/** What a ReconnectingWebSocket is asked and told; arguments are checked before. */
export interface Life {
  readonly readyState: ReadyState
  /** The newest that was open; it is asked after its end, too, as a WebSocket is. */
  readonly socket: SocketLike | null
  /** The newest that was made. */
  readonly dialled: SocketLike | null
  readonly bufferedAmount: number
  readonly retries: number
  readonly shouldReconnect: boolean
  send(data: SocketData): void
  drain(): SocketData[]
  close(closing: Closing): void
  reconnect(closing: Closing): void
}

/** What a life needs besides its options. */
export interface LifePorts extends Pick<EnginePorts, 'ask' | 'onSocket'> {
  /** Dispatches it. */
  tell(event: Event): void
  /** Of the URL that was dialled, for messages. */
  origin(): string
}

/** `error`: that, and then `close`. */
type Told = 'close' | 'error'

const ABNORMAL: Closed = { code: 1006, reason: '', wasClean: false }

/** Begins one; nothing is dialled before `reconnect`. */
export function createLife(settings: Settings, { tell, origin, ...ports }: LifePorts): Life {
  const engine = createEngine(settings, { ...ports, tell: hear })
  const buffer = createSendBuffer(settings)
  const { clock } = engine
  let state: State = { name: 'before' }
  let socket: SocketLike | null = null
  let retries = 0
  /** Of sends that nobody will get: a WebSocket counts them, too. */
  let discardedBytes = 0

  /** A line that was open for long enough begins the count anew, while it is still open. */
  const retriesOf = (): number =>
    state.name === 'open' && clock.now() - state.since >= settings.minUptime ? 0 : retries

  const isGoingOn = (): boolean => ['connecting', 'open', 'lost'].includes(state.name)

  function hear(news: EngineNews): void {
    switch (news.type) {
      case 'opened':
        socket = engine.socket
        // The driver measures what it tells, and has set its own.
        if (socket) ports.onSocket(socket)
        state = { name: 'open', since: clock.now() }
        buffer.flush(engine.send)
        return tell(new Event('open'))
      case 'message':
        // Only while it is open: the engine tells nothing more once it has let go.
        return tell(new MessageEvent('message', { data: news.data, origin: origin() }))
      case 'ended':
        return fail(news)
    }
  }

  /** A line has ended without our asking, or a dial has failed. */
  function fail({ end, hasError }: EngineNews & { type: 'ended' }): void {
    if (!isGoingOn()) return
    const what = hasError || state.name !== 'open' ? 'error' : 'close'
    retries = retriesOf()
    if (retries < settings.maxRetries && end.verdict !== 'fatal') {
      // The one that follows is counted before its reason is told.
      retries += 1
      return lose(end, what)
    }
    state = { name: 'over' }
    engine.stop()
    tellEnd(end, what)
  }

  /** Tells that a line is lost. A listener may close it meanwhile, or ask for another line. */
  function lose(end: Closed, what: Told): void {
    state = { name: 'lost', wish: 'none' }
    tellEnd(end, what)
    const left = state as State
    if (left.name !== 'lost') return
    state = { name: 'connecting' }
    // The keeper is about to decide what follows: it is asked when it has.
    if (left.wish === 'again') void Promise.resolve().then(hurry)
  }

  function hurry(): void {
    if (state.name === 'connecting') engine.again()
  }

  function tellEnd(end: Closed, what: Told): void {
    if (what === 'error') tell(new Event('error'))
    tell(closeEvent(end))
  }

  /** Closed by hand; `wait` settles it, in a task of its own or when the server has answered. */
  function leave(what: Told, wait: (settle: (end: Closed) => void) => Stop): void {
    const settle = (end: Closed): void => {
      stopWaiting()
      state = { name: 'closed' }
      tellEnd(end, what)
    }
    state = { name: 'closing', settle }
    const stopWaiting = wait(settle)
  }

  /** The engine lets go of the socket; its close frame is heard here. */
  function leaveOpen({ code, reason }: Closing): void {
    const own = socket!
    // Without a code its frame has no body, and 1005 is what is told.
    if (code === undefined) own.close()
    else own.close(code, reason)
    engine.stop()
    leave('close', (settle) => {
      own.onclose = settle
      const late = { ...ABNORMAL, reason: `No answer to close within ${CLOSING_MS} ms` }
      const cancel = clock.setTimeout(() => settle(late), CLOSING_MS)
      return () => {
        cancel()
        own.onclose = null
      }
    })
  }

  const life: Life = {
    get readyState() {
      if (state.name === 'connecting') return READY_STATES.CONNECTING
      if (state.name === 'closing') return READY_STATES.CLOSING
      if (state.name !== 'open') return READY_STATES.CLOSED
      // The server may be closing.
      return socket?.readyState === READY_STATES.OPEN ? READY_STATES.OPEN : READY_STATES.CLOSING
    },
    get socket() {
      return socket
    },
    get dialled() {
      return engine.socket
    },
    get bufferedAmount() {
      return buffer.bytes + discardedBytes + (socket?.bufferedAmount ?? 0)
    },
    get retries() {
      return retriesOf()
    },
    get shouldReconnect() {
      return isGoingOn()
    },
    send(data) {
      if (state.name === 'open' && engine.send(data)) return
      if (isGoingOn() || state.name === 'before') buffer.add(data)
      else discardedBytes += sizeOf(data)
    },
    drain: buffer.drain,
    close(closing) {
      if (state.name === 'open') return leaveOpen(closing)
      if (state.name === 'connecting') {
        // The standard's failure, told in a task of its own.
        leave('error', (settle) => clock.setTimeout(() => settle(ABNORMAL), 0))
        return engine.stop()
      }
      if (state.name !== 'before' && state.name !== 'lost') return
      state = { name: 'closed' }
      engine.stop()
    },
    reconnect({ code = 1000, reason }) {
      retries = 0
      if (state.name === 'connecting') return engine.again()
      if (state.name === 'lost') return void (state = { name: 'lost', wish: 'again' })
      if (state.name === 'open') {
        socket?.close(code, reason)
        engine.again()
        return lose({ code, reason, wasClean: true }, 'close')
      }
      if (state.name === 'closing')
        state.settle({ ...ABNORMAL, reason: 'The answer to close was not waited for' })
      discardedBytes = 0
      state = { name: 'connecting' }
      engine.start()
    },
  }
  return life
}
