/** What one line says of its topics, held against where they have been read to. Knows no time and no network. */
import { cursorText, step, type Cursor, type Place, type TopicNews, type TopicTold } from './cursor.js'
import type { TopicFrame } from './frames.js'

/** What the listeners of a topic are to be told. */
export type Told = TopicTold & { readonly topic: string }

/** What a stream or poll is opened for. */
export interface Asking {
  readonly topics: readonly string[]
  /** The lowest of all; null: from the present on. */
  readonly cursor: Place | null
  /** The highest of that log: where those begin that have none, if the line does not say where its log ends. */
  readonly latest: Place | null
  /** Which subscriptions these were: a topic that was left and joined again is another one. */
  readonly entries: ReadonlyMap<string, Entry>
  /** In which epoch each of them was then. */
  readonly epochs: ReadonlyMap<string, string>
}

/** One subscription; its identity tells it from an earlier one of the same topic. */
export interface Entry {
  cursor: Cursor
}

/** What all lines have in common. */
export interface Log {
  /** The topics that are wanted. */
  readonly entries: ReadonlyMap<string, Entry>
  /** The epoch that was heard of last. */
  newest: string | null
}

/** What one line says, held against the cursors. */
export interface LineView {
  /** Whether each topic that is wanted was asked for and answered here. */
  readonly isRestored: boolean
  /** Whether an answer is due. */
  readonly isAwaiting: boolean
  /** The server's epoch and the end of its log. What follows from it is told. */
  greeted(end: Place): readonly Told[]
  /** Topics to be asked for here, and those that are no longer wanted. */
  pending(): { readonly ask: readonly string[]; readonly leave: readonly string[] }
  /** Says that it is being asked for now; returns the cursor to ask with. */
  ask(topic: string): string | undefined
  leave(topic: string): void
  /** Whether this frame concerns us; once for each frame, when it comes. */
  take(frame: TopicFrame): boolean
  /** Moves the cursor by a frame that was taken, then or later. */
  apply(frame: TopicFrame): TopicTold | null
  /** The server will not serve this topic. False: nobody asked. */
  refused(topic: string): boolean
  /** Nothing more is said about the topics that are not answered yet: they go on (a poll). */
  settle(): readonly Told[]
}

/** An answer that is due. */
type Due = 'from-cursor' | 'from-present' | 'reset'

/** Whoever begins at the present is told RESUMED; a GAP or RESET is of a subscription before. */
function isAnswer({ type }: TopicFrame, due: Due): boolean {
  if (type === 'RESUMED') return due !== 'reset'
  return due === 'from-cursor' || (type === 'RESET' && due === 'reset')
}

function move(entry: Entry, news: TopicNews): TopicTold | null {
  const [next, told] = step(entry.cursor, news)
  entry.cursor = next
  return told
}

