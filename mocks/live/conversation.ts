/** What is said on one socket: frames in, frames out, and when it is enough. */
import type { Stop } from '../../src/core/state.js'
import { ackFrame, drainFrame, errorFrame, isTopic, PONG_FRAME, type Topic } from './frames.js'
import { hello, type Access, type Live } from './live.js'
import { readFrame, type ClientFrame } from './read-frame.js'

/** How the socket is spoken to. */
export interface Line {
  readonly say: (frame: string) => void
  readonly close: (code: number, reason: string) => void
}

/** A conversation. */
export interface Conversation {
  hear(data: unknown): void
  stop(): void
}

const CLOSE = {
  notText: 1007,
  policy: 1008,
  tooBig: 1009,
  restart: 1012,
  tryAgain: 1013,
  unauthorized: 4401,
  sessionUnknown: 4402,
} as const

/** Frames of unknown types that are ignored before it is enough. */
const MOST_UNKNOWN = 10
/** Who has to show a token does so within so many ms. */
const AUTH_WITHIN_MS = 5000

/** Begins one; where nobody more is let in it is closed at once, with its turn as the reason. */
export function converse(live: Live, line: Line): Conversation {
  const retryAfterS = live.refusal()
  if (retryAfterS === null) return begin(live, line)
  line.close(CLOSE.tryAgain, JSON.stringify({ retryAfterMs: retryAfterS * 1000 }))
  return { hear() {}, stop() {} }
}

/** With HELLO, or waiting for AUTH where that is required. */
function begin(live: Live, { say, close: hangUp }: Line): Conversation {
  const { feed, clock, check, send } = live
  const readers = new Map<Topic, Stop>()
  let user: string | null = check ? null : 'anyone'
  let deadline: Stop = () => {}
  let unknown = 0
  let second = { at: 0, frames: 0 }
  let state: 'open' | 'over' = 'open'

  const stop = (): void => {
    state = 'over'
    deadline()
    leave()
    for (const unread of readers.values()) unread()
    readers.clear()
  }
  const close = (code: number, reason: string): void => {
    stop()
    hangUp(code, reason)
  }
  const limit = (ms: number, reason: string): void => {
    deadline()
    deadline = clock.setTimeout(() => close(CLOSE.unauthorized, reason), ms)
  }
  if (check) limit(AUTH_WITHIN_MS, `AUTH is said within ${AUTH_WITHIN_MS} ms`)
  else say(hello(live))
  const leave = live.join({
    isToldLate: true,
    drain: (retryAfterMs) => say(drainFrame(retryAfterMs)),
    end: (retryAfterMs) => close(CLOSE.restart, JSON.stringify({ retryAfterMs })),
  })

  const welcome = (access: Access): void => {
    if (access.name === 'unknown') {
      say(hello(live, 'unknown'))
      return close(CLOSE.sessionUnknown, 'session_unknown')
    }
    if (access.name !== 'valid')
      return close(CLOSE.unauthorized, access.name === 'expired' ? 'token-expired' : 'unauthorized')
    if (user !== null && user !== access.user)
      return close(CLOSE.policy, 'AUTH: a conversation is one user’s')
    limit(access.expiresAt - clock.now(), 'token-expired')
    user = access.user
    say(hello(live))
  }
  const subscribe = (topic: string, cursor: string | undefined): void => {
    if (!isTopic(topic)) return say(errorFrame('unknown-topic', `There is no topic ${topic}`, { topic }))
    readers.get(topic)?.()
    const { at, frames } = feed.startFrom([topic], cursor)
    for (const frame of frames) say(frame)
    readers.set(topic, feed.listen([topic], at, say))
  }
  const unsubscribe = (topic: string): void => {
    if (!isTopic(topic)) return say(errorFrame('unknown-topic', `There is no topic ${topic}`, { topic }))
    readers.get(topic)?.()
    readers.delete(topic)
  }
  const act = (frame: ClientFrame): void => {
    if (frame.type === 'AUTH') return check ? welcome(check(frame.token)) : undefined
    if (user === null) return close(CLOSE.unauthorized, 'AUTH comes first')
    if (frame.type === 'PING') return say(PONG_FRAME)
    if (frame.type === 'SUBSCRIBE') return subscribe(frame.topic, frame.cursor)
    if (frame.type === 'UNSUBSCRIBE') return unsubscribe(frame.topic)
    const { id } = frame
    const sent = send(user, frame)
    say(sent.name === 'sent' ? ackFrame(id, sent.offset) : errorFrame(sent.code, sent.detail, { id }))
  }
  const isTooMany = (): boolean => {
    const at = Math.floor(clock.now() / 1000)
    second = second.at === at ? { at, frames: second.frames + 1 } : { at, frames: 1 }
    return second.frames > live.framesPerS
  }

  return {
    hear(data) {
      if (state === 'over') return
      if (typeof data !== 'string') return close(CLOSE.notText, 'a frame is JSON text')
      if (new TextEncoder().encode(data).byteLength > live.frameBytes) return close(CLOSE.tooBig, '')
      if (isTooMany()) return close(CLOSE.policy, `at most ${live.framesPerS} frames a second`)
      const reading = readFrame(data)
      if (reading.name === 'frame') return act(reading.frame)
      if (reading.name === 'not-json') return close(CLOSE.notText, reading.detail)
      if (reading.name === 'malformed') return close(CLOSE.policy, reading.detail)
      unknown++
      if (unknown > MOST_UNKNOWN)
        return close(CLOSE.policy, `at most ${MOST_UNKNOWN} frames of unknown types`)
      say(errorFrame('unknown-type', reading.detail))
    },
    stop,
  }
}
