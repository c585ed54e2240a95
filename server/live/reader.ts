/**
 * Reads a log on behalf of one listener, from a cursor into the present, in order, each event once.
 *
 * There is no seam between what is replayed and what is live: a reader has one position, and only handing
 * an event over moves it. One that has caught up is handed events as they come; one whose listener has no
 * room stays behind and reads from the log again when there is. So a slow listener costs no memory: at
 * worst the ring overtakes it, and it is told of a gap.
 */
import { type Place, readCursor } from './cursor.ts'
import type { EventLog, StoredEvent } from './event-log.ts'
import { gapFrame, resetFrame, resumedFrame } from './frames.ts'
import type { Topic } from './topics.ts'

/** Whom events are for. */
export interface Listener {
  /** Whether it takes more now. Who says no calls `pump` once it does. */
  roomy(): boolean
  /** Takes an event, or word of a gap or reset; `at` is where the log has been read to then. */
  take(frame: string, at: Place): void
}

/** A reader. */
export interface Reader {
  /** Where it has read to. */
  readonly at: Place
  /** Hands over what there is and fits. */
  pump(): void
  /** Hands over an event that has just been appended, unless the reader is behind. */
  offer(event: StoredEvent): void
  /** Reads from the log again: there is more in it than was offered. */
  reread(): void
  /** The log was reset: from its new beginning, and the listener is told. */
  reset(): void
  stop(): void
}

/** Where to read from. */
export interface Start {
  readonly at: Place
  /** What the listener is told before the first event: of each topic RESUMED, GAP or RESET. */
  readonly frames: readonly string[]
}

/** Where a listener with this cursor starts; without one at the end. */
export function startFrom(log: EventLog, topics: readonly Topic[], cursor: string | undefined): Start {
  const end = log.end()
  const place = cursor === undefined ? end : readCursor(cursor)
  if (!place || place.epoch !== end.epoch || place.offset > end.offset)
    return { at: end, frames: topics.map((topic) => resetFrame(topic, end)) }
  const gaps = gapsAfter(log, topics, place.offset)
  const offset = Math.max(place.offset, ...gaps.values())
  const frames = topics.map((topic) => {
    const to = gaps.get(topic)
    return to === undefined ? resumedFrame(topic, place.offset) : gapFrame(topic, place.offset + 1, to)
  })
  return { at: { ...end, offset }, frames }
}

/** Of each topic of which events after this offset were dropped: the last of them. All are older than any that is kept. */
function gapsAfter(log: EventLog, topics: readonly Topic[], offset: number): Map<Topic, number> {
  const dropped = topics.map((topic) => [topic, log.droppedTo(topic)] as const)
  return new Map(dropped.filter(([, to]) => to > offset))
}

/** Events read from the database at once, and batches handed over before others get their turn. */
const BATCH = 64
const BATCHES_A_TURN = 8

/** A reader of these topics, after this place. It hands nothing over until it is pumped. */
export function createReader(
  log: EventLog,
  topics: readonly Topic[],
  start: Place,
  { roomy, take }: Listener,
): Reader {
  let at = start
  let state: 'behind' | 'caught-up' | 'stopped' = 'behind'
  let turn: NodeJS.Immediate | undefined

  function hand(event: StoredEvent) {
    at = { ...at, offset: event.offset }
    take(event.frame, at)
  }

  function tellGaps() {
    const gaps = gapsAfter(log, topics, at.offset)
    const from = at.offset + 1
    at = { ...at, offset: Math.max(at.offset, ...gaps.values()) }
    for (const [topic, to] of gaps) take(gapFrame(topic, from, to), at)
  }

  /** Whether everything has been handed over. */
  function handOver(): boolean {
    tellGaps()
    for (let batch = 0; batch < BATCHES_A_TURN; batch += 1) {
      const events = log.read(topics, at.offset, BATCH)
      for (const event of events) {
        if (state !== 'behind' || !roomy()) return false
        hand(event)
      }
      if (events.length < BATCH) return true
    }
    turn ??= setImmediate(() => {
      turn = undefined
      pump()
    })
    return false
  }

  function pump() {
    if (state === 'behind' && roomy() && handOver()) state = 'caught-up'
  }

  return {
    get at() {
      return at
    },
    pump,
    offer(event) {
      // Of two events of one transaction the second may have been read with the first.
      if (state !== 'caught-up' || event.offset <= at.offset) return
      if (roomy()) hand(event)
      else state = 'behind'
    },
    reread() {
      if (state === 'caught-up') state = 'behind'
      pump()
    },
    reset() {
      at = log.end()
      for (const topic of topics) take(resetFrame(topic, at), at)
    },
    stop() {
      state = 'stopped'
      clearImmediate(turn)
    },
  }
}
