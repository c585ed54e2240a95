import { computed, type ComputedRef, type ShallowRef } from 'vue'
import { useHoldfast } from '../../vue/context.js'
import type { Action } from '../../vue/queue-port.js'
import { useRows, type Rows } from '../use-rows.js'
import { stateOf, type RowState } from './row-look.js'
import { counted, type Counts } from './tally.js'
import { useHands, type HandsOptions, type UsedHands } from './use-hands.js'
import { useLetGo, type LetGo, type LetGoOptions } from './use-let-go.js'

/** What `useSettling` needs of whoever has the rows on the page. */
export type SettlingOptions = Omit<HandsOptions, 'queue' | 'letting'> & Pick<LetGoOptions, 'isEngaged'>

/** What `useSettling` returns. */
export interface Settling extends Omit<Rows, 'counts'>, UsedHands {
  /** What was let go, and can be taken back. */
  readonly gone: Readonly<ShallowRef<ReadonlyMap<string, LetGo>>>
  /** Without what was let go: nobody has to see to that any more. */
  readonly counts: ComputedRef<Counts>
  rowStateOf(action: Action): RowState
  /** Sends all again that has failed, but what was let go. */
  retryFailed(): Promise<void>
  /** Discards all that can be, at once and for good. */
  discardAll(): Promise<void>
}

/** The rows of a list, and everything that a person can do with them: all but where they stand and how they look. */
export function useSettling(options: SettlingOptions): Settling {
  const { counts: all, ...rows } = useRows()
  const { queue, actions, sent } = rows
  const letting = useLetGo({
    ...{ queue, actions, isEngaged: options.isEngaged },
    clock: useHoldfast().clock,
    onRefused: () => (hands.isRefused.value = true),
  })
  const { gone } = letting
  const hands = useHands({ ...options, queue, letting })
  const counts = computed(() => {
    const letGo = [...gone.value.values()].map((entry) => entry.action)
    return letGo.length > 0 ? counted(all.value, letGo, -1) : all.value
  })
  return {
    ...rows,
    ...hands,
    ...{ gone, counts },
    rowStateOf(action) {
      if (sent.value.has(action.id)) return 'sent'
      return gone.value.has(action.id) ? 'discarded' : stateOf(action)
    },
    retryFailed: () =>
      hands.attempt(async () => {
        await letting.finish()
        await queue.retryFailed()
      }),
    discardAll: () => hands.attempt(queue.discardAll),
  }
}
