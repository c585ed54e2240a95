/** The store that outlives the page: IndexedDB, in one database for all scopes. */
import { systemClock, type Clock } from '../core/clock.js'
import { HoldfastError } from '../core/errors.js'
import type { StandIn } from '../core/facts.js'
import { flag, number, readOptions, text, type Reader } from '../core/options.js'
import { openDatabase, type Database } from './idb-open.js'
import { isWritten, readAt, readPage, writeTo, type Changed } from './idb-write.js'
import { createPersistence } from './persistence.js'
import { ALL_PLACES, memoryStore, type QueueStore } from './store.js'

/** Options of `indexedDbStore`. */
export interface IndexedDbStoreOptions {
  /** The name of the database; tabs that share it share the queue. Default: `holdfast`. */
  name?: string
  /** Milliseconds after which a database that does not open is given up. Default: 5000 (own; it takes 10 to 50). */
  openTimeoutMs?: number
  /**
   * Whether the browser is asked, after the first accepted action that follows a gesture of the person, not to
   * clear this site's storage by itself (`navigator.storage.persist()`). Firefox asks the person. Default: true.
   */
  askToPersist?: boolean
}

/** Rows handed over at a time, so that the first one can be sent before the last one is read. */
const PAGE = 500

const OPTIONS = {
  name: text('holdfast'),
  openTimeoutMs: number(1, 600_000, 5_000),
  askToPersist: flag(true),
} satisfies Record<keyof IndexedDbStoreOptions, Reader<unknown>>

const REASONS: Record<StandIn, string> = {
  unavailable: 'the database cannot be opened again',
  blocked: 'another tab of an older version keeps the database from being upgraded: close it',
  newer: 'a newer version of the application has the database: load this page again',
}

/**
 * A store in IndexedDB. Where it cannot be opened (no such thing here, denied, private mode, a newer schema, an
 * old tab that blocks an upgrade) a `memoryStore` stands in, and `open` says `persisted: false` and why. A
 * connection that is lost is opened again, and the transaction it interrupted done again, at most once. Bad
 * options throw `bad-option`.
 */
export function indexedDbStore(options: IndexedDbStoreOptions = {}): QueueStore {
  const { name, askToPersist, openTimeoutMs } = readOptions('indexedDbStore', options, OPTIONS)
  const memory = memoryStore()
  const persistence = askToPersist ? createPersistence() : null
  let clock: Clock = systemClock
  let opened: Promise<Database | StandIn> | null = null
  /** Only the first opening decides: a queue that has promised to keep things never turns forgetful. */
  let place: 'unknown' | 'disk' | StandIn = 'unknown'

  /** The database, opened again if it was lost; null: the memory stands in. */
  const database = async (): Promise<Database | null> => {
    if (place !== 'unknown' && place !== 'disk') return null
    const own = (opened ??= openDatabase({
      name,
      clock,
      openTimeoutMs,
      onGone: () => void (opened === own && (opened = null)),
    }))
    const got = await own
    if (typeof got !== 'string') {
      place = 'disk'
      return got
    }
    if (opened === own) opened = null
    if (place === 'disk') throw new HoldfastError('storage-failed', REASONS[got])
    place = got
    return null
  }

  /** Does it in the database, and once more if the connection to it was lost on the way. */
  const reach = async <T>(
    inDatabase: (db: Database) => Promise<T>,
    inMemory: () => Promise<T>,
  ): Promise<T> => {
    const db = await database()
    if (!db) return inMemory()
    const own = opened
    try {
      return await inDatabase(db)
    } catch (error) {
      if (opened === own && !isLoss(error)) throw error
      if (opened === own) opened = null
      const again = await database()
      if (!again || again === db) throw error
      return inDatabase(again)
    }
  }

  return {
    name,
    async open(given) {
      clock = given
      const db = await database().catch(() => null)
      if (db || place === 'disk' || place === 'unknown') return { persisted: place === 'disk' }
      return { persisted: false, standIn: place }
    },

    async load(scope, take, { after, most } = ALL_PLACES) {
      for (let last = after, left = most; left > 0; left -= PAGE) {
        const size = Math.min(PAGE, left)
        const whole = async () => {
          await memory.load(scope, take, { after, most })
          return []
        }
        const page = await reach<readonly { position: number }[]>(
          (db) => readPage(db, scope, last, size),
          whole,
        )
        if (page.length > 0) take(page)
        if (page.length < size) return
        last = page.at(-1)!.position
      }
    },

    read: (scope, positions) =>
      reach<readonly unknown[]>(
        (db) => readAt(db, scope, positions),
        () => memory.read(scope, positions),
      ),

    async write(about, work) {
      let changed: Changed | null = null
      await reach(
        async (db) => {
          if (changed && (await isWritten(db, about, changed))) return
          await writeTo(db, about, work, (decided) => (changed = decided))
        },
        () => memory.write(about, work),
      )
      if (place === 'disk' && about.durability === 'strict') persistence?.ask()
    },

    close() {
      void opened?.then((db) => typeof db !== 'string' && db.close())
      opened = null
    },
  }
}

/** What is said when the connection is gone: by a database that closes, and by WebKit without any event. */
function isLoss(error: unknown): boolean {
  const cause = error instanceof HoldfastError ? error.cause : error
  const { name } = (cause ?? {}) as Partial<Error>
  return name === 'InvalidStateError' || name === 'UnknownError'
}
