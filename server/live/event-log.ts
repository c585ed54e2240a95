/**
 * The one log of events, in SQLite: a ring with one offset over all topics, so that one cursor is good for
 * sockets, streams and polls. An offset is given once and never again; the epoch is that of the database.
 */
import { randomBytes } from 'node:crypto'
import type { Database } from '../database.ts'
import type { Place } from './cursor.ts'
import { eventFrame } from './frames.ts'
import type { Topic } from './topics.ts'

/** An event as it was stored. */
export interface StoredEvent {
  readonly offset: number
  readonly topic: Topic
  /** Its EVENT frame: written once, however many read it. */
  readonly frame: string
}

/** How much is kept. What is older than either limit allows is dropped, and clients that miss it are told of a gap. */
export interface EventLogOptions {
  /** The most events kept. Default 10 000; at least 1. */
  readonly ring?: number
  /** The most bytes of data kept, all events together; the newest event is kept whatever its size. Default 16 MiB. */
  readonly ringBytes?: number
}

/** The log. */
export interface EventLog {
  /** Where it ends. */
  end(): Place
  /**
   * Adds an event, in the transaction under way if there is one. Listeners hear of it after the commit.
   * Returns its offset.
   */
  append(topic: Topic, data: unknown): number
  /** At most `most` events of these topics after this offset, in order. */
  read(topics: readonly Topic[], after: number, most: number): StoredEvent[]
  /** The newest offset of this topic that is no longer kept; 0: none was ever dropped. */
  droppedTo(topic: Topic): number
  /** Calls for each event after its commit, in order. */
  onEvent(listener: (event: StoredEvent) => void): void
  /** Forgets everything and begins a new epoch, as a server does that has lost its database. */
  reset(): void
}

const newEpoch = (): string => randomBytes(6).toString('hex')

/** The log in this database; made there if there is none. Throws on a limit below 1. */
export function createEventLog(database: Database, options: EventLogOptions = {}): EventLog {
  const { ring = 10_000, ringBytes = 16 * 1024 * 1024 } = options
  for (const [name, value] of Object.entries({ ring, ringBytes })) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new Error(`${name} is ${value}; allowed: a whole number from 1`)
  }
  const { sql } = database
  sql.prepare('INSERT OR IGNORE INTO log VALUES (1, ?, 0, 0)').run(newEpoch())
  const state = sql.prepare('SELECT epoch, newest AS offset FROM log')
  const grow = sql.prepare('UPDATE log SET newest = newest + 1, bytes = bytes + ? RETURNING newest, bytes')
  const insert = sql.prepare('INSERT INTO events VALUES (?, ?, ?)')
  const oldest = sql.prepare(
    'SELECT offset, topic, octet_length(data) AS bytes FROM events ORDER BY offset LIMIT 1',
  )
  const remove = sql.prepare('DELETE FROM events WHERE offset = ?')
  const shrink = sql.prepare('UPDATE log SET bytes = bytes - ?')
  const markDropped = sql.prepare('INSERT OR REPLACE INTO dropped VALUES (?, ?)')
  const dropped = sql.prepare('SELECT offset FROM dropped WHERE topic = ?')
  const select = sql.prepare(
    `SELECT offset, topic, data FROM events
     WHERE topic IN (SELECT value FROM json_each(?)) AND offset > ? ORDER BY offset LIMIT ?`,
  )
  const listeners: ((event: StoredEvent) => void)[] = []

  function trim(newest: number, bytes: number) {
    for (let left = bytes; ;) {
      const first = oldest.get() as { offset: number; topic: Topic; bytes: number }
      if (first.offset === newest || (first.offset > newest - ring && left <= ringBytes)) return
      remove.run(first.offset)
      shrink.run(first.bytes)
      markDropped.run(first.topic, first.offset)
      left -= first.bytes
    }
  }

  return {
    end: () => ({ ...(state.get() as unknown as Place) }),
    append: (topic, data) =>
      database.transaction(() => {
        const text = JSON.stringify(data)
        const { newest, bytes } = grow.get(Buffer.byteLength(text)) as { newest: number; bytes: number }
        insert.run(newest, topic, text)
        trim(newest, bytes)
        const event = { offset: newest, topic, frame: eventFrame(topic, newest, text) }
        database.afterCommit(() => {
          for (const listener of listeners) listener(event)
        })
        return newest
      }),
    read: (topics, after, most) =>
      (
        select.all(JSON.stringify(topics), after, most) as { offset: number; topic: Topic; data: string }[]
      ).map(({ offset, topic, data }) => ({ offset, topic, frame: eventFrame(topic, offset, data) })),
    droppedTo: (topic) => Number(dropped.get(topic)?.['offset'] ?? 0),
    onEvent: (listener) => void listeners.push(listener),
    reset() {
      database.transaction(() => {
        sql.exec('DELETE FROM events; DELETE FROM dropped')
        sql.prepare('UPDATE log SET epoch = ?, newest = 0, bytes = 0').run(newEpoch())
      })
    },
  }
}
