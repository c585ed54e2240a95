/** What the Vue side needs of a queue, and the words for what is in it. */
import type { Queue } from '../queue/queue.js'

export type { Action, ActionState, Ended, FailureReason } from '../queue/action.js'

/** A queue, as far as composables and components know it: started by the plugin, shown by the list. */
export type QueuePort = Pick<
  Queue,
  | 'actions'
  | 'subscribe'
  | 'onChange'
  | 'onSettled'
  | 'start'
  | 'retry'
  | 'retryFailed'
  | 'edit'
  | 'override'
  | 'sendAgain'
  | 'markSaved'
  | 'discard'
  | 'discardAll'
>
