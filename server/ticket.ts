/**
 * Tickets: each of a crowd that is sent away is told when its turn is, so that they do not come back at once
 * and end the server again (docs/spec/performance.md, P6). Free of jitter: that is the client's, above it.
 */
import { type Time, systemTime } from './time.ts'

/** How many returning clients a second one process takes, by default: each dials, resumes and refetches. */
export const RETURN_CAPACITY = 200

/** The turn of whoever stands at this place (from 0), in ms: the estimate for all, and its place over capacity. */
export const ticketMs = (baseMs: number, place: number, perSecond: number): number =>
  Math.round(baseMs + (place * 1000) / perSecond)

/**
 * A turn as the header Retry-After has it: whole seconds, at least 1. Rounded down: a whole second's worth of
 * clients shares the second in which its turns are.
 */
export const retryAfterS = (turnMs: number): number => Math.max(1, Math.floor(turnMs / 1000))

/** Options of a ticket book. */
export interface TicketBookOptions {
  /** Turns a second, above 0. */
  readonly perSecond: number
  /** Default: the real one. */
  readonly time?: Time
}

/** A queue of people who are not here: it moves on by itself at its capacity. */
export interface TicketBook {
  /** Takes the next place; the ms until its turn, `baseMs` and those `ahead` of the whole book included. */
  take(baseMs?: number, ahead?: number): number
}

/** An empty book. */
export function createTicketBook({ perSecond, time = systemTime }: TicketBookOptions): TicketBook {
  let taken = 0
  let countedAt = time.now()
  return {
    take(baseMs = 0, ahead = 0) {
      const now = time.now()
      taken = Math.max(0, taken - ((now - countedAt) * perSecond) / 1000)
      countedAt = now
      const turn = ticketMs(baseMs, taken + ahead, perSecond)
      taken += 1
      return turn
    },
  }
}
