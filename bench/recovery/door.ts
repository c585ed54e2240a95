/**
 * The door of a server that is back: it takes so many a second, lets a second's worth of them wait, and sends the others
 * away with a ticket by the reference server's own book.
 */
import { createTicketBook, retryAfterS } from '../../server/ticket.ts'

/** A door. */
export interface Door {
  /** Time goes on by so many ms: how many of those who wait are taken, first come, first served. */
  pass(ms: number): number
  /** One comes; a number: he is refused, and that is his Retry-After (s). */
  knock(): 'taken' | 'waits' | number
  /** What nobody came for is not saved up. */
  rest(): void
}

/** Nobody waits. */
export function createDoor(perSecond: number, now: () => number): Door {
  const book = createTicketBook({ perSecond, time: { now } as never })
  let waiting = 0
  let credit = 0
  return {
    pass(ms) {
      credit += (perSecond * ms) / 1_000
      const taken = Math.min(waiting, Math.floor(credit))
      waiting -= taken
      credit -= taken
      return taken
    },
    knock() {
      if (credit >= 1) {
        credit -= 1
        return 'taken'
      }
      if (waiting >= perSecond) return retryAfterS(book.take(0, waiting))
      waiting += 1
      return 'waits'
    },
    rest: () => void (credit %= 1),
  }
}
