/** The one SQLite file: orders and their ledger, the answers kept for keys, the log of events, the sessions. */
import { DatabaseSync } from 'node:sqlite'
import { PATIENCE_MS } from './patience.ts'
import { MIGRATIONS } from './schema.ts'

/** An open database. Every call is synchronous: a transaction cannot be interleaved with another. */
export interface Database {
  readonly sql: DatabaseSync
  /**
   * All of it or nothing of it. A throw rolls back and goes on to the caller. Inside another it is a part of that.
   * Throws at once while another process holds the file: `whileHeld` tries again, see patience.ts.
   */
  transaction<T>(work: () => T): T
  /** Does this after the transaction under way has been committed, never if it is not; at once outside of one. */
  afterCommit(work: () => void): void
  /** Closes the file. Calling it twice does no harm. */
  close(): void
}

/**
 * Opens the file, or makes it, or brings an older one up to date. `:memory:` is a database that ends with the
 * process. Throws if the file was made by a newer server: it is refused, not overwritten.
 *
 * WAL with `synchronous = FULL`: an answer that was sent survives the process and the power supply.
 */
export function openDatabase(path: string): Database {
  const sql = new DatabaseSync(path)
  // Only here, where nobody is served yet, SQLite itself may wait: it does so with the whole process.
  sql.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`)
  let committed: (() => void)[] = []

  function transaction<T>(work: () => T): T {
    if (sql.isTransaction) return work()
    committed = []
    sql.exec('BEGIN IMMEDIATE')
    let result: T
    try {
      result = work()
      sql.exec('COMMIT')
    } catch (error) {
      // A failed COMMIT (a full disk) may already have rolled back.
      if (sql.isTransaction) sql.exec('ROLLBACK')
      throw error
    }
    for (const done of committed.splice(0)) done()
    return result
  }

  transaction(() => migrate(sql, path))
  sql.exec('PRAGMA busy_timeout = 0')
  return {
    sql,
    transaction,
    afterCommit(work) {
      if (sql.isTransaction) committed.push(work)
      else work()
    },
    close() {
      if (sql.isOpen) sql.close()
    },
  }
}

function migrate(sql: DatabaseSync, path: string): void {
  const behind = Number(sql.prepare('PRAGMA user_version').get()?.['user_version'])
  if (behind > MIGRATIONS.length) {
    throw new Error(`db "${path}" has schema ${behind}; this server knows schemas up to ${MIGRATIONS.length}`)
  }
  for (const step of MIGRATIONS.slice(behind)) sql.exec(step)
  sql.exec(`PRAGMA user_version = ${MIGRATIONS.length}`)
}
