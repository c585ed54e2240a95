/** Opens the database, or says why it cannot be had. */
import { openDB, type IDBPDatabase } from 'idb'
import { within, type Clock } from '../core/clock.js'
import type { StandIn } from '../core/facts.js'
import { upgrade, VERSION, type Schema } from './idb-schema.js'

/** An open connection to the database. */
export type Database = IDBPDatabase<Schema>

/** What opening needs. */
export interface OpenPorts {
  readonly name: string
  readonly clock: Clock
  readonly openTimeoutMs: number
  /** The connection is over, whoever ended it: the next one has to be opened. */
  onGone(): void
}

/** The database, or why there is none. Never rejects; one that comes too late is closed. */
export async function openDatabase({
  name,
  clock,
  openTimeoutMs,
  onGone,
}: OpenPorts): Promise<Database | StandIn> {
  if (typeof indexedDB === 'undefined') return 'unavailable'
  let isBlocked = false
  // Where it is denied `open` throws, and does not reject.
  const opening: Promise<Database> = Promise.resolve().then(() =>
    openDB<Schema>(name, VERSION, {
      upgrade: (db, from) => upgrade(db, from),
      // A tab of an older version that does not close: only a person can close it (reliability.md 1.12).
      blocked: () => void (isBlocked = true),
      // An upgrade elsewhere must not wait for this tab.
      blocking() {
        onGone()
        opening.then((db) => db.close(), onGone)
      },
      terminated: onGone,
    }),
  )
  try {
    return await within(clock, openTimeoutMs, opening)
  } catch (error) {
    opening.then((late) => late.close(), onGone)
    if (isBlocked) return 'blocked'
    return (error as Error).name === 'VersionError' ? 'newer' : 'unavailable'
  }
}
