/** What the Vue side needs of a queue; the one of `holdfast/queue` fits it by shape. */
import type { FactSource, Stop } from '../core/state.js'
import type { Action, ActionState, Ended, FailureReason } from '../queue/action.js'

export type { Action, ActionState, Ended, FailureReason }

/** A queue, as far as composables and components know it. Its promises settle once the change is stored. */
export interface QueuePort extends FactSource {
  /** What is kept, in the order of sending. */
  readonly actions: readonly Action[]
  onChange(listener: () => void): Stop
  /** An action came to rest: confirmed, failed, discarded... */
  onSettled(listener: (action: Action, ended: Ended) => void): Stop
  /** A failed or conflicting one, or an unconfirmed one of which the person wants another try. */
  retry(id: string): Promise<unknown>
  discard(id: string): Promise<unknown>
  retryFailed(): Promise<unknown>
  discardAll(): Promise<unknown>
}
