import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { Stop } from '../core/state.js'
import { useHoldfast } from '../vue/context.js'
import { whileMounted } from '../vue/follow.js'
import type { Action, QueuePort } from '../vue/queue-port.js'
import { useQueue, type UseQueueReturn } from '../vue/use-queue.js'
import { putEntry } from './list/entries.js'
import { NO_COUNTS, recounted, type Counts } from './list/tally.js'

/** A sent change stays this long, so that people see that it was, and fades in the last part of it (ms). */
const SENT_SHOWN_MS = 2000
const FADE_MS = 120

/** What `useRows` returns. */
export interface Rows {
  readonly queue: QueuePort
  /** About the place where they are kept. */
  readonly notes: UseQueueReturn['notes']
  /** What is kept. */
  readonly actions: UseQueueReturn['actions']
  /** The same, and what was sent a moment ago, in the order of acceptance. */
  readonly rows: ComputedRef<readonly Action[]>
  /** What was sent a moment ago, by id. */
  readonly sent: Readonly<ShallowRef<ReadonlyMap<string, 'shown' | 'leaving'>>>
  /** Of what is kept. */
  readonly counts: Readonly<ShallowRef<Counts>>
}

/** The queue's actions, and for two seconds those that were just sent. */
export function useRows(): Rows {
  const { queue, actions, notes } = useQueue()
  const { clock } = useHoldfast()
  const sentActions = shallowRef<readonly Action[]>([])
  const sent = shallowRef<ReadonlyMap<string, 'shown' | 'leaving'>>(new Map())

  whileMounted(() => {
    const cancels = new Set<Stop>()
    const later = (ms: number, then: () => void) => {
      const cancel = clock.setTimeout(() => {
        cancels.delete(cancel)
        then()
      }, ms)
      cancels.add(cancel)
    }
    const stop = queue.onSettled(({ action, ended }) => {
      if (ended.outcome !== 'confirmed') return
      sentActions.value = [...sentActions.value, action].sort((one, other) => one.position - other.position)
      putEntry(sent, action.id, 'shown')
      later(SENT_SHOWN_MS - FADE_MS, () => putEntry(sent, action.id, 'leaving'))
      later(SENT_SHOWN_MS, () => {
        sentActions.value = sentActions.value.filter((other) => other !== action)
        putEntry(sent, action.id)
      })
    })
    return () => {
      stop()
      cancels.forEach((cancel) => cancel())
    }
  })

  const counts = shallowRef(NO_COUNTS)
  watch(
    actions,
    (now, before = []) => {
      counts.value = recounted(counts.value, before, now)
    },
    { immediate: true, flush: 'sync' },
  )
  return {
    queue,
    notes,
    actions,
    rows: computed(() => merged(actions.value, sentActions.value)),
    sent,
    counts,
  }
}

/** Both in the order of their places; who stands at a place in both is sent. While nothing was, the same list. */
function merged(actions: readonly Action[], sent: readonly Action[]): readonly Action[] {
  if (sent.length === 0) return actions
  const all: Action[] = []
  let next = 0
  const takeUpTo = (position: number) => {
    while (next < sent.length && sent[next]!.position <= position) all.push(sent[next++]!)
  }
  for (const action of actions) {
    takeUpTo(action.position)
    if (all.at(-1)?.position !== action.position) all.push(action)
  }
  takeUpTo(Infinity)
  return all
}
