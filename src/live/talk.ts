/** What is said on one line: the greeting, what is asked for, and whether that was answered. */
import type { Clock, Stop } from '../core/clock.js'
import type { Place } from './cursor.js'
import {
  authFrame,
  readFrame,
  sendFrame,
  subscribeFrame,
  unsubscribeFrame,
  type ServerFrame,
  type TopicFrame,
} from './frames.js'
import type { Line } from './line.js'
import { createPace } from './pace.js'
import type { LineView, Told } from './line-view.js'

/** What comes of it. */
export type TalkNews =
  /** The greeting is done. null: this line says no HELLO (a poll that goes on). */
  | { readonly type: 'greeted'; readonly hello: (ServerFrame & { readonly type: 'HELLO' }) | null }
  | { readonly type: 'session-unknown' }
  /** Follows from where the line stands, not from a frame. */
  | { readonly type: 'told'; readonly told: readonly Told[] }
  /** A frame about a topic that is wanted; `length` in characters. */
  | { readonly type: 'topic'; readonly frame: TopicFrame; readonly length: number }
  | { readonly type: 'frame'; readonly frame: Exclude<ServerFrame, TopicFrame | { readonly type: 'HELLO' }> }
  /** All that is wanted was asked for and answered. */
  | { readonly type: 'restored' }
  /** It was opened for other topics than are wanted now. */
  | { readonly type: 'outdated' }
  /** An answer is overdue, though the line lives. */
  | { readonly type: 'unanswered' }
  | { readonly type: 'ignored'; readonly why: 'unknown' | 'malformed' }

/** What a conversation is made of. */
export interface TalkPorts {
  readonly clock: Clock
  readonly line: Line
  readonly view: LineView
  /** Said first on a socket; null: nobody has to. */
  readonly token: string | null
  /** Where a poll goes on: it says no HELLO then. Null: the line begins with one. */
  readonly resumesAt: Place | null
  readonly framesPerS: number
  readonly maxFrameLength: number
  readonly answerWithinMs: number
  /** What is to be sent here next; null: nothing, or another line sends. `peek`: whether there is any. */
  readonly outgoing: { peek(): boolean; take(): string | null }
  readonly tell: (news: TalkNews) => void
}

/** One conversation. */
export interface Talk {
  readonly view: LineView
  readonly isSocket: boolean
  readonly isGreeted: boolean
  hear(data: unknown, isEndOfAnswer: boolean): void
  /** Says what there is to say, as fast as the server takes it. */
  pump(): void
  /** Shows a newer token of the same person. */
  renew(token: string): void
  stop(): void
}

/** Nothing more is given to a socket that still has so many bytes to send. */
const MOST_BUFFERED = 256 * 1024
/** The first answer of a poll has come by then; its topics go on unless it said otherwise. */
const FIRST_ANSWER_MS = 500

/** Begins one; `tell` is not called within this call. */
export function createTalk(ports: TalkPorts): Talk {
  const { clock, line, view, outgoing, tell } = ports
  const isSocket = line.transport === 'websocket'
  let state: 'greeting' | 'greeted' | 'over' = 'greeting'
  let isRestored = false
  let noAnswer: Stop | null = null
  /** An answer says that the others may come, too. */
  let answeredAt = 0
  let settleSoon: Stop | null = null

  const pace = createPace(clock, ports.framesPerS, () => pump())

  function onNoAnswer(): void {
    const leftMs = answeredAt + ports.answerWithinMs - clock.now()
    noAnswer = leftMs > 0 ? clock.setTimeout(onNoAnswer, leftMs) : null
    if (leftMs <= 0) tell({ type: 'unanswered' })
  }

  const look = (): void => {
    if (state !== 'greeted') return
    if (!view.isAwaiting) {
      noAnswer?.()
      noAnswer = null
    } else {
      noAnswer ??= clock.setTimeout(onNoAnswer, ports.answerWithinMs)
    }
    const was = isRestored
    isRestored = view.isRestored
    if (isRestored && !was) tell({ type: 'restored' })
  }
  const greet = (hello: (ServerFrame & { type: 'HELLO' }) | null): void => {
    const place = hello ?? ports.resumesAt
    if (state !== 'greeting' || !place) return
    state = 'greeted'
    const told = view.greeted({ epoch: place.epoch, offset: place.offset })
    tell({ type: 'greeted', hello })
    if (told.length > 0) tell({ type: 'told', told })
    pump()
  }
  /** A poll says nothing of topics that go on. */
  const settle = (): void => {
    settleSoon?.()
    settleSoon = null
    const told = view.settle()
    if (told.length > 0) tell({ type: 'told', told })
    look()
  }
  /** Says one frame; false: there is none, or it is not the time. */
  const sayNext = (asks: string[], leaves: string[], sendsFirst: boolean): boolean => {
    const sends = outgoing.peek()
    if (!sends && asks.length + leaves.length === 0) return false
    if (line.bufferedAmount > MOST_BUFFERED) {
      pace.wait()
      return false
    }
    if (!pace.take()) return false
    const body = sends && (sendsFirst || asks.length + leaves.length === 0) ? outgoing.take() : null
    const left = body === null ? leaves.pop() : undefined
    const asked = body === null && left === undefined ? asks.shift() : undefined
    if (body !== null) line.send(sendFrame(body))
    if (left !== undefined) {
      view.leave(left)
      line.send(unsubscribeFrame(left))
    }
    if (asked !== undefined) line.send(subscribeFrame(asked, view.ask(asked)))
    return true
  }
  function pump(): void {
    if (state !== 'greeted') return
    const pending = view.pending()
    if (!isSocket) {
      if (pending.ask.length + pending.leave.length > 0) tell({ type: 'outdated' })
      return look()
    }
    const [asks, leaves] = [[...pending.ask], [...pending.leave]]
    // In turn: neither waits behind thousands of the other.
    for (let turn = 0; sayNext(asks, leaves, turn % 2 === 0); turn++);
    look()
  }

  const hearFrame = (frame: ServerFrame, length: number): void => {
    switch (frame.type) {
      case 'HELLO':
        if (frame.session === 'known') return greet(frame)
        stop()
        return tell({ type: 'session-unknown' })
      case 'EVENT':
      case 'RESUMED':
      case 'GAP':
      case 'RESET':
        if (state === 'greeted' && view.take(frame)) tell({ type: 'topic', frame, length })
        if (frame.type === 'EVENT') return
        answeredAt = clock.now()
        return look()
      case 'ERROR':
        if (frame.topic === undefined || view.refused(frame.topic)) tell({ type: 'frame', frame })
        return look()
      default:
        return tell({ type: 'frame', frame })
    }
  }

  function stop(): void {
    state = 'over'
    pace.stop()
    noAnswer?.()
    settleSoon?.()
  }

  if (isSocket && ports.token !== null) line.send(authFrame(ports.token))
  if (ports.resumesAt) settleSoon = clock.setTimeout(() => settle(), FIRST_ANSWER_MS)

  return {
    view,
    isSocket,
    get isGreeted() {
      return state === 'greeted'
    },
    hear(data, isEndOfAnswer) {
      if (state === 'over') return
      const reading = readFrame(data, ports.maxFrameLength)
      if (reading === 'unknown' || reading === 'malformed') tell({ type: 'ignored', why: reading })
      else if (reading !== 'pong') hearFrame(reading, String(data).length)
      if (isEndOfAnswer && state === 'greeted') settle()
    },
    pump() {
      greet(null)
      pump()
    },
    renew(token) {
      if (isSocket && state !== 'over') line.send(authFrame(token))
    },
    stop,
  }
}
