/** One write of the person, as plain data: what is kept, what is shown, and how it ends. */

/**
 * Why an action failed. `rejected`: the server refused it; `expired`: it was never sent and its `expiresAt`
 * has passed; `depends`: what it had to follow was discarded; `no-handler`: nobody sends this kind any more;
 * `unsendable`: no request could be made of it (unknown version, damaged, its handler threw at once).
 */
export type FailureReason = 'rejected' | 'expired' | 'depends' | 'no-handler' | 'unsendable'

/**
 * Where an action is.
 *
 * - `queued`: waits for its turn; never sent, or sent and known not to have been applied.
 * - `sending`: claimed by the one who sends; `from` is what it is again if the answer tells nothing new.
 * - `unconfirmed`: sent, and nobody knows whether it was applied. `next: 'again'`: the queue sends it again,
 *   with the same key; `'person'`: only a person may go on.
 * - `blocked`: waits behind `on` (the id of an action), and that one waits for a person. Never stored: it
 *   follows from the others.
 * - `failed`: known not to be applied. `conflict`: the server has something newer.
 */
export type ActionState =
  | { readonly name: 'queued' }
  | { readonly name: 'sending'; readonly from: 'queued' | 'unconfirmed' }
  | { readonly name: 'unconfirmed'; readonly next: 'again' | 'person' }
  | { readonly name: 'blocked'; readonly on: string }
  | {
      readonly name: 'failed'
      readonly why: FailureReason
      /** The status of the refusal, if there was one. */
      readonly status?: number
      /** The server's own words, at most 200 characters; to be shown as text, never as markup. */
      readonly detail?: string
    }
  | { readonly name: 'conflict'; readonly status?: number; readonly detail?: string }

/** Who sends an action: a tab, and the number of its term as the only sender. */
export interface Claim {
  /** The tab, or rather the queue in it. */
  readonly owner: string
  /** Grows with each change of the sender; an older one may no longer send. */
  readonly number: number
}

/** What a later write takes the place of an earlier one by. */
export interface Coalesce {
  /** What both write to: "title of order 4711". */
  readonly key: string
  /** The handler's function in `merges` that makes one payload of both. Default: none, the later one wins. */
  readonly merge?: string
}

/** An accepted action. Key and payload are fixed before the first byte is sent. */
export interface Action {
  /** Time-ordered, unique across tabs. */
  readonly id: string
  /** Its Idempotency-Key: the same on every attempt, in every tab, after every restart. */
  readonly key: string
  /** The name of the handler that sends it. */
  readonly handler: string
  /** Plain data. Secrets do not belong here: a handler puts them on when it sends. */
  readonly payload: unknown
  /** Actions of one lane keep their order, and one of them is sent at a time. */
  readonly lane: string
  /** Whose action it is. */
  readonly scope: string
  /** What the person calls it. */
  readonly label: string
  /** Ids of actions that must have been confirmed before. */
  readonly after: readonly string[]
  /** When it was handed over (epoch ms). */
  readonly createdAt: number
  /** When it fails if it was never sent by then (epoch ms); null: never. */
  readonly expiresAt: number | null
  /** The place in the order of acceptance; a retry by hand takes a new one, at the end. */
  readonly position: number
  /** When it was first handed to its handler (epoch ms); null: never sent, and so may be changed. */
  readonly firstSentAt: number | null
  /** How often it was handed to its handler. */
  readonly attempts: number
  /** Who sends it, or sent it last; null: nobody yet. */
  readonly claim: Claim | null
  /** The estimated size of the payload. */
  readonly bytes: number
  readonly state: ActionState
  /** The version of its payload: the newest that its handler knew when it was accepted. Absent: 1. */
  readonly version?: number
  /** How often a person has changed it in its place. Absent: never. */
  readonly edits?: number
  /** Somebody has decided that it goes over what the server has. Absent: no. */
  readonly override?: boolean
  /** How often its conflicts were resolved without asking. Absent: never. */
  readonly resolved?: number
  /** A later one of this key takes its place while it was never sent (`coalescing`). */
  readonly coalesce?: Coalesce
  /** Ids that it gives to what it makes, until the server gives the real ones (`temporaryIds`). */
  readonly tempIds?: readonly string[]
  /** The temporary ids in its payload that are still to be replaced (`temporaryIds`). */
  readonly refs?: readonly string[]
}

/** How an action came to rest, once. A failed one may be tried again by a person: that is told by `onSettled`. */
export type Ended =
  | {
      readonly outcome: 'confirmed'
      /** What the handler resolved with; undefined if another tab sent it. */
      readonly result: unknown
    }
  | {
      readonly outcome: 'failed'
      readonly why: FailureReason
      readonly status?: number
      readonly detail?: string
      /** What the handler rejected with; absent if another tab sent it. */
      readonly error?: unknown
    }
  | {
      readonly outcome: 'conflict'
      readonly status?: number
      readonly detail?: string
      readonly error?: unknown
    }
  /**
   * Nobody knows, and the queue will not send it again by itself. Also: it has left the store, sent or let go
   * in another tab, and the news of how did not reach this one.
   */
  | { readonly outcome: 'unconfirmed'; readonly error?: unknown }
  /** A person let it go, or the handler's `resolve` decided for what the server has. */
  | { readonly outcome: 'discarded' }
  /** Never sent: a later action of its key took its place. `to`: the id of that one. */
  | { readonly outcome: 'replaced'; readonly to: string }
  /** The queue was stopped first. The action is kept, if the store keeps anything. */
  | { readonly outcome: 'stopped' }

/** Never handed to a handler, and waiting: the only kind that may be changed. */
export function isNeverSent(action: Action): boolean {
  return action.state.name === 'queued' && action.firstSentAt === null
}

/** Whether what came out of a store has the shape of an action of this scope; others are left alone. */
export function isAction(row: unknown, scope: string): row is Action {
  if (typeof row !== 'object' || row === null) return false
  const { id, key, handler, lane, label, after, position, state, ...rest } = row as Partial<Action>
  const texts = [id, key, handler, lane, label].every((text) => typeof text === 'string')
  return (
    texts &&
    'payload' in row &&
    rest.scope === scope &&
    [after, rest.tempIds ?? [], rest.refs ?? []].every(isTexts) &&
    Number.isSafeInteger(position) &&
    [rest.createdAt, rest.attempts, rest.bytes, rest.expiresAt ?? 0, rest.firstSentAt ?? 0].every(
      Number.isFinite,
    ) &&
    STATES.includes(state?.name ?? '')
  )
}

const isTexts = (list: unknown): boolean =>
  Array.isArray(list) && list.every((text) => typeof text === 'string')

const STATES: readonly string[] = ['queued', 'sending', 'unconfirmed', 'failed', 'conflict']
