/**
 * How an action lies in the database. A large payload lies apart and is written once: a claim, an answer or a
 * failure then asks for a few bytes of room, and not for as many as a photo has, so that a queue can be emptied
 * where there is no room for one payload more.
 */
import type { IDBPTransaction, StoreNames } from 'idb'
import type { Action } from './action.js'
import type { Schema } from './idb-schema.js'

/** From so many (estimated) bytes on a payload lies apart: what is smaller costs more as a row of its own. */
const APART_FROM_BYTES = 4_096

/** A row: the action, or all of it but its payload. */
export type Row = Action | (Omit<Action, 'payload'> & { readonly isApart: true })

/** A transaction over rows and payloads. */
export type Rows<Mode extends IDBTransactionMode = IDBTransactionMode> = IDBPTransaction<
  Schema,
  StoreNames<Schema>[],
  Mode
>

/** The stores that an action lies in. */
export const ROW_STORES: StoreNames<Schema>[] = ['actions', 'payloads']

/** Whether its payload lies apart. Rows of schema 1 have theirs within them, whatever its size. */
const isApart = (row: Row | undefined): row is Row & { readonly isApart: true } =>
  typeof row === 'object' && row !== null && 'isApart' in row

/** A row and the action that it is: as it was read, so that what has not changed need not be written. */
export interface Kept {
  readonly row: Row
  readonly action: Action
}

/** What is kept of it; undefined: nothing. One whose payload is lost has none, and is set aside by whoever reads it. */
export async function join(tx: Rows, row: Row | undefined): Promise<Kept | undefined> {
  if (row === undefined) return undefined
  if (!isApart(row)) return { row, action: row as Action }
  const { isApart: _, ...rest } = row
  const payload = await tx.objectStore('payloads').get([row.scope, row.position])
  return { row, action: (payload ? { ...rest, payload: payload.value } : rest) as Action }
}

/** Puts it in its place, or takes away what was there. `before` is what was read of it, undefined if nothing was. */
export function replace(
  tx: Rows<'readwrite'>,
  place: [scope: string, position: number],
  action: Action | null,
  before: Kept | undefined,
): Promise<unknown>[] {
  const [rows, payloads] = [tx.objectStore('actions'), tx.objectStore('payloads')]
  const wasApart = isApart(before?.row)
  if (!action || action.bytes < APART_FROM_BYTES) {
    const changed = action ? rows.put(action) : rows.delete(place)
    return wasApart || (!action && !before) ? [changed, payloads.delete(place)] : [changed]
  }
  const { payload, ...rest } = action
  const put = rows.put({ ...rest, isApart: true })
  return wasApart && payload === before?.action.payload
    ? [put]
    : [put, payloads.put({ value: payload }, place)]
}
