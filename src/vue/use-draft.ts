import {
  computed,
  reactive,
  shallowReadonly,
  shallowRef,
  toRaw,
  toValue,
  watch,
  type ComputedRef,
  type Reactive,
  type ShallowRef,
} from 'vue'
import { useHoldfast } from './context.js'
import { createDraft, type DraftFound, type DraftState } from './draft/draft.js'
import { draftNumbers, type UseDraftOptions } from './draft/options.js'
import { watchPrivateFields } from './draft/private-fields.js'
import { localDrafts } from './draft/store.js'
import { whileMounted } from './follow.js'
import { watchGoing } from './page-going.js'
import { useLeaveGuard } from './use-leave-guard.js'

/** What `useDraft` returns. */
export interface UseDraftReturn<T extends object> {
  /** The form: bind its controls to this. */
  readonly values: Reactive<T>
  /** Where it stands: on the device, or why not. */
  readonly state: Readonly<ShallowRef<DraftState>>
  /** What lay on the device when the form was opened; `nothing` again once it was sent or let go. */
  readonly found: Readonly<ShallowRef<DraftFound>>
  /** Whether the form is not as it began, fields that are not kept included. */
  readonly isDirty: ComputedRef<boolean>
  /** Lets go of what was typed, here and on the device. */
  discard(): void
  /**
   * Sends a copy of the values. Once that has resolved, the draft is let go and the form begins anew; if something was
   * typed meanwhile, that stays, form and draft. A rejection is the caller's, and nothing is let go.
   */
  submit<R>(send: (values: T) => Promise<R>): Promise<R>
}

/**
 * A form whose values outlive a reload, a crash, a change of page and a sign-in: they are written to this device while
 * somebody types, and are there again when that person comes back. Nobody else sees them. They lie there as plain
 * text, for every script of this origin to read: secrets are left out (see `except` and `form`).
 *
 * @throws `bad-option` for an unknown or impossible option
 */
export function useDraft<T extends object>(options: UseDraftOptions<T>): UseDraftReturn<T> {
  const { guard, ...numbers } = draftNumbers(options)
  const { clock, connections } = useHoldfast(options)
  const values = reactive(options.initial())
  const state = shallowRef<DraftState>({ name: 'untouched' })
  const found = shallowRef<DraftFound>({ name: 'nothing' })
  const privateFields = watchPrivateFields(() => toValue(options.form))
  const draft = createDraft<T>({
    ...numbers,
    clock,
    migrate: options.migrate ?? null,
    store: options.store ?? localDrafts(),
    except: () => new Set([...(options.except ?? []), ...privateFields()]),
    initial: options.initial,
    values: () => values as T,
    show: (next) => void Object.assign(values, next),
    onState: (next) => (state.value = next),
    onFound: (next) => (found.value = next),
  })
  const isDirty = computed(() => JSON.stringify(values) !== JSON.stringify(options.initial()))
  useLeaveGuard(() => (guard === 'dirty' ? isDirty.value : guard === 'unkept' && isUnkept(state.value)))

  whileMounted(() => {
    const stops = [
      draft.start(),
      watchGoing(() => draft.flush()),
      watch(() => toValue(options.scope), draft.belongTo, { immediate: true, flush: 'sync' }),
      watch(values, draft.changed, { deep: true }),
      ...Object.values(connections).map((connection) =>
        connection.subscribe((_state, { type }) => {
          if (type === 'SIGNED_OUT') draft.leave()
        }),
      ),
    ]
    return () => stops.forEach((stop) => stop())
  })

  return {
    values,
    state: shallowReadonly(state),
    found: shallowReadonly(found),
    isDirty,
    discard: draft.clear,
    async submit(send) {
      const text = JSON.stringify(values)
      const result = await send({ ...toRaw(values) } as T)
      if (JSON.stringify(values) === text) draft.clear()
      return result
    },
  }
}

const isUnkept = (state: DraftState) => state.name === 'not-kept'
