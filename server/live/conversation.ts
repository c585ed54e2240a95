/** What is said on one socket: frames in, frames out. Knows nothing of how they travel. */
import type { Access } from '../auth/sessions.ts'
import type { Problem } from '../problem.ts'
import type { Place } from './cursor.ts'
import { PONG_FRAME, ackFrame, errorFrame } from './frames.ts'
import { type Live, hello } from './live.ts'
import { type ClientFrame, readFrame } from './read-frame.ts'
import { type Listener, type Reader, startFrom } from './reader.ts'
import { type Topic, isTopic } from './topics.ts'

/** Codes of the wire's closings. 1009 (too big) is the socket's own. */
export const CLOSE = {
  notText: 1007,
  policy: 1008,
  restart: 1012,
  tryAgain: 1013,
  unauthorized: 4401,
  sessionUnknown: 4402,
} as const

/** How the socket is spoken to. */
export interface Line {
  /** Says a frame. */
  say(frame: string): void
  /** Ends the conversation. */
  close(code: (typeof CLOSE)[keyof typeof CLOSE], reason: string): void
  /** Whether it takes more events now. */
  readonly roomy: () => boolean
}

/** A conversation. */
export interface Conversation {
  /** Takes what the other side said. */
  hear(text: string): void
  /** There is room again. */
  pump(): void
  /** Stops all reading and all timers. */
  stop(): void
}

/** Ends one that was not begun: nobody more is let in, and Retry-After is the turn that its reason names. */
export function sendAway(close: Line['close'], { retryAfterS }: Problem): void {
  close(CLOSE.tryAgain, JSON.stringify({ retryAfterMs: (retryAfterS ?? 0) * 1000 }))
}

/** Frames of unknown types that are ignored before it is enough. */
const MOST_UNKNOWN = 10
/** Who has to show a token does so within so many ms. */
const AUTH_WITHIN_MS = 5000

type Who =
  { readonly name: 'nobody' } | { readonly name: 'user'; readonly user: string; readonly expiry: () => void }

/** Begins one: with HELLO, or waiting for AUTH where that is required. */
export function converse(live: Live, { say, close, roomy }: Line): Conversation {
  const { hub, time, limits, send, check } = live
  const readers = new Map<Topic, Reader>()
  const listener: Listener = { roomy, take: (frame: string, _at: Place) => say(frame) }
  let who: Who = { name: 'nobody' }
  let noAuth = () => {}
  let unknown = 0
  let second = { at: 0, frames: 0 }

  if (check) {
    noAuth = time.after(AUTH_WITHIN_MS, () =>
      close(CLOSE.unauthorized, `AUTH is said within ${AUTH_WITHIN_MS} ms`),
    )
  } else {
    who = { name: 'user', user: 'anyone', expiry: () => {} }
    say(hello(live))
  }

  function welcome(access: Access) {
    if (access.name === 'unknown') {
      say(hello(live, 'unknown'))
      return close(CLOSE.sessionUnknown, 'session_unknown')
    }
    if (access.name !== 'valid')
      return close(CLOSE.unauthorized, access.name === 'expired' ? 'token-expired' : 'unauthorized')
    if (who.name === 'user' && who.user !== access.user)
      return close(CLOSE.policy, 'AUTH: a conversation is one user’s')
    noAuth()
    if (who.name === 'user') who.expiry()
    const expiry = time.after(access.expiresAt - time.now(), () => close(CLOSE.unauthorized, 'token-expired'))
    who = { name: 'user', user: access.user, expiry }
    say(hello(live))
  }

  function subscribe(topic: string, cursor: string | undefined) {
    if (!isTopic(topic)) return say(errorFrame('unknown-topic', `There is no topic ${topic}`, { topic }))
    readers.get(topic)?.stop()
    const { at, frames } = startFrom(hub.log, [topic], cursor)
    const reader = hub.listen([topic], at, listener)
    readers.set(topic, reader)
    for (const frame of frames) say(frame)
    reader.pump()
  }

  function unsubscribe(topic: string) {
    if (!isTopic(topic)) return say(errorFrame('unknown-topic', `There is no topic ${topic}`, { topic }))
    readers.get(topic)?.stop()
    readers.delete(topic)
  }

  function publish(user: string, frame: ClientFrame & { type: 'SEND' }) {
    const { id } = frame
    try {
      const sent = send(user, frame)
      say(sent.name === 'sent' ? ackFrame(id, sent.offset) : errorFrame(sent.code, sent.detail, { id }))
    } catch {
      say(errorFrame('failed', 'The server failed; nothing of this was kept', { id }))
    }
  }

  function act(frame: ClientFrame) {
    if (frame.type === 'AUTH') return check ? welcome(check(frame.token)) : undefined
    if (who.name === 'nobody') return close(CLOSE.unauthorized, 'AUTH comes first')
    if (frame.type === 'PING') return say(PONG_FRAME)
    if (frame.type === 'SUBSCRIBE') return subscribe(frame.topic, frame.cursor)
    if (frame.type === 'UNSUBSCRIBE') return unsubscribe(frame.topic)
    return publish(who.user, frame)
  }

  function isTooMany(): boolean {
    const at = Math.floor(time.now() / 1000)
    second = second.at === at ? { at, frames: second.frames + 1 } : { at, frames: 1 }
    return second.frames > limits.framesPerS
  }

  return {
    hear(text) {
      if (isTooMany()) return close(CLOSE.policy, `at most ${limits.framesPerS} frames a second`)
      const reading = readFrame(text)
      if (reading.name === 'frame') return act(reading.frame)
      if (reading.name === 'not-json') return close(CLOSE.notText, reading.detail)
      if (reading.name === 'malformed') return close(CLOSE.policy, reading.detail)
      unknown += 1
      if (unknown > MOST_UNKNOWN)
        return close(CLOSE.policy, `at most ${MOST_UNKNOWN} frames of unknown types`)
      say(errorFrame('unknown-type', reading.detail))
    },
    pump() {
      for (const reader of readers.values()) reader.pump()
    },
    stop() {
      noAuth()
      if (who.name === 'user') who.expiry()
      for (const reader of readers.values()) reader.stop()
      readers.clear()
    },
  }
}
