/**
 * A herd calculator: clients lose their server in the same moment, each waits by a real schedule, and when the server
 * is back it takes so many a second, lets a second's worth wait at its door and refuses the rest. A refused client
 * comes again by its own schedule or, where the server hands out tickets, when its turn is. Pure.
 *
 * It is apart from bench/recovery/herd.ts, which plays every client and measures other packages, too:
 * tests/stories/herd.test.ts holds the one against the other.
 */
import { createTicketBook, retryAfterS } from '../../server/ticket.ts'
import { checkNumber } from '../../src/core/errors.js'
import type { Schedule } from '../../src/index.js'
import { http } from '../../src/presets.js'
import { agesOf } from './schedules.js'

/** Options of `calculateHerd`. */
export interface HerdOptions {
  /** How many lose the server in the same moment, 1 to 10 million. */
  readonly clients: number
  /** How many the server takes a second once it is back, 1 to 1 million. */
  readonly capacity: number
  /** How long it is away, 0 to one hour (ms). */
  readonly awayMs: number
  /** When each of them tries. */
  readonly schedule: Schedule
  /** Whether the server tells whom it refuses when to come again (503 with Retry-After). */
  readonly tickets: boolean
  /** Chance in [0, 1): the same gives the same herd. */
  readonly chance: () => number
}

/** What becomes of it. Times are counted from the server's return. */
export interface Herd {
  /** The server needs so long for all of them, if it is never idle (ms). */
  readonly leastMs: number
  /** Until 99 % are back (ms); Infinity: not within the hour that is calculated. */
  readonly backMs: number
  /** Attempts of each client while the server was away, mean. */
  readonly inVain: number
  /** Attempts of each client from the return until 99 % were back, mean. */
  readonly knocks: number
  /** Attempts in the worst second after the return. */
  readonly peak: number
  /** Attempts in each second from the return until 99 % were back. */
  readonly arrivals: readonly number[]
}

const STEP_MS = 10
/** Clients stand at different distances from the server: up to so far apart (ms). */
const APART_MS = 50
const HOUR_MS = 3_600_000
/** So many are played, and each stands for its share of the crowd. */
const PLAYED = 4_000

/** Those who come, by the step of time in which they do. */
function createDiary() {
  const pages = new Map<number, number[]>()
  return {
    write(atMs: number, client: number) {
      const step = Math.ceil(atMs / STEP_MS)
      const page = pages.get(step)
      if (page) page.push(client)
      else pages.set(step, [client])
    },
    /** Who comes in this step, each once. */
    turn(step: number): readonly number[] {
      const page = pages.get(step) ?? []
      pages.delete(step)
      return page
    },
  }
}

/** A door that takes so many a second; a second's worth may wait at it. */
function createDoor(perSecond: number) {
  let waiting = 0
  let credit = 0
  return {
    /** Time goes on by one step: how many of those who wait are taken. */
    pass(): number {
      credit += (perSecond * STEP_MS) / 1_000
      const taken = Math.min(waiting, Math.floor(credit))
      waiting -= taken
      credit -= taken
      return taken
    },
    /** One comes. */
    knock(): 'taken' | 'waits' | 'refused' {
      if (credit >= 1) {
        credit -= 1
        return 'taken'
      }
      if (waiting >= perSecond) return 'refused'
      waiting += 1
      return 'waits'
    },
    /** What nobody came for is not saved up. */
    rest: () => void (credit = Math.min(credit, 1)),
    get waiting() {
      return waiting
    },
  }
}

/** When one of them comes first, in ms from the return, and how often it had come before. */
function firstComing({ schedule, awayMs, chance }: HerdOptions) {
  let before = 0
  for (const ageMs of agesOf(schedule, chance)) {
    if (ageMs >= awayMs) return { atMs: ageMs - awayMs + chance() * APART_MS, before }
    before += 1
  }
  throw new Error('a schedule has no end')
}

/** Plays the return; a bad number is refused by name. */
export function calculateHerd(options: HerdOptions): Herd {
  const { clients, capacity, awayMs, schedule, tickets, chance } = options
  checkNumber('clients', clients, 1, 10_000_000)
  checkNumber('capacity', capacity, 1, 1_000_000)
  checkNumber('awayMs', awayMs, 0, HOUR_MS)
  const played = Math.min(Math.ceil(clients), PLAYED)
  const share = clients / played
  const diary = createDiary()
  const door = createDoor(capacity / share)
  let now = 0
  const book = createTicketBook({ perSecond: capacity / share, time: { now: () => now } as never })
  const steps: number[] = []
  let inVain = 0

  for (let client = 0; client < played; client += 1) {
    const { atMs, before } = firstComing(options)
    steps.push(before)
    inVain += before
    diary.write(atMs, client)
  }

  /** A ticket is a floor; above it is the first wait of a request, as the kit has it. */
  const again = (client: number): number => {
    if (tickets) return retryAfterS(book.take(0, door.waiting)) * 1_000 + http.delay(0, chance(), 0)
    const step = (steps[client] = (steps[client] ?? 0) + 1)
    return schedule.delay(step, chance(), awayMs + now) + chance() * APART_MS
  }
  const most = Math.ceil(played * 0.99)
  const arrivals: number[] = []
  let isIn = 0
  let knocks = 0
  for (let step = 0; isIn < most && now < HOUR_MS; step += 1) {
    now = step * STEP_MS
    const coming = diary.turn(step)
    const second = Math.floor(now / 1_000)
    arrivals[second] = (arrivals[second] ?? 0) + coming.length * share
    knocks += coming.length
    isIn += door.pass()
    for (const client of coming) {
      const answer = door.knock()
      if (answer === 'taken') isIn += 1
      else if (answer === 'refused') diary.write(Math.max(now + STEP_MS, now + again(client)), client)
    }
    door.rest()
  }
  return {
    leastMs: (clients / capacity) * 1_000,
    backMs: isIn < most ? Infinity : now,
    inVain: inVain / played,
    knocks: knocks / played,
    peak: Math.max(...arrivals),
    arrivals,
  }
}
