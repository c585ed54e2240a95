/** The store that outlives the page: IndexedDB, in one database for all scopes. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import { systemClock, within, type Clock } from '../core/clock.js'
import { checkKeys, checkNumber, HoldfastError } from '../core/errors.js'
import type { Action } from './action.js'
import { createDraft, memoryStore, NEW_SCOPE, type QueueStore, type ScopeMeta } from './store.js'

/** Options of `indexedDbStore`. */
export interface IndexedDbStoreOptions {
  /** The name of the database; tabs that share it share the queue. Default: `holdfast`. */
  name?: string
  /** Milliseconds after which a database that does not open is given up. Default: 5000 (own; it takes 10 to 50). */
  openTimeoutMs?: number
}

/** A released schema is never changed: a new version gets an upgrade from each of the older ones. */
interface Schema extends DBSchema {
  actions: { key: [scope: string, position: number]; value: Action }
  scopes: { key: string; value: ScopeMeta }
}
const VERSION = 1

/** Rows handed over at a time, so that the first one can be sent before the last one is read. */
const PAGE = 500

/**
 * A store in IndexedDB. Where it cannot be opened (no such thing here, denied, private mode, a newer schema)
 * a `memoryStore` stands in, and `open` says `persisted: false`. Bad options throw `bad-option`.
 */
export function indexedDbStore(options: IndexedDbStoreOptions = {}): QueueStore {
  checkKeys('indexedDbStore', options, ['name', 'openTimeoutMs'])
  const { name = 'holdfast' } = options
  const openTimeoutMs = checkNumber('openTimeoutMs', options.openTimeoutMs ?? 5_000, 1, 600_000)
  const memory = memoryStore()
  let opened: Promise<IDBPDatabase<Schema> | null> | null = null

  const connect = (clock: Clock): Promise<IDBPDatabase<Schema> | null> => {
    if (typeof indexedDB === 'undefined') return Promise.resolve(null)
    const forget = () => (opened = null)
    const opening = openDB<Schema>(name, VERSION, {
      upgrade(db) {
        db.createObjectStore('actions', { keyPath: ['scope', 'position'] })
        db.createObjectStore('scopes')
      },
      // An upgrade elsewhere must not wait for this tab (docs/spec/reliability.md 1.12).
      blocking() {
        forget()
        opening.then((db) => db.close(), forget)
      },
      terminated: forget,
    })
    return within(clock, openTimeoutMs, opening).catch(() => {
      opening.then(
        (late) => late.close(),
        () => {},
      )
      return null
    })
  }

  /** The database; the memory once the first opening has failed. A lost database is opened again. */
  let fallback = false
  const database = async (clock: Clock = systemClock) => {
    if (fallback) return null
    const db = await (opened ??= connect(clock))
    if (!db) opened = null
    return db
  }
  const using = async (): Promise<IDBPDatabase<Schema> | null> => {
    const db = await database()
    if (!db && !fallback) throw new HoldfastError('storage-failed', 'the database cannot be opened again')
    return db
  }

  return {
    name,
    async open(clock) {
      if (!(await database(clock))) fallback = true
      return { persisted: !fallback }
    },

    async load(scope, take) {
      const db = await using()
      if (!db) return memory.load(scope, take)
      for (let last = -1; ; ) {
        const range = IDBKeyRange.bound([scope, last], [scope, Infinity], true)
        const page = await db.getAll('actions', range, PAGE)
        if (page.length > 0) take(page)
        if (page.length < PAGE) return
        last = page.at(-1)!.position
      }
    },

    async read(scope, positions) {
      const db = await using()
      if (!db) return memory.read(scope, positions)
      const tx = db.transaction('actions')
      return Promise.all(positions.map((position) => tx.store.get([scope, position])))
    },

    async write(about, work) {
      const db = await using()
      if (!db) return memory.write(about, work)
      try {
        await writeTo(db, about, work)
      } catch (error) {
        throw toHoldfastError(error)
      }
    },

    close() {
      void opened?.then((db) => db?.close())
      opened = null
    },
  }
}

const writeTo = async (
  db: IDBPDatabase<Schema>,
  { scope, positions, durability }: Parameters<QueueStore['write']>[0],
  work: Parameters<QueueStore['write']>[1],
): Promise<void> => {
  const tx = db.transaction(['actions', 'scopes'], 'readwrite', { durability })
  const actions = tx.objectStore('actions')
  const scopes = tx.objectStore('scopes')
  // `done` alone decides; an aborted transaction rejects its requests as well, and those are no news.
  const writes: Promise<unknown>[] = []
  try {
    const [meta, ...rows] = await Promise.all([
      scopes.get(scope),
      ...positions.map((position) => actions.get([scope, position])),
    ])
    const found = new Map(rows.flatMap((row) => (row ? [[row.position, row] as const] : [])))
    const { draft, changes } = createDraft(found, meta ?? NEW_SCOPE)
    work(draft)
    for (const [position, action] of changes) {
      writes.push(action ? actions.put(action) : actions.delete([scope, position]))
    }
    if (draft.meta !== meta) writes.push(scopes.put(draft.meta, scope))
  } catch (error) {
    writes.push(tx.done)
    abort(tx)
    throw error
  } finally {
    for (const write of writes) write.catch(() => {})
  }
  await tx.done
}

function abort(tx: { abort(): void }): void {
  try {
    tx.abort()
  } catch {
    // It has ended by itself, which is what was wanted.
  }
}

/** QuotaExceededError comes at the transaction's abort, not at the request's error. */
function toHoldfastError(cause: unknown): HoldfastError {
  const full = cause instanceof Error && cause.name === 'QuotaExceededError'
  return new HoldfastError(full ? 'storage-full' : 'storage-failed', undefined, { cause })
}
