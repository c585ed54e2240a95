/** What the Vue side needs of a queue; the one of `holdfast/queue` fits it by shape. */
import type { FactSource, Stop } from '../core/state.js'
import type { Action, ActionState, Ended, FailureReason } from '../queue/action.js'

export type { Action, ActionState, Ended, FailureReason }

/** A queue, as far as composables and components know it. */
export interface QueuePort extends FactSource {
  /** What is kept, in the order in which it is sent. */
  readonly actions: readonly Action[]
  start(): Stop
  onChange(listener: () => void): Stop
}
