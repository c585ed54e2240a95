/** What every contestant does, and how it is timed. */
import type { Service } from './items.js'

/** A queue that is open and accepts. */
export interface Accepting {
  /** Resolves when the item is kept. */
  enqueue(seq: number): Promise<unknown>
  close(): Promise<unknown> | void
}

/** When, in ms after it was asked for. */
export interface Reopened {
  /** The first item is known. */
  readonly knownMs: number
  /** It is handed over to be sent. */
  readonly sentMs: number
}

/** Somebody who keeps items in a database of a name. */
export interface Contestant {
  /** Opens it, warm: what is timed is accepting alone. */
  open(db: string): Promise<Accepting>
  /** Opens what is kept and sends everything, in order; resolves when nothing is kept any more. */
  replay(db: string, service: Service): Promise<void>
  /** Keeps so many, in whatever way is quickest: it is not timed. */
  fill(db: string, count: number): Promise<void>
  /** Opens what is kept, and stops with the first item. */
  reopen(db: string): Promise<Reopened>
}

/** What one measurement has come to. */
export interface Timed {
  readonly ms: number
  /** Transactions of IndexedDB, of either mode. */
  readonly transactions: number
}

let transactions = 0
const { transaction } = IDBDatabase.prototype
IDBDatabase.prototype.transaction = function (...about) {
  transactions += 1
  return transaction.apply(this, about)
}

/** Times it, and counts its transactions. */
export async function timed(work: () => Promise<unknown>): Promise<Timed> {
  const [countBefore, startedAt] = [transactions, performance.now()]
  await work()
  return { ms: performance.now() - startedAt, transactions: transactions - countBefore }
}

/** Accepts so many at once (P9). */
export async function measureEnqueue(contestant: Contestant, db: string, count: number): Promise<Timed> {
  const { enqueue, close } = await contestant.open(db)
  const result = await timed(() => Promise.all(Array.from({ length: count }, (_, n) => enqueue(n + 1))))
  await close()
  return result
}

/** Sends what `measureEnqueue` has left, and checks it (P10). */
export async function measureReplay(
  contestant: Contestant,
  db: string,
  count: number,
  service: Service,
): Promise<Timed> {
  const result = await timed(() => contestant.replay(db, service))
  service.check(count)
  return result
}
