/**
 * The frames of the wire (docs/spec/architecture.md, "The wire"): strictly read, from text into fresh objects with
 * the members that we know, and written.
 */
import { isOffset, isText, type Members } from './members.js'

/** What a server may say; PONG is the heartbeat's. */
export type ServerFrame =
  | {
      readonly type: 'HELLO'
      readonly boot: string
      readonly epoch: string
      readonly offset: number
      /** Undefined: none that can be used. */
      readonly heartbeatMs: number | undefined
      readonly session: 'known' | 'unknown'
    }
  | TopicFrame
  | { readonly type: 'ACK'; readonly id: string; readonly offset: number }
  | { readonly type: 'DRAIN'; readonly retryAfterMs: number | undefined }
  | {
      readonly type: 'ERROR'
      readonly code: string
      readonly detail: string
      readonly id: string | undefined
      readonly topic: string | undefined
    }

/** What is said about one topic. */
export type TopicFrame =
  | { readonly type: 'EVENT'; readonly topic: string; readonly offset: number; readonly data: unknown }
  | { readonly type: 'RESUMED'; readonly topic: string; readonly offset: number }
  | { readonly type: 'GAP'; readonly topic: string; readonly from: number; readonly to: number }
  | { readonly type: 'RESET'; readonly topic: string; readonly epoch: string; readonly offset: number }

/** A frame, or why it is none: `unknown` is a type of a later version. */
export type FrameReading = ServerFrame | 'pong' | 'unknown' | 'malformed'

/** The server lets a client nest 32 deep, and wraps that. */
const DEEPEST = 64
/** In characters; what is longer is no name of ours. */
const LONGEST = { topic: 64, id: 128, boot: 128, epoch: 64, code: 64, detail: 200 } as const
/** No estimate and no interval of a server counts beyond an hour. */
const LONGEST_MS = 3_600_000

/**
 * Reads one frame. Never throws.
 *
 * @param maxLength in characters; looked at before anything is parsed.
 */
export function readFrame(data: unknown, maxLength: number): FrameReading {
  if (typeof data !== 'string' || data.length > maxLength || isTooDeep(data)) return 'malformed'
  let value: unknown
  try {
    // A reviver is slow: only text in which the name can be is read with one. Inside, a code may stand for a character.
    value = /__proto__|\\u/.test(data) ? JSON.parse(data, withoutPrototype) : JSON.parse(data)
  } catch {
    return 'malformed'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'malformed'
  return readMembers(value as Members) ?? 'malformed'
}

/** A member that is returned as undefined is left out. */
const withoutPrototype = (key: string, member: unknown): unknown => (key === '__proto__' ? undefined : member)

function readMembers(members: Members): FrameReading | null {
  const { type, topic, offset } = members
  switch (type) {
    case 'PONG':
      return 'pong'
    case 'EVENT': {
      const { data } = members
      return isTopic(topic) && isOffset(offset) && data !== undefined ? { type, topic, offset, data } : null
    }
    case 'RESUMED':
      return isTopic(topic) && isOffset(offset) ? { type, topic, offset } : null
    case 'GAP': {
      const { from, to } = members
      return isTopic(topic) && isOffset(from) && isOffset(to) && from <= to ? { type, topic, from, to } : null
    }
    case 'RESET': {
      const { epoch } = members
      return isTopic(topic) && isOffset(offset) && isEpoch(epoch) ? { type, topic, epoch, offset } : null
    }
    case 'HELLO':
      return readHello(members)
    case 'ACK': {
      const { id } = members
      return isText(id, LONGEST.id) && isOffset(offset) ? { type, id, offset } : null
    }
    case 'DRAIN':
      return { type, retryAfterMs: readMs(members['retryAfterMs'], 0) }
    case 'ERROR':
      return readError(members)
    default:
      return typeof type === 'string' ? 'unknown' : null
  }
}

function readHello({ boot, epoch, offset, heartbeatMs, session }: Members): FrameReading | null {
  if (!isText(boot, LONGEST.boot) || !isEpoch(epoch) || !isOffset(offset)) return null
  return {
    type: 'HELLO',
    boot,
    epoch,
    offset,
    heartbeatMs: readMs(heartbeatMs, 1),
    session: session === 'unknown' ? 'unknown' : 'known',
  }
}

function readError({ code, detail, id, topic }: Members): FrameReading | null {
  if (!isText(code, LONGEST.code)) return null
  return {
    type: 'ERROR',
    code,
    detail: typeof detail === 'string' ? detail.slice(0, LONGEST.detail) : '',
    id: isText(id, LONGEST.id) ? id : undefined,
    topic: isTopic(topic) ? topic : undefined,
  }
}

/** Whether it can be the name of a topic: 1 to 64 visible ASCII characters, none of them a comma (lists have them). */
export const isTopic = (value: unknown): value is string =>
  isText(value, LONGEST.topic) && /^[\x21-\x2b\x2d-\x7e]+$/.test(value)

/** A colon ends it in a cursor. */
const isEpoch = (value: unknown): value is string =>
  isText(value, LONGEST.epoch) && /^[\x21-\x39\x3b-\x7e]+$/.test(value)

const readMs = (value: unknown, least: number): number | undefined =>
  typeof value === 'number' && value >= least ? Math.min(value, LONGEST_MS) : undefined

/** Whether brackets are nested too deep; those in strings do not count. */
function isTooDeep(text: string): boolean {
  if (text.length <= 2 * DEEPEST) return false
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isInString) {
      if (code === 0x5c) at++
      else if (code === 0x22) isInString = false
    } else if (code === 0x22) isInString = true
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > DEEPEST) return true
    } else if (code === 0x5d || code === 0x7d) depth--
  }
  return false
}

/** AUTH */
export const authFrame = (token: string): string => JSON.stringify({ type: 'AUTH', token })

/** SUBSCRIBE; without a cursor from the present on. */
export const subscribeFrame = (topic: string, cursor: string | undefined): string =>
  JSON.stringify({ type: 'SUBSCRIBE', topic, cursor })

/** UNSUBSCRIBE */
export const unsubscribeFrame = (topic: string): string => JSON.stringify({ type: 'UNSUBSCRIBE', topic })

/** SEND, of a body that is an object with id, topic and data: its bytes are the same by every door. */
export const sendFrame = (body: string): string => `{"type":"SEND",${body.slice(1)}`
