/** A queue that stands still: rows of every kind, and buttons that do what they say, without a store. */
import type { QueueFacts } from '../../src/core/state.js'
import type { Action, ActionState, Ended, QueuePort } from '../../src/vue/queue-port.js'
import { NO_QUEUE } from './fixed-status.js'

/** What a row of a story is. */
export interface RowSketch {
  readonly id: string
  readonly label: string
  readonly state: ActionState
  /** Default: just now. */
  readonly ageMs?: number
}

/** The queue, with what was asked of it. */
export interface FixedQueue extends QueuePort {
  readonly asked: string[]
  /** The action was confirmed. */
  confirm(id: string): void
  /** From now on this is told of the store. */
  tell(stored: Partial<QueueFacts>): void
}

const MINUTE_MS = 60_000

/** Rows of every kind. */
export const EVERY_ROW: readonly RowSketch[] = [
  { id: 'a', label: 'Rename “Q3 plan” to “Q3 plan (final)”', state: { name: 'sending', from: 'queued' } },
  { id: 'b', label: 'Comment on “Launch checklist”', state: { name: 'queued' }, ageMs: 2 * MINUTE_MS },
  { id: 'c', label: 'Delete “Old draft”', state: { name: 'conflict' }, ageMs: 3 * MINUTE_MS },
  {
    id: 'd',
    label: 'Order 600 rye breads',
    state: {
      name: 'failed',
      why: 'rejected',
      status: 422,
      detail: 'At most 500 pieces can be ordered at once.',
    },
    ageMs: 5 * MINUTE_MS,
  },
  {
    id: 'e',
    label: 'Book the meeting room',
    state: { name: 'failed', why: 'expired' },
    ageMs: 90 * MINUTE_MS,
  },
  { id: 'f', label: 'Add “Plum cake” to the order', state: { name: 'blocked', on: 'd' }, ageMs: MINUTE_MS },
  {
    id: 'g',
    label: 'Transfer to “Petty cash”',
    state: { name: 'unconfirmed', next: 'person' },
    ageMs: MINUTE_MS,
  },
  { id: 'h', label: 'شارك "الخطة" مع الفريق.', state: { name: 'queued' } },
]

/** The rows of the design. */
export const A_FEW_ROWS: readonly RowSketch[] = [
  EVERY_ROW[0]!,
  EVERY_ROW[1]!,
  EVERY_ROW[2]!,
  { id: 'z', label: 'Upload “budget.xlsx”', state: { name: 'queued' } },
]

/** What has an outcome to come: sent, or sent again because it may have been applied. */
export const ON_THE_WAY: readonly RowSketch[] = [
  EVERY_ROW[0]!,
  { id: 'y', label: 'Upload “photo.jpg”', state: { name: 'unconfirmed', next: 'again' } },
]

/** Makes the queue. `now` is the instant that ages are counted from (epoch ms), `first` what is told of its store. */
export function fixedQueue(
  rows: readonly RowSketch[],
  now: number,
  first: Partial<QueueFacts> = {},
): FixedQueue {
  let stored = first
  let actions: readonly Action[] = rows.map((row, position) => actionOf(row, position, now))
  const asked: string[] = []
  const changed = new Set<() => void>()
  const settled = new Set<(settled: { action: Action; ended: Ended }) => void>()
  const counted = new Set<(facts: { queue: QueueFacts }) => void>()

  const facts = () => ({
    queue: { ...NO_QUEUE, ...stored, waiting: actions.length, total: actions.length },
  })
  const put = (next: readonly Action[]) => {
    actions = next
    changed.forEach((listener) => listener())
    counted.forEach((listener) => listener(facts()))
  }
  const follow = <T>(set: Set<T>, one: T) => {
    set.add(one)
    return () => void set.delete(one)
  }
  const without = (id: string) => actions.filter((action) => action.id !== id)
  const queued = (wanted: (action: Action) => boolean) =>
    actions.map((action) => (wanted(action) ? { ...action, state: { name: 'queued' as const } } : action))
  const hand = (name: string, next: (id: string) => readonly Action[]) => async (id: string) => {
    asked.push(`${name} ${id}`)
    put(next(id))
  }
  /** Keeps its id: a list that stands still has no use for another one. */
  const handed = (name: string) => async (id: string) => {
    await hand(name, () => queued((action) => action.id === id))(id)
    return id
  }
  const counting = (name: string, next: readonly Action[]) => {
    asked.push(name)
    const changes = actions.filter((action) => !next.includes(action)).length
    put(next)
    return changes
  }

  return {
    get actions() {
      return actions
    },
    asked,
    start: () => () => {},
    onChange: (listener) => follow(changed, () => listener(actions)),
    onSettled: (listener) => follow(settled, listener),
    subscribe(listener) {
      listener(facts())
      return follow(counted, listener)
    },
    retry: hand('retry', (id) => queued((action) => action.id === id)),
    edit: handed('edit'),
    override: handed('override'),
    sendAgain: handed('sendAgain'),
    markSaved: hand('markSaved', without),
    discard: hand('discard', without),
    retryFailed: async () =>
      counting(
        'retryFailed',
        queued(({ state }) => state.name === 'failed'),
      ),
    discardAll: async () =>
      counting(
        'discardAll',
        actions.filter(({ state }) => state.name === 'sending' || isSentAgain(state)),
      ),
    tell(next) {
      stored = next
      put(actions)
    },
    confirm(id) {
      const action = actions.find((one) => one.id === id)
      if (!action) return
      put(without(id))
      settled.forEach((listener) => listener({ action, ended: { outcome: 'confirmed', result: undefined } }))
    },
  }
}

const isSentAgain = (state: ActionState) => state.name === 'unconfirmed' && state.next === 'again'

function actionOf({ id, label, state, ageMs = 0 }: RowSketch, position: number, now: number): Action {
  return {
    id,
    key: `key-${id}`,
    handler: 'story',
    payload: null,
    lane: id,
    scope: 'story',
    label,
    after: [],
    createdAt: now - ageMs,
    expiresAt: null,
    position,
    firstSentAt: null,
    attempts: 0,
    claim: null,
    bytes: 0,
    state,
  }
}
