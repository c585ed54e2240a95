import { shallowRef, type ShallowRef } from 'vue'
import type { Stop } from '../core/state.js'
import { useHoldfast } from '../vue/context.js'
import { whileMounted } from '../vue/follow.js'

/** The time (epoch ms), moved on every minute while mounted: for "2 min ago". */
export function useMinute(): Readonly<ShallowRef<number>> {
  const { clock } = useHoldfast()
  const now = shallowRef(clock.now())
  let cancel: Stop | null = null
  const tick = () => {
    now.value = clock.now()
    cancel = clock.setTimeout(tick, 60_000)
  }
  whileMounted(() => {
    tick()
    return () => cancel?.()
  })
  return now
}
