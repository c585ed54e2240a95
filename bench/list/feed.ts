/** Rows to be shown, and a queue that shows them: only what the list asks a queue for. */
import type { Facts, QueueFacts } from '../../src/core/state.js'
import { EMPTY_QUEUE } from '../../src/status/facts.js'
import type { Action, QueuePort } from '../../src/vue/queue-port.js'

/** A row that waits. */
export function rowAt(place: number): Action {
  return {
    id: `0199-${String(place).padStart(8, '0')}`,
    key: `key-${place}`,
    handler: 'order',
    payload: null,
    lane: 'orders',
    scope: 'bench',
    label: `Order ${place}: two rye breads`,
    after: [],
    createdAt: 0,
    expiresAt: null,
    position: place,
    firstSentAt: null,
    attempts: 0,
    claim: null,
    bytes: 0,
    state: { name: 'queued' },
  }
}

/** The queue, and the hand that puts other rows in it. */
export interface Feed extends QueuePort {
  put(rows: readonly Action[]): void
}

/** Makes it. */
export function createFeed(first: readonly Action[]): Feed {
  let actions = first
  const listeners = new Set<(actions: readonly Action[]) => void>()
  const facts: QueueFacts = { ...EMPTY_QUEUE, persisted: true, waiting: first.length }
  const never = () => Promise.reject(new Error('nobody presses anything here'))
  return {
    get actions() {
      return actions
    },
    put(rows) {
      actions = rows
      listeners.forEach((listener) => listener(rows))
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    onSettled: () => () => {},
    subscribe(listener: (known: Partial<Facts>) => void) {
      listener({ queue: facts })
      return () => {}
    },
    start: () => () => {},
    ...{ retry: never, retryFailed: never, edit: never, override: never },
    ...{ sendAgain: never, markSaved: never, discard: never, discardAll: never },
  }
}
