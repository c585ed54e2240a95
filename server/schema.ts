/** What the tables are, as steps from an empty file to the present. A step that was released is never changed. */

const ORDERS_AND_ANSWERS = `
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

/** Orders can change: what they are now is apart from what was applied, in order, with its key. */
const LEDGER = `
  CREATE TABLE ledger (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    change TEXT NOT NULL,
    id TEXT NOT NULL,
    item TEXT NOT NULL,
    qty INTEGER NOT NULL,
    note TEXT,
    seq INTEGER,
    user TEXT NOT NULL,
    key TEXT,
    fingerprint TEXT NOT NULL,
    boot TEXT NOT NULL,
    appliedAt INTEGER NOT NULL
  ) STRICT;
  INSERT INTO ledger
    SELECT position, 'placed', id, item, qty, note, seq, 'anyone', key, fingerprint, boot, appliedAt FROM orders;
  ALTER TABLE orders RENAME TO placed;
  CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,
    item TEXT NOT NULL,
    qty INTEGER NOT NULL,
    note TEXT,
    seq INTEGER,
    version INTEGER NOT NULL,
    appliedAt INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO orders SELECT id, position, item, qty, note, seq, 1, appliedAt FROM placed;
  DROP TABLE placed;
  ALTER TABLE answers ADD COLUMN etag TEXT;
`

/** One log for all topics. `dropped` tells, of each topic, the newest event that has left the ring. */
const EVENTS = `
  CREATE TABLE events (
    offset INTEGER PRIMARY KEY,
    topic TEXT NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX eventsByTopic ON events (topic, offset);
  CREATE TABLE dropped (topic TEXT PRIMARY KEY, offset INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE log (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch TEXT NOT NULL,
    newest INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  ) STRICT;
`

/** A family is one login; of its tokens only hashes are kept. `parent` is the token that one was exchanged for. */
const SESSIONS = `
  CREATE TABLE accessTokens (
    hash TEXT PRIMARY KEY,
    family TEXT NOT NULL,
    user TEXT NOT NULL,
    expiresAt INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX accessTokensByFamily ON accessTokens (family);
  CREATE INDEX accessTokensByExpiry ON accessTokens (expiresAt);
  CREATE TABLE refreshTokens (
    hash TEXT PRIMARY KEY,
    family TEXT NOT NULL,
    user TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('fresh', 'used', 'revoked')),
    expiresAt INTEGER NOT NULL,
    parent TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX refreshTokensByFamily ON refreshTokens (family);
  CREATE INDEX refreshTokensByParent ON refreshTokens (parent);
  CREATE INDEX refreshTokensByExpiry ON refreshTokens (expiresAt);
`

/** In order; `PRAGMA user_version` says how many a file has behind it. */
export const MIGRATIONS: readonly string[] = [ORDERS_AND_ANSWERS, LEDGER, EVENTS, SESSIONS]
