/** The store that outlives the page: IndexedDB, in one database for all scopes. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import { systemClock, within, type Clock } from '../core/clock.js'
import { checkKeys, checkNumber, HoldfastError } from '../core/errors.js'
import type { Action } from './action.js'
import {
  createDraft,
  memoryStore,
  NEW_SCOPE,
  type Draft,
  type QueueStore,
  type ScopeMeta,
  type Transaction,
} from './store.js'

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
  let clock: Clock = systemClock
  let opened: Promise<IDBPDatabase<Schema> | null> | null = null
  /** Only the first opening decides: a queue that has promised to keep things never turns forgetful. */
  let place: 'unknown' | 'disk' | 'memory' = 'unknown'

  const connect = (): Promise<IDBPDatabase<Schema> | null> => {
    if (typeof indexedDB === 'undefined') return Promise.resolve(null)
    const forget = () => void (opened = null)
    // Where it is denied `open` throws, and does not reject.
    const opening: Promise<IDBPDatabase<Schema>> = Promise.resolve().then(() =>
      openDB<Schema>(name, VERSION, {
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
      }),
    )
    return within(clock, openTimeoutMs, opening).catch(() => {
      opening.then((late) => late.close(), forget)
      forget()
      return null
    })
  }

  /** The database, opened again if it was lost; null: the memory stands in. */
  const database = async (): Promise<IDBPDatabase<Schema> | null> => {
    if (place === 'memory') return null
    const db = await (opened ??= connect())
    if (!db && place === 'disk')
      throw new HoldfastError('storage-failed', 'the database cannot be opened again')
    place = db ? 'disk' : 'memory'
    return db
  }

  return {
    name,
    async open(given) {
      clock = given
      return { persisted: (await database().catch(() => null)) !== null || place === 'disk' }
    },

    async load(scope, take) {
      const db = await database()
      if (!db) return memory.load(scope, take)
      for (let last = -1; ;) {
        const range = IDBKeyRange.bound([scope, last], [scope, Infinity], true)
        const page = await db.getAll('actions', range, PAGE)
        if (page.length > 0) take(page)
        if (page.length < PAGE) return
        last = page.at(-1)!.position
      }
    },

    async read(scope, positions) {
      const db = await database()
      if (!db) return memory.read(scope, positions)
      const tx = db.transaction('actions')
      return Promise.all(positions.map((position) => tx.store.get([scope, position])))
    },

    async write(about, work) {
      const db = await database()
      if (!db) return memory.write(about, work)
      await writeTo(db, about, work)
    },

    close() {
      void opened?.then((db) => db?.close())
      opened = null
    },
  }
}

async function writeTo(
  db: IDBPDatabase<Schema>,
  about: Transaction,
  work: (draft: Draft) => void,
): Promise<void> {
  const { scope, positions, durability } = about
  const tx = db.transaction(['actions', 'scopes'], 'readwrite', { durability })
  const actions = tx.objectStore('actions')
  const scopes = tx.objectStore('scopes')
  let refusal: unknown
  const note = (error: unknown) => void (refusal ??= error)
  tx.done.catch(note)
  try {
    const read = positions.map((position) => actions.get([scope, position]))
    const [meta, ...rows] = await Promise.all([scopes.get(scope), ...read])
    const found = new Map(rows.flatMap((row) => (row ? [[row.position, row] as const] : [])))
    const { draft, changes } = createDraft(found, meta ?? NEW_SCOPE)
    work(draft)
    for (const [position, action] of changes) {
      const written = action ? actions.put(action) : actions.delete([scope, position])
      written.catch(note)
    }
    if (draft.meta !== meta) scopes.put(draft.meta, scope).catch(note)
    await tx.done
  } catch (error) {
    abort(tx)
    throw toHoldfastError([refusal, error])
  }
}

function abort(tx: { abort(): void }): void {
  try {
    tx.abort()
  } catch {
    // It has ended by itself, which is what was wanted.
  }
}

/** Full comes at the transaction's abort, or at a request's error (docs/spec/reliability.md 1.11). */
function toHoldfastError(causes: readonly unknown[]): HoldfastError {
  const full = causes.find((cause) => (cause as Error | undefined)?.name === 'QuotaExceededError')
  return new HoldfastError(full ? 'storage-full' : 'storage-failed', undefined, {
    cause: full ?? causes.at(-1),
  })
}
