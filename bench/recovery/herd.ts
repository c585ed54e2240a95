/**
 * A herd: a server is back after two minutes, and everybody wants in. It admits so many a second, lets a second's
 * worth of them wait at its door, and refuses the rest: with a ticket (Retry-After) by the reference server's own
 * book, or, as any handshake of a WebSocket is refused, without a word.
 */
import type { Schedule } from '../../src/core/schedule.js'
import { createTicketBook, retryAfterS } from '../../server/ticket.ts'

/** Admissions a second: the reference server's default. */
export const CAPACITY = 5_000
const STEP_MS = 10
const PER_STEP = (CAPACITY * STEP_MS) / 1_000
/** How long the server was away, in ms. */
export const AWAY_MS = 120_000
/** Clients stand at different distances from the server, in ms. */
const APART_MS = 50

/** How one kind of client comes. */
export interface Herd {
  /** When this one comes first, in ms from the return. */
  first(client: number): number
  /** When it comes again, having been refused. */
  again(client: number, now: number, ticketS: number): number
}

/** What became of it. */
export interface HerdResult {
  /** Until 99 % were in, over the time that the server needs for all. */
  readonly ratio: number
  readonly attempts: number
}

/** Plays it in steps of 10 ms. */
export function playHerd(size: number, { first, again }: Herd): HerdResult {
  const due = new Map<number, number[]>()
  const at = (ms: number, client: number) => {
    const step = Math.ceil(ms / STEP_MS)
    const list = due.get(step)
    if (list) list.push(client)
    else due.set(step, [client])
  }
  for (let client = 0; client < size; client++) at(first(client), client)

  let now = 0
  const book = createTicketBook({ perSecond: CAPACITY, time: { now: () => now } as never })
  const most = size * 0.99
  let isIn = 0
  let waiting = 0
  let attempts = 0
  for (let step = 0; isIn < most; step++) {
    now = step * STEP_MS
    const served = Math.min(waiting, PER_STEP)
    let tokens = PER_STEP - served
    waiting -= served
    isIn += served
    for (const client of due.get(step) ?? []) {
      attempts += 1
      if (tokens > 0) {
        tokens -= 1
        isIn += 1
      } else if (waiting < CAPACITY) waiting += 1
      else at(Math.max(now + STEP_MS, again(client, now, retryAfterS(book.take(0, waiting)))), client)
    }
    due.delete(step)
    if (now > 3_600_000) return { ratio: Infinity, attempts: attempts / size }
  }
  return { ratio: now / ((size / CAPACITY) * 1_000), attempts: attempts / size }
}

/**
 * The kit: its connection's own schedule finds the server back, by a probe that is never refused; then what was held
 * goes out, and waits as its ticket says, which is a floor below its own first wait.
 */
export function kitHerd(steady: Schedule, http: Schedule, chance = Math.random): Herd {
  return {
    first() {
      let age = 0
      for (let step = 0; age < AWAY_MS; step++) age += steady.delay(step, chance(), age)
      return age - AWAY_MS + chance() * APART_MS
    },
    again: (_client, now, ticketS) => now + ticketS * 1_000 + http.delay(0, chance(), 0),
  }
}

/** Others: as their own attempts in an endless outage tell (ages in ms), of which each client lives one. */
export function tracedHerd(traces: readonly (readonly number[])[], chance = Math.random): Herd {
  const gaps = traces.map((trace) => trace.slice(1).map((age, index) => age - trace[index]!))
  const late = traces.map((trace) =>
    Math.max(
      0,
      trace.findIndex((age) => age >= AWAY_MS / 2),
    ),
  )
  return {
    first(client) {
      const age = traces[client % traces.length]!.find((each) => each >= AWAY_MS) ?? Infinity
      return age - AWAY_MS + chance() * APART_MS
    },
    again(client, now) {
      const which = client % traces.length
      const from = late[which]!
      const own = gaps[which]!
      return now + own[from + Math.floor(chance() * (own.length - from))]! + chance() * APART_MS
    },
  }
}
