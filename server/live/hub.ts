/**
 * Brings each event to those who listen to its topic. Events that another process has appended to the same file are
 * told with the next one of this process, in order: the file is not watched for them.
 */
import type { Place } from './cursor.ts'
import type { EventLog } from './event-log.ts'
import { type Listener, type Reader, createReader } from './reader.ts'
import type { Topic } from './topics.ts'
import { TOPICS } from './topics.ts'

/** The hub of one log. */
export interface Hub {
  readonly log: EventLog
  /** Reads these topics after this place for a listener until the reader is stopped. Call `pump` to begin. */
  listen(topics: readonly Topic[], start: Place, listener: Listener): Reader
  /** How many listen to this topic now. */
  listening(topic: Topic): number
  /** Called when somebody begins to listen to this topic. */
  onListener(topic: Topic, work: () => void): void
  /** Begins a new epoch and tells everybody who listens. */
  reset(): void
}

/** A hub without listeners. */
export function createHub(log: EventLog): Hub {
  const readers = new Map<Topic, Set<Reader>>(TOPICS.map((topic) => [topic, new Set()]))
  const beginnings = new Map<Topic, () => void>()
  const of = (topic: Topic) => readers.get(topic)!

  const all = () => new Set([...readers.values()].flatMap((each) => [...each]))
  let newest = log.end().offset

  log.onEvent((event) => {
    // Another process writes to this file: what lies in between nobody here has been told of.
    const isNext = event.offset === newest + 1
    newest = event.offset
    if (isNext) for (const reader of [...of(event.topic)]) reader.offer(event)
    else for (const reader of all()) reader.reread()
  })

  return {
    log,
    listen(topics, start, listener) {
      const reader = createReader(log, topics, start, listener)
      const { stop } = reader
      reader.stop = () => {
        for (const topic of topics) of(topic).delete(reader)
        stop()
      }
      for (const topic of topics) {
        of(topic).add(reader)
        beginnings.get(topic)?.()
      }
      return reader
    },
    listening: (topic) => of(topic).size,
    onListener: (topic, work) => void beginnings.set(topic, work),
    reset() {
      log.reset()
      newest = log.end().offset
      for (const reader of all()) reader.reset()
    },
  }
}
