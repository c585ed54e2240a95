/** Everybody who listens at the moment: sockets, streams and polls, bounded in number and told when the server goes. */
import { Problem } from '../problem.ts'
import type { Streams } from '../shutdown.ts'
import { RETURN_CAPACITY, createTicketBook, retryAfterS } from '../ticket.ts'
import type { Time } from '../time.ts'
import { BEATS } from './beats.ts'

/** One of them, as a shutdown sees it. */
export interface Guest {
  /**
   * Whether one that comes during a drain is told at once. A poll is not, it would ask again and again: it is told
   * with the next events, or at the end.
   */
  readonly isToldLate: boolean
  /** Says that the server is going, and when it is worth coming back. A poll is answered with it. */
  drain(retryAfterMs: number): void
  /** Ends it in good order, with its own estimate; whoever does not answer is cut after a second. */
  end(retryAfterMs: number): void
  /** Ends it because its session is no longer known. */
  forget(): void
  /** Cuts it. */
  destroy(): void
  /** Called twice a heartbeat: to show life, and to find out whether the other side does. */
  beat(): void
}

/** Those who listen. */
export interface Audience {
  readonly size: number
  /** Why nobody more is let in, with the next place in the row as its Retry-After; null: there is room. */
  refusal(): Problem | null
  /**
   * While the server drains: in how many ms it is worth coming back, each taker one place further in the row; null
   * while it does not. For a poll that is answered with events: it leaves, and is to be told before the port closes.
   */
  takeTurn(): number | null
  /** Lets it in, until the returned function is called. */
  join(guest: Guest): () => void
  /** Ends all sessions' conversations. */
  forgetAll(): void
  /** Cuts all. */
  destroyAll(): void
  /** Newcomers are told during a drain, and refused after the end. */
  readonly streams: Streams
  /** Ends the heartbeats. */
  stop(): void
}

/** Its limits. */
export interface AudienceOptions {
  /** How many may listen at once. */
  readonly most: number
  /** In ms; twice in it every guest is looked at. */
  readonly heartbeatMs: number
  /** Clock and timers. */
  readonly time: Time
}

/** When the first in the row may ask again while there is no room, in ms. */
const FULL_RETRY_MS = 5000

/** Whoever stands in it is told when it is worth coming back, by the place. */
interface Row {
  readonly turnMs: (place: number) => number
  next: number
}

/** An empty audience. */
export function createAudience({ most, heartbeatMs, time }: AudienceOptions): Audience {
  const guests = new Set<Guest>()
  let state: { readonly name: 'open' } | ({ readonly name: 'draining' | 'ended' } & Row) = { name: 'open' }
  const whileFull = createTicketBook({ perSecond: RETURN_CAPACITY, time })
  const gone: (() => void)[] = []

  const stop = time.every(heartbeatMs / BEATS, () => {
    for (const guest of [...guests]) guest.beat()
  })

  function leave(guest: Guest) {
    guests.delete(guest)
    if (guests.size === 0) for (const resolve of gone.splice(0)) resolve()
  }

  const streams: Streams = {
    announce(retryAfterMs) {
      const listening = [...guests]
      state = { name: 'draining', turnMs: retryAfterMs, next: listening.length }
      listening.forEach((guest, place) => guest.drain(retryAfterMs(place)))
    },
    end(retryAfterMs) {
      const leaving = [...guests]
      state = { name: 'ended', turnMs: retryAfterMs, next: leaving.length }
      leaving.forEach((guest, place) => guest.end(retryAfterMs(place)))
      return guests.size === 0 ? Promise.resolve() : new Promise((resolve) => gone.push(resolve))
    },
  }

  function queue(row: Row): number {
    row.next += 1
    return row.turnMs(row.next - 1)
  }
  const takeTurn = () => (state.name === 'draining' ? queue(state) : null)

  return {
    takeTurn,
    get size() {
      return guests.size
    },
    refusal() {
      const busy = (detail: string, retryAfterS: number) =>
        new Problem(503, 'overloaded', detail, { retryAfterS })
      if (state.name === 'ended') return busy('The server is going', Math.ceil(queue(state) / 1000))
      if (guests.size < most) return null
      return busy(`At most ${most} may listen at once`, retryAfterS(whileFull.take(FULL_RETRY_MS)))
    },
    join(guest) {
      guests.add(guest)
      const turnMs = guest.isToldLate ? takeTurn() : null
      if (turnMs !== null) guest.drain(turnMs)
      return () => leave(guest)
    },
    forgetAll() {
      for (const guest of [...guests]) guest.forget()
    },
    destroyAll() {
      for (const guest of [...guests]) guest.destroy()
    },
    streams,
    stop,
  }
}
