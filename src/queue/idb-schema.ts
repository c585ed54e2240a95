/** The database's schema, version by version. A released one is never changed: the next one gets a step of its own. */
import type { DBSchema, IDBPDatabase } from 'idb'
import type { Row } from './idb-row.js'
import type { ScopeMeta } from './store.js'

/** The newest schema. */
export interface Schema extends DBSchema {
  actions: { key: [scope: string, position: number]; value: Row }
  /** Large payloads, at the place of their action. */
  payloads: { key: [scope: string, position: number]; value: { readonly value: unknown } }
  scopes: { key: string; value: ScopeMeta }
}

/** Makes one version of the schema out of the one before it, and keeps every row. */
export type Step = (db: IDBPDatabase<Schema>) => void

/** Version 1 is the first one. Each has its fixture in tests/queue/schemas. */
const STEPS: readonly Step[] = [
  (db) => {
    db.createObjectStore('actions', { keyPath: ['scope', 'position'] })
    db.createObjectStore('scopes')
  },
  // Rows of before keep their payload until they are written the next time.
  (db) => void db.createObjectStore('payloads'),
]

/** The version of the newest schema. */
export const VERSION = STEPS.length

/** Takes the steps that a database of an older version (0: a new one) has not taken yet. */
export function upgrade(db: IDBPDatabase<Schema>, from: number, steps = STEPS): void {
  for (const step of steps.slice(from)) step(db)
}
