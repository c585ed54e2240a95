import { computed, shallowReadonly, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { badOption } from '../core/errors.js'
import type { QueueFacts } from '../core/state.js'
import { notesOf, type Note } from '../status/notes.js'
import { useHoldfast, type ContextOption } from './context.js'
import { follow, whileMounted } from './follow.js'
import type { Action, QueuePort } from './queue-port.js'

/** What `useQueue` returns. `Q` is the type of your queue, for its `enqueue`. */
export interface UseQueueReturn<Q extends QueuePort = QueuePort> {
  /**
   * The queue itself: `retry`, `retryFailed`, `edit`, `override`, `sendAgain`, `markSaved`, `discard`, `discardAll`;
   * with the type of your queue also `enqueue`.
   */
  readonly queue: Q
  /** What is kept, in the order of sending. */
  readonly actions: Readonly<ShallowRef<readonly Action[]>>
  /** Counts; null until they are known. */
  readonly facts: Readonly<ShallowRef<QueueFacts | null>>
  /** What has to be said about the place where they are kept, the worst first. Empty: they are where they should be. */
  readonly notes: ComputedRef<readonly Note[]>
}

/** The changes that wait, by the queue that was given to the plugin; `bad-option` if none was. */
export function useQueue<Q extends QueuePort = QueuePort>(options?: ContextOption): UseQueueReturn<Q> {
  const queue = useHoldfast(options).queue as Q | null
  if (!queue) throw badOption('createHoldfast.queue', 'missing', 'a queue of createQueue')
  const facts = shallowRef<QueueFacts | null>(null)
  whileMounted(() =>
    queue.subscribe((known) => {
      facts.value = known.queue ?? facts.value
    }),
  )
  return {
    queue,
    actions: follow(
      () => queue.actions,
      (listener) => queue.onChange(listener),
      [],
    ),
    facts: shallowReadonly(facts),
    notes: computed(() => (facts.value ? notesOf(facts.value) : [])),
  }
}
