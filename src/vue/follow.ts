import { getCurrentInstance, onMounted, onScopeDispose, readonly, shallowRef, type ShallowRef } from 'vue'
import type { Stop } from '../core/state.js'

/**
 * Begins when the component is mounted, so that a server starts nothing and hydration begins with what was
 * rendered; outside of components at once. What it returned is called when the scope ends.
 */
export function whileMounted(begin: () => Stop): void {
  let stop: Stop | null = null
  const run = () => {
    stop = begin()
  }
  if (getCurrentInstance()) onMounted(run)
  else run()
  onScopeDispose(() => stop?.())
}

/** A readonly ref that follows something with `subscribe`, while mounted. */
export function follow<T>(read: () => T, subscribe: (listener: () => void) => Stop): Readonly<ShallowRef<T>> {
  const value = shallowRef(read())
  const update = () => {
    value.value = read()
  }
  whileMounted(() => {
    update()
    return subscribe(update)
  })
  return readonly(value) as Readonly<ShallowRef<T>>
}
