/** One transaction of IndexedDB, and whether one whose end was not heard has come to its end. */
import { HoldfastError } from '../core/errors.js'
import type { Action } from './action.js'
import type { Database } from './idb-open.js'
import { join, replace, ROW_STORES } from './idb-row.js'
import { createDraft, NEW_SCOPE, type Draft, type Transaction } from './store.js'

/** What a transaction was to change, by place; null: the row goes. */
export type Changed = ReadonlyMap<number, Action | null>

/** Writes; `onDecided` hears what it is about to change. Rejects with a `HoldfastError`; then nothing has changed. */
export async function writeTo(
  db: Database,
  about: Transaction,
  work: (draft: Draft) => void,
  onDecided: (changed: Changed) => void,
): Promise<void> {
  const { scope, positions, durability } = about
  const tx = db.transaction([...ROW_STORES, 'scopes'], 'readwrite', { durability })
  const scopes = tx.objectStore('scopes')
  let refusal: unknown
  const note = (error: unknown) => void (refusal ??= error)
  tx.done.catch(note)
  try {
    const read = positions.map(async (position) =>
      join(tx, await tx.objectStore('actions').get([scope, position])),
    )
    const [meta, ...rows] = await Promise.all([scopes.get(scope), ...read])
    const found = new Map(rows.flatMap((kept) => (kept ? [[kept.row.position, kept] as const] : [])))
    const actions = new Map([...found].map(([position, { action }]) => [position, action]))
    const { draft, changes } = createDraft(actions, meta ?? NEW_SCOPE)
    work(draft)
    onDecided(changes)
    for (const [position, action] of changes) {
      const written = replace(tx, [scope, position], action, found.get(position))
      for (const one of written) one.catch(note)
    }
    if (draft.meta !== meta) scopes.put(draft.meta, scope).catch(note)
    await tx.done
  } catch (error) {
    abort(tx)
    throw await toHoldfastError([refusal, error])
  }
}

/** The actions at these places; undefined where there is none. */
export function readAt(
  db: Database,
  scope: string,
  positions: readonly number[],
): Promise<readonly (Action | undefined)[]> {
  const tx = db.transaction(ROW_STORES)
  const rows = tx.objectStore('actions')
  return Promise.all(
    positions.map(async (position) => (await join(tx, await rows.get([scope, position])))?.action),
  )
}

/** So many actions at most, behind this place, in order. */
export async function readPage(
  db: Database,
  scope: string,
  after: number,
  most: number,
): Promise<readonly Action[]> {
  const tx = db.transaction(ROW_STORES)
  const range = IDBKeyRange.bound([scope, after], [scope, Infinity], true)
  const rows = await tx.objectStore('actions').getAll(range, most)
  return Promise.all(rows.map(async (row) => (await join(tx, row))!.action))
}

/**
 * Whether the store shows these changes: a connection may be lost between a commit and the news of it, and a
 * second commit would accept an action twice. Ids are unique, so that a new row tells by its id alone.
 */
export async function isWritten(
  db: Database,
  { scope, positions }: Transaction,
  changed: Changed,
): Promise<boolean> {
  const places = [...changed.keys()]
  const rows = await readAt(db, scope, places)
  return (
    places.length > 0 &&
    places.every((position, index) => {
      const [wanted, row] = [changed.get(position), rows[index]]
      if (!wanted || !row) return !wanted && !row
      return positions.includes(position) ? textOf(row) === textOf(wanted) : row.id === wanted.id
    })
  )
}

/** Enough to tell two versions of one action apart; JSON has no bigints. */
function textOf(action: Action): string {
  return JSON.stringify(action, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
}

function abort(tx: { abort(): void }): void {
  try {
    tx.abort()
  } catch {
    // It has ended by itself, which is what was wanted.
  }
}

/** Full comes at the transaction's abort, or at a request's error (docs/spec/reliability.md 1.11). */
async function toHoldfastError(causes: readonly unknown[]): Promise<HoldfastError> {
  const full = causes.find((cause) => (cause as Error | undefined)?.name === 'QuotaExceededError')
  if (!full) return new HoldfastError('storage-failed', undefined, { cause: causes.find(Boolean) })
  return new HoldfastError('storage-full', await room(), { cause: full })
}

/** What the browser says about room; it may promise more than there is. */
async function room(): Promise<string | undefined> {
  try {
    const { usage, quota } = await navigator.storage.estimate()
    return `${usage} of ${quota} bytes are used`
  } catch {
    return undefined
  }
}
