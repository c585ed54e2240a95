/** Orders in the database: what they are now, and the ledger of what was applied to them. */
import { randomUUID } from 'node:crypto'
import type { Database } from './database.ts'
import type { EventLog } from './live/event-log.ts'
import type { NewOrder } from './new-order.ts'

/** An order as it is now. */
export interface StoredOrder extends NewOrder {
  readonly id: string
  /** Its place in the ledger when it was placed. */
  readonly position: number
  /** 1, and one more with each change. */
  readonly version: number
}

/** On whose behalf something is applied: the ledger's other half. */
export interface Origin {
  readonly user: string
  /** The idempotency key; null: none. */
  readonly key: string | null
  /** Of the body as sent. */
  readonly fingerprint: string
}

/** The store. What changes something is called within a transaction, and is an event of the topic `orders`. */
export interface OrderStore {
  place(order: NewOrder, origin: Origin): StoredOrder
  change(now: StoredOrder, order: NewOrder, origin: Origin): StoredOrder
  remove(now: StoredOrder, origin: Origin): void
  find(id: string): StoredOrder | null
  /** The newest hundred. */
  newest(): readonly object[]
  /** At most a thousand entries after this position, in the order in which they were applied. */
  ledger(after: number): readonly object[]
}

/** The orders of this database, applied by this process. */
export function createOrderStore(database: Database, log: EventLog, boot: string): OrderStore {
  const { sql } = database
  const enter = sql.prepare(
    `INSERT INTO ledger (change, id, item, qty, note, seq, user, key, fingerprint, boot, appliedAt)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING position`,
  )
  const insert = sql.prepare('INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const update = sql.prepare(
    'UPDATE orders SET item = ?, qty = ?, note = ?, seq = ?, version = ? WHERE id = ?',
  )
  const remove = sql.prepare('DELETE FROM orders WHERE id = ?')
  const find = sql.prepare('SELECT id, position, item, qty, note, seq, version FROM orders WHERE id = ?')
  const newest = sql.prepare(
    'SELECT position, id, item, qty, note, seq, appliedAt FROM orders ORDER BY position DESC LIMIT 100',
  )
  const applied = sql.prepare(
    `SELECT position, change, id, item, qty, seq, ledger.user, ledger.key, ledger.fingerprint, boot, appliedAt,
       COALESCE(replays, 0) AS replays
     FROM ledger LEFT JOIN answers ON answers.key = ledger.key AND answers.user = ledger.user
     WHERE position > ? ORDER BY position LIMIT 1000`,
  )

  function apply(
    change: 'placed' | 'changed' | 'removed',
    id: string,
    { item, qty, note, seq }: NewOrder,
    { user, key, fingerprint }: Origin,
  ): number {
    const row = enter.get(change, id, item, qty, note, seq, user, key, fingerprint, boot, Date.now())
    const position = Number(row?.['position'])
    log.append('orders', { change, id, position, item, qty, note, seq })
    return position
  }

  return {
    place(order, origin) {
      const id = randomUUID()
      const position = apply('placed', id, order, origin)
      const { item, qty, note, seq } = order
      insert.run(id, position, item, qty, note, seq, 1, Date.now())
      return { id, position, ...order, version: 1 }
    },
    change({ id, position, version }, order, origin) {
      apply('changed', id, order, origin)
      const { item, qty, note, seq } = order
      update.run(item, qty, note, seq, version + 1, id)
      return { id, position, ...order, version: version + 1 }
    },
    remove(order, origin) {
      apply('removed', order.id, order, origin)
      remove.run(order.id)
    },
    find: (id) => (find.get(id) as unknown as StoredOrder | undefined) ?? null,
    newest: () => newest.all(),
    ledger: (after) => applied.all(after),
  }
}
