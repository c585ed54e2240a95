import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'

/**
 * Whether pointer or focus is on a surface: what is engaged does not go away by itself. Returns the listeners
 * to bind; `isShown` false forgets both, because an element that is removed tells no leaving.
 */
export function useEngaged(isShown: Readonly<Ref<boolean>>, tell: (engaged: boolean) => void) {
  const pointed = shallowRef(false)
  const focused = shallowRef(false)
  const engaged = computed(() => isShown.value && (pointed.value || focused.value))
  watch(engaged, tell)
  watch(isShown, (on) => {
    if (!on) pointed.value = focused.value = false
  })
  onScopeDispose(() => {
    if (engaged.value) tell(false)
  })
  return {
    pointerenter: () => (pointed.value = true),
    pointerleave: () => (pointed.value = false),
    focusin: () => (focused.value = true),
    focusout: () => (focused.value = false),
  }
}
