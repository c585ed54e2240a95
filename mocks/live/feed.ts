/** The one log of events: a ring with one offset over all topics, and those who listen to it. */
import type { Stop } from '../../src/core/state.js'
import {
  eventFrame,
  gapFrame,
  readCursor,
  resetFrame,
  resumedFrame,
  TOPICS,
  type Place,
  type Topic,
} from './frames.js'

/** An event as it is kept. */
export interface StoredEvent {
  readonly offset: number
  readonly topic: Topic
  readonly data: unknown
}

/** Takes an event, or word of a reset; `at`: where the log has been read to then. */
export type Take = (frame: string, at: Place) => void

/** The log, and its listeners. */
export interface Feed {
  /** Those that are kept, in order. */
  readonly events: readonly StoredEvent[]
  /** Where it ends. */
  end(): Place
  /** Adds an event, tells it, and returns its offset. */
  append(topic: Topic, data: unknown): number
  /** Where a listener with this cursor starts (undefined: at the end), and what it is told before the first event. */
  startFrom(topics: readonly Topic[], cursor: string | undefined): { at: Place; frames: readonly string[] }
  /** Hands over what comes after this place, and then what comes. */
  listen(topics: readonly Topic[], start: Place, take: Take): Stop
  listening(topic: Topic): number
  /** Calls when somebody begins to listen to a topic. */
  onListener(listener: (topic: Topic) => void): void
  /** Begins a new epoch and tells everybody who listens. */
  reset(epoch: string): void
}

interface Listener {
  readonly topics: readonly Topic[]
  readonly take: Take
}

/**
 * Makes an empty log.
 *
 * @param ring the most events kept.
 */
export function createFeed(ring: number, firstEpoch: string): Feed {
  const events: StoredEvent[] = []
  const droppedTo = new Map<Topic, number>()
  const listeners = new Set<Listener>()
  let beginning: (topic: Topic) => void = () => {}
  let epoch = firstEpoch
  let newest = 0

  const end = (): Place => ({ epoch, offset: newest })
  const hand = ({ take }: Listener, { topic, offset, data }: StoredEvent): void =>
    take(eventFrame(topic, offset, data), { epoch, offset })

  return {
    events,
    end,
    append(topic, data) {
      const event = { offset: ++newest, topic, data }
      events.push(event)
      if (events.length > ring) {
        const oldest = events.shift()
        if (oldest) droppedTo.set(oldest.topic, oldest.offset)
      }
      for (const one of [...listeners]) if (one.topics.includes(topic)) hand(one, event)
      return event.offset
    },
    startFrom(topics, cursor) {
      const place = cursor === undefined ? end() : readCursor(cursor)
      if (!place || place.epoch !== epoch || place.offset > newest)
        return { at: end(), frames: topics.map((topic) => resetFrame(topic, end())) }
      const dropped = topics.map((topic) => [topic, droppedTo.get(topic) ?? 0] as const)
      const offset = Math.max(place.offset, ...dropped.map(([, to]) => to))
      const frames = dropped.map(([topic, to]) =>
        to > place.offset ? gapFrame(topic, place.offset + 1, to) : resumedFrame(topic, place.offset),
      )
      return { at: { epoch, offset }, frames }
    },
    listen(topics, start, take) {
      const listener = { topics, take }
      for (const event of events) {
        if (event.offset > start.offset && topics.includes(event.topic)) hand(listener, event)
      }
      listeners.add(listener)
      for (const topic of topics) beginning(topic)
      return () => void listeners.delete(listener)
    },
    listening: (topic) => [...listeners].filter(({ topics }) => topics.includes(topic)).length,
    onListener: (listener) => void (beginning = listener),
    reset(next) {
      epoch = next
      newest = 0
      events.length = 0
      for (const topic of TOPICS) droppedTo.delete(topic)
      // Topic by topic, as those who listen are kept there.
      const inTurn = TOPICS.flatMap((topic) => [...listeners].filter(({ topics }) => topics.includes(topic)))
      for (const { topics, take } of new Set(inTurn))
        for (const topic of topics) take(resetFrame(topic, end()), end())
    },
  }
}
