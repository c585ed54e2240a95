/** What the wire says (docs/spec/architecture.md, "The wire"), as JSON text, as the reference server writes it. */

/** The topics: what people say to each other, a tick each second, and what was done to orders. */
export const TOPICS = ['chat', 'clock', 'orders'] as const

/** One of them. */
export type Topic = (typeof TOPICS)[number]

/** Whether this is the name of one. */
export const isTopic = (name: unknown): name is Topic => TOPICS.includes(name as Topic)

/** A place in the log. */
export interface Place {
  readonly epoch: string
  readonly offset: number
}

/** Why something that a client asked for was not done. */
export type FrameFault = 'unknown-type' | 'unknown-topic' | 'not-writable' | 'id-reused' | 'failed'

const frame = (type: string, members: object = {}): string => JSON.stringify({ type, ...members })

/** The first frame of a conversation. */
export interface Hello extends Place {
  readonly boot: string
  /** How often a client should PING (ms). */
  readonly heartbeatMs: number
  readonly session: 'known' | 'unknown'
}

/** HELLO */
export const helloFrame = ({ boot, epoch, offset, heartbeatMs, session }: Hello): string =>
  frame('HELLO', { boot, epoch, offset, heartbeatMs, session })

/** EVENT */
export const eventFrame = (topic: Topic, offset: number, data: unknown): string =>
  frame('EVENT', { topic, offset, data })

/** RESUMED: every event of the topic after this offset follows. */
export const resumedFrame = (topic: Topic, offset: number): string => frame('RESUMED', { topic, offset })

/** GAP: events were dropped, all of them within these offsets, both included. */
export const gapFrame = (topic: Topic, from: number, to: number): string => frame('GAP', { topic, from, to })

/** RESET: the cursor was of another log. */
export const resetFrame = (topic: Topic, { epoch, offset }: Place): string =>
  frame('RESET', { topic, epoch, offset })

/** ACK */
export const ackFrame = (id: string, offset: number): string => frame('ACK', { id, offset })

/** DRAIN */
export const drainFrame = (retryAfterMs: number): string => frame('DRAIN', { retryAfterMs })

/** PONG */
export const PONG_FRAME = frame('PONG')

/** ERROR, with what it is about. */
export const errorFrame = (
  code: FrameFault,
  detail: string,
  about: { readonly id?: string; readonly topic?: string } = {},
): string => frame('ERROR', { code, detail, ...about })

/** A place as a cursor: opaque to clients, good for sockets, streams and polls. */
export const cursorText = ({ epoch, offset }: Place): string => `${epoch}:${offset}`

/** Longer is no cursor of ours. */
const LONGEST_CURSOR = 64

/** A cursor as a place; null: this server cannot have given it. */
export function readCursor(text: string): Place | null {
  if (text.length > LONGEST_CURSOR) return null
  const [, epoch, digits] = /^([\da-z]{1,32}):(0|[1-9]\d{0,15})$/.exec(text) ?? []
  const offset = Number(digits)
  return epoch !== undefined && Number.isSafeInteger(offset) ? { epoch, offset } : null
}
