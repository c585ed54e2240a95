/**
 * The server of a real herd: health is never refused; sockets, streams, polls and orders pass its door. Who is refused
 * hears 503 with Retry-After, a socket 1013 with as much (herd-globals.ts), as of the reference server.
 */
import type { Clock } from '../../src/core/clock.js'
import { createDoor, type Door } from './door.js'

/** A round trip takes from this, in ms … */
const LEAST_TRIP_MS = 20
/** … and up to so much more. */
const APART_MS = 50

/** A server. */
export interface HerdServer {
  readonly clock: Clock
  /** How many passed its door since it came back, or knocked. */
  readonly knocks: number
  /** It is gone: all sockets and streams with it. */
  die(): void
  /** It is back, and takes so many a second. */
  rise(perSecond: number): void
  /** One comes, a round trip away. The answer is told with the way back; null: nobody is there. */
  come(answer: (admitted: true | number | null) => void): void
  /** Somebody asks what is never refused. */
  ask(answer: (isUp: boolean) => void): void
  /** Until the returned call, told when it dies. */
  join(cut: () => void): () => void
}

/** It is up, and takes everybody. */
export function createHerdServer(clock: Clock, chance: () => number): HerdServer {
  let state: 'open' | 'gone' | Door = 'open'
  let knocks = 0
  let row: (() => void)[] = []
  let guests = new Set<() => void>()
  const trip = () => LEAST_TRIP_MS + APART_MS * chance()

  /** By the millisecond: whoever waits is taken as soon as there is room. */
  function tick(door: Door) {
    if (state !== door) return
    door.rest()
    for (const admit of row.splice(0, door.pass(1))) admit()
    clock.setTimeout(() => tick(door), 1)
  }

  return {
    clock,
    get knocks() {
      return knocks
    },
    die() {
      state = 'gone'
      row = []
      const all = guests
      guests = new Set()
      for (const cut of all) cut()
    },
    rise(perSecond) {
      const door = createDoor(perSecond, clock.now)
      state = door
      tick(door)
    },
    come(answer) {
      const tripMs = trip()
      const tell = (admitted: true | number | null) => clock.setTimeout(() => answer(admitted), tripMs / 2)
      clock.setTimeout(() => {
        if (state === 'gone') return tell(null)
        if (state === 'open') return tell(true)
        knocks += 1
        const place = state.knock()
        if (place === 'waits') row.push(() => tell(true))
        else tell(place === 'taken' ? true : place)
      }, 1.5 * tripMs)
    },
    ask: (answer) => void clock.setTimeout(() => answer(state !== 'gone'), 2 * trip()),
    join(cut) {
      guests.add(cut)
      return () => void guests.delete(cut)
    },
  }
}
