/** Takes a row for sending, in one transaction (I07); one that cannot be sent ends here, and holds nobody up (I12). */
import { transition } from './action-state.js'
import type { Action, Claim } from './action.js'
import type { Features } from './feature.js'
import type { Handler } from './handler.js'
import { isExpired, isTooOld } from './line-up.js'
import type { Edit } from './writer.js'

/** A row as it was before its claim, and since. */
export interface Claimed {
  readonly before: Action
  readonly action: Action
}

/** What a claim needs to know. */
export interface ClaimPorts {
  readonly keyLifeMs: number
  readonly features: Features
  /** What is kept, in order, as far as it is known. */
  readonly rows: readonly Action[]
  handler(name: string): Handler | undefined
}

/** `head`: the row as this tab knows it. Null: it came to rest. `stale`: the store knows better than this tab. */
export function claimRow(
  ports: ClaimPorts,
  head: Action,
  edit: Edit,
  by: { readonly at: number; readonly term: Claim },
): Claimed | 'stale' | null {
  const { at, term: claim } = by
  const row = edit.row(head.position)
  if (row?.id !== head.id) return 'stale'
  // Another tab has put something else in the place of what it follows: this one has heard that the one is gone,
  // but has not read the other yet.
  const isKept = (id: string) => ports.rows.some((other) => other.id === id)
  if (`${row.after}` !== `${head.after}` || row.after.some(isKept)) return 'stale'
  // A clock that jumped while the device slept: its key does not protect it any more (I09).
  if (isTooOld(row, { now: at, keyLifeMs: ports.keyLifeMs })) return 'stale'
  const handler = ports.handler(row.handler)
  const version = row.version ?? 1
  let ready = row
  let error: unknown
  let type: 'CLAIM' | 'EXPIRE' | 'NO_HANDLER' | 'UNSENDABLE' = 'CLAIM'
  if (isExpired(row, at)) type = 'EXPIRE'
  else if (!handler) type = 'NO_HANDLER'
  else if (!(handler.versions ?? [1]).includes(version)) {
    type = 'UNSENDABLE'
    error = new Error(`its payload is of version ${version}, which its handler cannot send`)
  } else if (row.firstSentAt === null) {
    // The last moment at which it may change: from here on its bytes are fixed (I03).
    try {
      ready = ports.features.claim(row, edit)
    } catch (cause) {
      type = 'UNSENDABLE'
      error = cause
    }
  }
  const next = transition(ready, type === 'CLAIM' ? { type, at, claim } : { type })
  if (!next || next === ready) return 'stale'
  edit.put(next, error)
  return type === 'CLAIM' ? { before: row, action: next } : null
}
