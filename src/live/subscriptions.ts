/**
 * Topics, where each has been read to, and what the lines that are open make of that. Knows no time and no network:
 * the same calls give the same answers.
 */
import type { Place } from './cursor.js'
import { createView, type Asking, type Entry, type LineView, type Log } from './line-view.js'

/** Topics with their cursors. */
export interface Subscriptions {
  readonly size: number
  /** Adds a topic. `at`: where to go on; null: at the present. */
  add(topic: string, at: Place | null): void
  remove(topic: string): void
  /** All begin at the present again: where one person has read to is nobody else's. */
  forget(): void
  /** Where a topic has been read to; null: not known yet, or no such topic. */
  placeOf(topic: string): Place | null
  /** What a stream or poll that is opened now asks for. */
  asking(): Asking
  /** A socket stands: topics are asked for one by one. */
  socket(line: number): LineView
  /** A stream or poll stands: all its topics share one reader. */
  shared(line: number, asking: Asking): LineView
}

/** No topics. */
export function createSubscriptions(): Subscriptions {
  const entries = new Map<string, Entry>()
  /** `newest`: the epoch that was heard of last. */
  const log: Log = { entries, newest: null }

  return {
    get size() {
      return entries.size
    },
    add(topic, at) {
      entries.set(topic, { cursor: { at, epochOf: 0 } })
    },
    forget() {
      for (const topic of [...entries.keys()]) entries.set(topic, { cursor: { at: null, epochOf: 0 } })
    },
    remove: (topic) => void entries.delete(topic),
    placeOf: (topic) => entries.get(topic)?.cursor.at ?? null,
    asking() {
      const places = [...entries.values()].flatMap(({ cursor }) => cursor.at ?? [])
      const isKnown = places.some(({ epoch }) => epoch === log.newest)
      const epoch = isKnown ? log.newest : places[0]?.epoch
      const offsets = places.filter((place) => place.epoch === epoch).map(({ offset }) => offset)
      const place = (offset: number): Place | null =>
        epoch === undefined || epoch === null ? null : { epoch, offset }
      return {
        topics: [...entries.keys()],
        cursor: place(Math.min(...offsets)),
        latest: place(Math.max(...offsets)),
        entries: new Map(entries),
        epochs: new Map(
          [...entries].flatMap(([topic, { cursor }]) => (cursor.at ? [[topic, cursor.at.epoch]] : [])),
        ),
      }
    },
    socket: (line) => createView(log, line, null),
    shared: (line, asking) => createView(log, line, asking),
  }
}
