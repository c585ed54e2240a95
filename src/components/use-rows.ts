import { computed, shallowRef, type ComputedRef } from 'vue'
import type { Stop } from '../core/state.js'
import { useHoldfast } from '../vue/context.js'
import { whileMounted } from '../vue/follow.js'
import type { Action, QueuePort } from '../vue/queue-port.js'
import { useQueue, type UseQueueReturn } from '../vue/use-queue.js'

/** A sent change stays this long, so that people see that it was. */
const SENT_SHOWN_MS = 2000

/** A row of the list: an action that is kept, or one that was sent a moment ago. */
export interface Row {
  readonly action: Action
  readonly sent: boolean
}

/** What `useRows` returns. */
export interface Rows {
  readonly queue: QueuePort
  /** About the place where they are kept. */
  readonly notes: UseQueueReturn['notes']
  /** In the order of acceptance. */
  readonly rows: ComputedRef<readonly Row[]>
  /** How many go, or will go, by themselves. */
  readonly waiting: ComputedRef<number>
  /** How many need a person. */
  readonly needy: ComputedRef<number>
  /** How many "Retry failed" sends again. */
  readonly failed: ComputedRef<number>
  /** How many "Discard all…" lets go. */
  readonly discardable: ComputedRef<number>
}

/** The queue's actions, and for two seconds those that were just sent. */
export function useRows(): Rows {
  const { queue, actions, notes } = useQueue()
  const { clock } = useHoldfast()
  const sent = shallowRef<readonly Action[]>([])
  whileMounted(() => {
    const cancels = new Set<Stop>()
    const stop = queue.onSettled(({ action, ended }) => {
      if (ended.outcome !== 'confirmed') return
      sent.value = [...sent.value, action]
      const cancel = clock.setTimeout(() => {
        cancels.delete(cancel)
        sent.value = sent.value.filter((other) => other !== action)
      }, SENT_SHOWN_MS)
      cancels.add(cancel)
    })
    return () => {
      stop()
      cancels.forEach((cancel) => cancel())
    }
  })
  const rows = computed(() => {
    const gone = new Set(sent.value.map((action) => action.id))
    return [
      ...actions.value.filter((action) => !gone.has(action.id)).map((action) => ({ action, sent: false })),
      ...sent.value.map((action) => ({ action, sent: true })),
    ].sort((one, other) => one.action.position - other.action.position)
  })
  const count = (which: (action: Action) => boolean) =>
    computed(() => rows.value.filter((row) => !row.sent && which(row.action)).length)
  return {
    queue,
    notes,
    rows,
    waiting: count((action) => !needsPerson(action)),
    needy: count(needsPerson),
    failed: count(({ state }) => state.name === 'failed'),
    discardable: count(isDiscardable),
  }
}

/** Whether trying again is up to a person. */
export function isRetryable({ state }: Action): boolean {
  return state.name === 'failed' || state.name === 'conflict'
}

/** What the queue sends again by itself needs nobody: to people it waits, and that is all. */
export function isSentAgain({ state }: Action): boolean {
  return state.name === 'unconfirmed' && state.next === 'again'
}

/** Whether it stays as it is until a person decides. */
function needsPerson(action: Action): boolean {
  return isRetryable(action) || (action.state.name === 'unconfirmed' && !isSentAgain(action))
}

/** Not what is on its way, or may have been applied already: discarding that would say what is not known. */
export function isDiscardable(action: Action): boolean {
  return action.state.name !== 'sending' && !isSentAgain(action)
}
