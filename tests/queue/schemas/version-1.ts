/**
 * The database as version 1 of the schema left it, made with the browser's own means and none of the kit's: rows of
 * every state, of two people. Frozen: a released schema does not change.
 */
import { done } from '../fake-idb.js'

const base = {
  handler: 'order',
  lane: 'main',
  scope: 'ann',
  after: [],
  createdAt: 1_767_258_000_000,
  expiresAt: null,
  firstSentAt: null,
  attempts: 0,
  claim: null,
  bytes: 24,
  state: { name: 'queued' },
}
const sent = { firstSentAt: 1_767_258_000_500, attempts: 1, claim: { owner: 'tab', number: 4 } }
const named = (position: number) => ({
  position,
  id: `id-${position}`,
  key: `key-${position}`,
  label: `Order ${position}`,
  payload: { label: `Order ${position}` },
})

/** Its rows, in order. */
export const ROWS = [
  { ...base, ...named(1), ...sent, state: { name: 'sending', from: 'queued' } },
  { ...base, ...named(2), after: ['id-1'] },
  { ...base, ...named(3), ...sent, lane: 'other', state: { name: 'unconfirmed', next: 'person' } },
  { ...base, ...named(4), ...sent, state: { name: 'failed', why: 'rejected', status: 422, detail: 'no' } },
  { ...base, ...named(5), ...sent, state: { name: 'conflict', status: 412 } },
  { ...base, ...named(1), id: 'of bob', scope: 'bob' },
] as const

/** Writes it. */
export async function makeVersion1(name = 'holdfast'): Promise<void> {
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = () => {
    const db = opening.result
    const actions = db.createObjectStore('actions', { keyPath: ['scope', 'position'] })
    const scopes = db.createObjectStore('scopes')
    for (const row of ROWS) actions.put(row)
    scopes.put({ position: 5, sender: { owner: 'tab', number: 4 }, senderUntil: 1_767_258_015_000 }, 'ann')
    scopes.put({ position: 1, sender: null, senderUntil: 0 }, 'bob')
  }
  const db = await done(opening)
  db.close()
}
