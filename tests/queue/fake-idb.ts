/** IndexedDB in memory, a fresh one for each test of the file that calls this. */
import * as fake from 'fake-indexeddb'
import { afterEach, beforeEach, vi } from 'vitest'
import type { Action, LockPort } from '../../src/queue/index.js'

/** Puts it in place of the global one. */
export function useFakeIndexedDb(): void {
  beforeEach(() => {
    for (const [name, value] of Object.entries(fake)) if (name.startsWith('IDB')) vi.stubGlobal(name, value)
    vi.stubGlobal('indexedDB', new fake.IDBFactory())
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })
}

/** A lock that nobody else wants. */
export const held: LockPort = {
  hold(_name, onChange) {
    onChange(true)
    return () => {}
  },
}

/** What a transaction is about that looks at nothing. */
export const about = { scope: 'ann', positions: [], durability: 'relaxed' } as const

/** What a browser keeps beside IndexedDB, and loses apart from it: empty before each test. */
export function useFakeStorage(): Map<string, string> {
  const kept = new Map<string, string>()
  beforeEach(() => {
    kept.clear()
    vi.stubGlobal('localStorage', {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, text: string) => void kept.set(name, text),
      removeItem: (name: string) => void kept.delete(name),
    })
  })
  return kept
}

/** An action as it is kept. */
export function row(position: number, scope = 'ann'): Action {
  return {
    id: `${scope}-${position}`,
    key: `${position}`,
    handler: 'order',
    payload: null,
    lane: 'main',
    scope,
    label: `${position}`,
    after: [],
    createdAt: 0,
    expiresAt: null,
    position,
    firstSentAt: null,
    attempts: 0,
    claim: null,
    bytes: 8,
    state: { name: 'queued' },
  }
}

/** The request's result, or its error. */
export function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
