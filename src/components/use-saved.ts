import { computed, shallowRef, toValue, watch, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { whileMounted } from '../vue/follow.js'
import type { Action, Ended } from '../vue/queue-port.js'
import { useQueue } from '../vue/use-queue.js'
import { stateOf, type RowState } from './list/row-look.js'

/** What `useSaved` returns. */
export interface UseSavedReturn {
  /** Where the change is: as in the list, `sent` once the server has confirmed it; null: nobody knows of it. */
  readonly state: ComputedRef<RowState | null>
  /** The change, while it is kept; undefined: it is not. */
  readonly action: ComputedRef<Action | undefined>
  /** Whether what is kept would outlive this tab. */
  readonly persisted: ComputedRef<boolean>
}

/** So many endings are remembered: a server may be done before the control knows the id of its change. */
const REMEMBERED = 100

/** Follows one change, from when it is kept until it is confirmed. Without an id it knows nothing. */
export function useSaved(id: MaybeRefOrGetter<string | null | undefined>): UseSavedReturn {
  const { queue, actions, facts } = useQueue()
  const ends = shallowRef<ReadonlyMap<string, Ended>>(new Map())
  whileMounted(() =>
    queue.onSettled(({ action, ended }) => {
      ends.value = new Map([...[...ends.value].slice(1 - REMEMBERED), [action.id, ended]])
    }),
  )
  /** What coalesced is another change now. */
  const current = computed(() => {
    let now = toValue(id) ?? undefined
    for (let end = ends.value.get(now ?? ''); end?.outcome === 'replaced'; end = ends.value.get(now))
      now = end.to
    return now
  })
  /** Where it was found last: of ten thousand changes few move. */
  let place = -1
  watch(current, () => (place = -1))
  const action = computed(() => {
    const all = actions.value
    if (current.value === undefined) return undefined
    if (all[place]?.id !== current.value) place = all.findIndex((one) => one.id === current.value)
    return all[place]
  })
  const state = computed<RowState | null>(() => {
    const outcome = ends.value.get(current.value ?? '')?.outcome
    if (outcome === 'confirmed') return 'sent'
    if (action.value) return stateOf(action.value)
    return outcome === 'discarded' ? 'discarded' : null
  })
  return { state, action, persisted: computed(() => facts.value?.persisted ?? false) }
}
