/** The one SQLite file: orders, the order in which they were applied, and the answers kept for keys. */
import { DatabaseSync } from 'node:sqlite'

/** An open database. Every call is synchronous: a transaction cannot be interleaved with another. */
export interface Database {
  readonly sql: DatabaseSync
  /** All of it or nothing of it. A throw rolls back and goes on to the caller. */
  transaction<T>(work: () => T): T
  /** Closes the file. Calling it twice does no harm. */
  close(): void
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS orders (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    item TEXT NOT NULL,
    qty INTEGER NOT NULL,
    note TEXT,
    seq INTEGER,
    key TEXT,
    fingerprint TEXT NOT NULL,
    boot TEXT NOT NULL,
    appliedAt INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS answers (
    user TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    location TEXT,
    keptAt INTEGER NOT NULL,
    replays INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS answersByAge ON answers (keptAt);
`

/**
 * Opens the file, or makes it. `:memory:` is a database that ends with the process.
 *
 * WAL with `synchronous = FULL`: an answer that was sent survives the process and the power supply.
 */
export function openDatabase(path: string): Database {
  const sql = new DatabaseSync(path)
  sql.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000')
  sql.exec(SCHEMA)

  return {
    sql,
    transaction(work) {
      sql.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        sql.exec('COMMIT')
        return result
      } catch (error) {
        // A failed COMMIT (a full disk) may already have rolled back.
        if (sql.isTransaction) sql.exec('ROLLBACK')
        throw error
      }
    },
    close() {
      if (sql.isOpen) sql.close()
    },
  }
}
