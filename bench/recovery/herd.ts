/**
 * A model of a herd: a server is back after two minutes, and everybody wants in. Who is refused at its door (door.ts) has
 * a ticket, or, as any handshake of a WebSocket is refused, not a word. real-herd.ts plays real clients; bench:herd holds
 * the one against the other.
 */
import type { Schedule } from '../../src/core/schedule.js'
import { createDoor } from './door.js'

/** Admissions a second: the reference server's default. */
export const CAPACITY = 5_000
const STEP_MS = 10
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
export function playHerd(size: number, { first, again }: Herd, capacity = CAPACITY): HerdResult {
  const due = new Map<number, number[]>()
  const at = (ms: number, client: number) => {
    const step = Math.ceil(ms / STEP_MS)
    const list = due.get(step)
    if (list) list.push(client)
    else due.set(step, [client])
  }
  for (let client = 0; client < size; client++) at(first(client), client)

  let now = 0
  const door = createDoor(capacity, () => now)
  const most = size * 0.99
  let isIn = 0
  let attempts = 0
  for (let step = 0; isIn < most; step++) {
    now = step * STEP_MS
    isIn += door.pass(STEP_MS)
    for (const client of due.get(step) ?? []) {
      attempts += 1
      const place = door.knock()
      if (place === 'taken') isIn += 1
      if (typeof place === 'number') at(Math.max(now + STEP_MS, again(client, now, place)), client)
    }
    door.rest()
    due.delete(step)
    if (now > 3_600_000) return { ratio: Infinity, attempts: attempts / size }
  }
  return { ratio: now / ((size / capacity) * 1_000), attempts: attempts / size }
}

/** When the probe of a connection finds the server back: it is never refused. */
const found = (steady: Schedule, chance: () => number): number => {
  let age = 0
  for (let step = 0; age < AWAY_MS; step++) age += steady.delay(step, chance(), age)
  return age - AWAY_MS + chance() * APART_MS
}

/** A held request: it goes out when the probe is good, and waits as its ticket says, below its own first wait. */
export function kitHerd(steady: Schedule, http: Schedule, chance = Math.random): Herd {
  return {
    first: () => found(steady, chance),
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
