/**
 * The database as version 2 of the schema left it, made with the browser's own means and none of the kit's: the rows
 * of version 1, the payload of one of which lies apart. Frozen: a released schema does not change.
 */
import { done } from '../fake-idb.js'
import { ROWS as ROWS_1 } from './version-1.js'

const LONG = { label: 'Order 1', note: 'x'.repeat(5_000) }

/** Its rows, in order, as they are read. */
export const ROWS = ROWS_1.map((row) =>
  row.position === 1 && row.scope === 'ann' ? { ...row, payload: LONG, bytes: 5_040 } : row,
)

/** Writes it. */
export async function makeVersion2(name = 'holdfast'): Promise<void> {
  const opening = indexedDB.open(name, 2)
  opening.onupgradeneeded = () => {
    const db = opening.result
    const actions = db.createObjectStore('actions', { keyPath: ['scope', 'position'] })
    const scopes = db.createObjectStore('scopes')
    const payloads = db.createObjectStore('payloads')
    for (const { payload, ...row } of ROWS) {
      const isLong = row.bytes > 4_096
      actions.put(isLong ? { ...row, isApart: true } : { ...row, payload })
      if (isLong) payloads.put({ value: payload }, [row.scope, row.position])
    }
    scopes.put({ position: 5, sender: { owner: 'tab', number: 4 }, senderUntil: 0 }, 'ann')
    scopes.put({ position: 1, sender: null, senderUntil: 0 }, 'bob')
  }
  ;(await done(opening)).close()
}