/** Begins a line. `asking`: what a stream or poll was opened for; null: a socket, which asks for one topic after the other. */
export function createView(log: Log, line: number, asking: Asking | null): LineView {
  const { entries } = log
  const asked = new Map(asking?.entries)
  /** Which answers are due: only the last one is of the subscription that counts. */
  const awaiting = new Map<string, readonly Due[]>(
    asking?.topics.map((topic) => [topic, [asking.cursor ? 'from-cursor' : 'from-present']]),
  )
  /** As this line sees it. */
  const epochs = new Map(asking?.epochs)
  let epoch: string | null = asking?.cursor?.epoch ?? null
  let isGreeted = false

  const entryOf = (topic: string): Entry | null => {
    const entry = asked.get(topic)
    return entry !== undefined && entry === entries.get(topic) ? entry : null
  }
  /** Whether nothing more is due then. `isAnswer`: what is due first may be answered so. */
  const answered = (topic: string, isAnswer: (due: Due) => boolean): boolean => {
    const [first, ...others] = awaiting.get(topic) ?? []
    if (first === undefined) return true
    if (!isAnswer(first)) return false
    if (others.length > 0) awaiting.set(topic, others)
    else awaiting.delete(topic)
    return others.length === 0
  }
  /** A stream's offset is where all its topics have been read to. */
  const readAll = (place: Place): void => {
    for (const [topic] of asked) {
      const entry = entryOf(topic)
      if (entry?.cursor.at) move(entry, { ...place, type: 'read' })
    }
  }
  const newsOf = (frame: TopicFrame, of: string): TopicNews => {
    if (frame.type === 'RESET')
      return {
        type: 'reset',
        epoch: frame.epoch,
        was: epochs.get(frame.topic) ?? null,
        offset: frame.offset,
        line,
      }
    if (frame.type === 'GAP') return { type: 'gap', epoch: of, from: frame.from, to: frame.to }
    return { type: frame.type === 'EVENT' ? 'event' : 'resumed', epoch: of, offset: frame.offset }
  }
  /** Another log was begun: each topic will be told so. */
  const expectResets = (next: string): void => {
    epoch = log.newest = next
    for (const [topic] of asked) {
      const known = epochs.get(topic)
      if (known !== undefined && known !== next && !awaiting.has(topic)) awaiting.set(topic, ['reset'])
    }
  }

  return {
    get isRestored() {
      if (!isGreeted || awaiting.size > 0) return false
      for (const [topic, entry] of entries) if (asked.get(topic) !== entry) return false
      return true
    },
    get isAwaiting() {
      return awaiting.size > 0
    },
    greeted(end) {
      const told: Told[] = []
      log.newest = end.epoch
      if (!isGreeted && asking) {
        const isSameLog = asking.cursor?.epoch === end.epoch
        for (const topic of asking.topics) {
          const entry = entryOf(topic)
          const was = epochs.get(topic)
          if (isSameLog) epochs.set(topic, end.epoch)
          // One that has no place yet begins at the end, whatever the others have still to catch up with.
          if (entry && !entry.cursor.at) move(entry, { ...end, type: 'read' })
          // Its cursor was of another log than the one that was asked with: nobody else will say so.
          if (!isSameLog || was === undefined || was === end.epoch || entry?.cursor.at?.epoch !== was)
            continue
          const { offset } = asking.cursor
          const reset = move(entry, { type: 'reset', epoch: end.epoch, was, offset, line })
          if (reset) told.push({ ...reset, topic })
        }
      }
      epoch ??= end.epoch
      if (!isGreeted && !asking) epoch = end.epoch
      isGreeted = true
      return told
    },
    pending() {
      const ask = [...entries].filter(([topic, entry]) => asked.get(topic) !== entry).map(([topic]) => topic)
      return { ask, leave: [...asked.keys()].filter((topic) => !entries.has(topic)) }
    },
    ask(topic) {
      const entry = entries.get(topic)
      if (!entry) return undefined
      const { at } = entry.cursor
      asked.set(topic, entry)
      awaiting.set(topic, [...(awaiting.get(topic) ?? []), at ? 'from-cursor' : 'from-present'])
      if (at) epochs.set(topic, at.epoch)
      else epochs.delete(topic)
      return at ? cursorText(at) : undefined
    },
    // What was asked before is answered all the same.
    leave: (topic) => void asked.delete(topic),
    take(frame) {
      const { topic } = frame
      if (frame.type === 'RESET' && frame.epoch !== epoch) expectResets(frame.epoch)
      // Until it is answered, what comes is of a subscription before this one.
      const isOfThis =
        frame.type === 'EVENT'
          ? asking !== null || !awaiting.has(topic)
          : answered(topic, (due) => isAnswer(frame, due))
      return isOfThis && entryOf(topic) !== null
    },
    apply(frame) {
      const { topic } = frame
      const entry = entryOf(topic)
      const of = epochs.get(topic) ?? epoch
      if (!entry || of === null) return null
      const told = move(entry, newsOf(frame, of))
      const next = frame.type === 'RESET' ? frame.epoch : of
      if (epochs.get(topic) !== next) epochs.set(topic, next)
      if (asking && frame.type === 'EVENT') readAll({ epoch: of, offset: frame.offset })
      return told
    },
    refused(topic) {
      return answered(topic, () => true) && entryOf(topic) !== null
    },
    settle() {
      const told = [...awaiting.keys()].filter((topic) => entryOf(topic) !== null)
      awaiting.clear()
      return told.map((topic) => ({ type: 'resumed', topic }))
    },
  }
}
