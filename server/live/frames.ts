/** The frames that the server says, as JSON text. The same on sockets, in streams and in polls. */
import type { Place } from './cursor.ts'

/** Why something that a client asked for was not done; the `code` of an ERROR frame. */
export type FrameFault =
  /** A frame of a type that is not known here: ignored, and counted. */
  | 'unknown-type'
  | 'unknown-topic'
  /** SEND to a topic that only the server writes. */
  | 'not-writable'
  /** SEND with an id that was used for something else. */
  | 'id-reused'
  /** The server's own failure; the same frame may be sent again. */
  | 'failed'

/** The first frame of a conversation. */
export interface Hello extends Place {
  readonly boot: string
  /** How often, in ms, a client should PING. */
  readonly heartbeatMs: number
  /** `unknown`: the token is of a session that this server does not know (any more). */
  readonly session: 'known' | 'unknown'
}

const frame = (type: string, members: object): string => JSON.stringify({ type, ...members })

/** HELLO {boot, epoch, offset, heartbeatMs, session} */
export const helloFrame = ({ boot, epoch, offset, heartbeatMs, session }: Hello): string =>
  frame('HELLO', { boot, epoch, offset, heartbeatMs, session })

/** EVENT {topic, offset, data}; the data is JSON text already. */
export const eventFrame = (topic: string, offset: number, data: string): string =>
  `{"type":"EVENT","topic":${JSON.stringify(topic)},"offset":${offset},"data":${data}}`

/** RESUMED {topic, offset}: every event of the topic after this offset follows. */
export const resumedFrame = (topic: string, offset: number): string => frame('RESUMED', { topic, offset })

/** GAP {topic, from, to}: events of the topic were dropped, all of them within these offsets, both included. */
export const gapFrame = (topic: string, from: number, to: number): string => frame('GAP', { topic, from, to })

/** RESET {topic, epoch, offset}: the cursor was of another log; events after this offset of the new one follow. */
export const resetFrame = (topic: string, { epoch, offset }: Place): string =>
  frame('RESET', { topic, epoch, offset })

/** ACK {id, offset} */
export const ackFrame = (id: string, offset: number): string => frame('ACK', { id, offset })

/** DRAIN {retryAfterMs} */
export const drainFrame = (retryAfterMs: number): string => frame('DRAIN', { retryAfterMs })

/** PONG */
export const PONG_FRAME = frame('PONG', {})

/** ERROR {code, detail, id?, topic?}: with what it is about, so that the asker knows which of its frames it was. */
export const errorFrame = (
  code: FrameFault,
  detail: string,
  about: { readonly id?: string; readonly topic?: string } = {},
): string => frame('ERROR', { code, detail, ...about })
