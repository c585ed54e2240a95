import {
  getCurrentInstance,
  onMounted,
  onScopeDispose,
  shallowReadonly,
  shallowRef,
  type ShallowRef,
} from 'vue'
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

/**
 * A readonly ref that follows something with `subscribe`, while mounted. What is in it is as it was given (P12).
 *
 * @param onServer what a server has, where a page may know more before it takes over what that has rendered
 */
export function follow<T>(
  read: () => T,
  subscribe: (listener: () => void) => Stop,
  onServer?: T,
): Readonly<ShallowRef<T>> {
  // While a page hydrates there is an element before anything is rendered.
  const value = shallowRef((getCurrentInstance()?.vnode.el && onServer) ?? read())
  const update = () => {
    value.value = read()
  }
  whileMounted(() => {
    update()
    return subscribe(update)
  })
  return shallowReadonly(value)
}
