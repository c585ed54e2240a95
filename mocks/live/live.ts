/** What sockets, streams and polls of the simulated service have in common. */
import type { Clock } from '../../src/core/clock.js'
import type { Stop } from '../../src/core/state.js'
import type { Feed } from './feed.js'
import { helloFrame, isTopic, type FrameFault } from './frames.js'

/** What a token is worth. */
export type Access =
  | { readonly name: 'valid'; readonly user: string; readonly expiresAt: number }
  | { readonly name: 'expired' | 'unknown' | 'malformed' }

/** Somebody who listens. */
export interface Guest {
  /**
   * Whether one that comes during a drain is told at once. A poll is not, it would ask again and again: it is told
   * with the next events, or at the end.
   */
  readonly isToldLate: boolean
  /** The service is going: says so. A poll is answered with it. */
  drain(retryAfterMs: number): void
  /** The drain is over: ends in good order, with an estimate of its own. */
  end(retryAfterMs: number): void
}

/** What each door is given. */
export interface Live {
  readonly feed: Feed
  readonly clock: Clock
  readonly boot: () => string
  readonly heartbeatMs: number
  readonly framesPerS: number
  readonly frameBytes: number
  /** Looks at a token; null: nobody has to show one. */
  readonly check: ((token: string) => Access) | null
  readonly send: Send
  /**
   * While the service drains: in how many ms it is worth coming back, each taker one place further in the row; null
   * while it does not.
   */
  takeTurn(): number | null
  /** Nobody more is let in: in how many seconds the next in the row may ask again; null: there is room. */
  refusal(): number | null
  /** Lets it in until the returned function is called. */
  join(guest: Guest): Stop
}

/** What came of a message that a client sent. */
export type Sent =
  | { readonly name: 'sent'; readonly offset: number }
  | { readonly name: 'refused'; readonly code: FrameFault; readonly detail: string }

/** Sends for a user: each id of a user is one event, however often it arrives and by whichever door. */
export type Send = (user: string, message: { id: string; topic: string; data: unknown }) => Sent

/** HELLO as of now. */
export const hello = ({ boot, feed, heartbeatMs }: Live, session: 'known' | 'unknown' = 'known'): string =>
  helloFrame({ boot: boot(), ...feed.end(), heartbeatMs, session })

/** Makes a sender into this log. */
export function createSend(feed: Feed): Send {
  const sent = new Map<string, { readonly text: string; readonly offset: number }>()
  return (user, { id, topic, data }) => {
    if (!isTopic(topic))
      return { name: 'refused', code: 'unknown-topic', detail: `There is no topic ${topic}` }
    if (topic !== 'chat')
      return { name: 'refused', code: 'not-writable', detail: `Only the server writes to ${topic}` }
    const key = JSON.stringify([user, id])
    const text = JSON.stringify([topic, data])
    const known = sent.get(key)
    if (known && known.text !== text)
      return { name: 'refused', code: 'id-reused', detail: 'This id was used for another message' }
    const offset = known?.offset ?? feed.append(topic, data)
    sent.set(key, { text, offset })
    return { name: 'sent', offset }
  }
}

/** A tick each second while somebody listens, and five more: a poll is away between two polls. */
export function tickWhileHeard({ feed, clock }: Pick<Live, 'feed' | 'clock'>): Stop {
  const LINGER_TICKS = 5
  let state: { readonly name: 'still' } | { readonly name: 'ticking'; readonly cancel: Stop } = {
    name: 'still',
  }
  let alone = 0

  const stop = (): void => {
    if (state.name === 'ticking') state.cancel()
    state = { name: 'still' }
  }
  const tick = (): void => {
    alone = feed.listening('clock') > 0 ? 0 : alone + 1
    if (alone > LINGER_TICKS) return stop()
    feed.append('clock', { at: clock.now() })
    state = { name: 'ticking', cancel: clock.setTimeout(tick, 1000) }
  }
  feed.onListener((topic) => {
    if (topic !== 'clock') return
    alone = 0
    if (state.name === 'ticking') return
    state = { name: 'ticking', cancel: clock.setTimeout(tick, 1000) }
  })
  return stop
}
