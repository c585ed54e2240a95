/** What sockets, streams and polls have in common. */
import type { AccessCheck } from '../auth/sessions.ts'
import type { Time } from '../time.ts'
import type { Audience } from './audience.ts'
import { helloFrame } from './frames.ts'
import type { Hub } from './hub.ts'
import type { Send } from './publish.ts'

/** What each of them is given. */
export interface Live {
  readonly boot: string
  readonly hub: Hub
  readonly audience: Audience
  readonly send: Send
  readonly time: Time
  readonly limits: Limits
  /** Looks at a token; null: nobody has to show one. */
  readonly check: AccessCheck | null
}

/** What is bounded, and by how much. */
export interface Limits {
  /** How often, in ms, a client should PING; a socket silent for 2.5 times as long is cut. */
  readonly heartbeatMs: number
  /** Bytes waiting to go out to one listener before it is not handed more. */
  readonly outgoingBytes: number
  /** The largest frame taken, in bytes. */
  readonly frameBytes: number
  /** The most frames taken from one socket in a second. */
  readonly framesPerS: number
  /** The longest a poll is held, in ms. */
  readonly pollMs: number
}

/** HELLO as of now. */
export const hello = ({ boot, hub, limits }: Live, session: 'known' | 'unknown' = 'known'): string =>
  helloFrame({ boot, ...hub.log.end(), heartbeatMs: limits.heartbeatMs, session })
