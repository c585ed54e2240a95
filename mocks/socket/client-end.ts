/**
 * The application's end of a socket, as a machine: what it has heard, what it tells, how it ends.
 *
 * What a page sees of an end was measured on Chromium 156 (raw TCP server, 100 ms each way): a handshake that is
 * refused is `error`, then 1006; a connection that is cut when open is 1006 without `error`; a close frame with a
 * code that no frame may carry is `error` and 1006 at once; a connection that is cut instead of hung up after the
 * server's close frame keeps the frame's code and is not clean.
 */
import type { RequestEnd } from '../log.js'
import { travels, type Closing } from './arguments.js'
import type { Close } from './events.js'

/** What a socket is told. */
export type LineNews =
  | { readonly type: 'open'; readonly protocol: string }
  | { readonly type: 'message'; readonly payload: string | ArrayBuffer }
  /** The server has closed; the connection is not yet hung up. */
  | { readonly type: 'closing' }
  | ({ readonly type: 'close'; readonly withError: boolean } & Close)

type State =
  | { readonly name: 'dialing' | 'open' | 'closed' }
  /** The application closed it before it was open. */
  | { readonly name: 'left' }
  /** The application closed it; the server's close frame is awaited. */
  | { readonly name: 'closing' }
  /** The server closed it; what it said is kept, whatever becomes of the connection. */
  | { readonly name: 'told'; readonly close: Close }

/** What the end of a socket does beyond telling it. */
export interface ClientEndPorts {
  readonly tell: (news: LineNews) => void
  /** The handshake was answered, and well. */
  readonly onOpen: () => void
  /** It is over: how, and what the page is told; `status`: of the handshake. */
  readonly onOver: (end: RequestEnd, close: Close, status: number | null) => void
  /** Answers the server's close frame. */
  readonly answerClose: (closing: Closing) => void
}

/** The application's end. */
export interface ClientEnd {
  readonly name: State['name']
  opened(protocol: string): void
  heard(payload: string | ArrayBuffer): void
  /** A close frame came; `hungUp`: and the end of the connection with it. */
  heardClose(closing: Closing, hungUp: boolean): void
  /** The connection was ended after a close frame, or should have been by now. */
  hungUp(): void
  /** The connection was cut. */
  wasCut(end: RequestEnd): void
  /** It failed, with `error`: a handshake, with the status that it was answered with, or the whole network. */
  failed(end: RequestEnd, status?: number): void
  /** The application closes; says what there was to close. */
  close(): 'dial' | 'connection' | 'nothing'
  /** The application's close was not answered in time. */
  gaveUp(): void
}

const ABNORMAL: Close = { code: 1006, reason: '', wasClean: false }

/** Makes the end of a socket that dials. */
export function createClientEnd({ tell, onOpen, onOver, answerClose }: ClientEndPorts): ClientEnd {
  let state: State = { name: 'dialing' }

  const finish = (end: RequestEnd, close: Close, status: number | null, withError: boolean): void => {
    if (state.name === 'closed') return
    state = { name: 'closed' }
    onOver(end, close, status)
    tell({ type: 'close', ...close, withError })
  }

  return {
    get name() {
      return state.name
    },
    opened(protocol) {
      if (state.name !== 'dialing') return
      state = { name: 'open' }
      onOpen()
      tell({ type: 'open', protocol })
    },
    heard(payload) {
      // WHATWG WebSockets, 4: one that is not open any more dispatches no message.
      if (state.name === 'open') tell({ type: 'message', payload })
    },
    heardClose(closing, hungUp) {
      const { code, reason } = closing
      if (code !== null && !travels(code)) return finish('closed', ABNORMAL, 101, true)
      const close = { code: code ?? 1005, reason, wasClean: true }
      if (state.name === 'closing' || hungUp) return finish('closed', close, 101, false)
      if (state.name !== 'open') return
      state = { name: 'told', close }
      tell({ type: 'closing' })
      answerClose(closing)
    },
    hungUp() {
      if (state.name === 'told') finish('closed', state.close, 101, false)
    },
    wasCut(end) {
      if (state.name === 'told') finish(end, { ...state.close, wasClean: false }, 101, false)
      else if (state.name === 'dialing') finish(end, ABNORMAL, null, true)
      else if (state.name !== 'left') finish(end, ABNORMAL, 101, false)
    },
    failed(end, status) {
      const isUp = state.name !== 'dialing' && state.name !== 'left'
      finish(end, ABNORMAL, isUp ? 101 : (status ?? null), true)
    },
    close() {
      if (state.name === 'dialing') {
        state = { name: 'left' }
        return 'dial'
      }
      if (state.name !== 'open') return 'nothing'
      state = { name: 'closing' }
      return 'connection'
    },
    gaveUp() {
      if (state.name === 'closing') finish('timeout', ABNORMAL, 101, false)
    },
  }
}
