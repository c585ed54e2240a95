import { shallowReadonly, shallowRef, type ShallowRef } from 'vue'
import { useHoldfast } from '../../vue/context.js'
import { whileMounted } from '../../vue/follow.js'
import { happeningsIn, type DiaryEntry } from './diary.js'

/** So much is kept: an hour of the default schedule. */
const KEPT = 300

/** What has happened to the connections since the component was mounted, the newest first. */
export function useDiary(): Readonly<ShallowRef<readonly DiaryEntry[]>> {
  const { connections, clock } = useHoldfast()
  const entries = shallowRef<readonly DiaryEntry[]>([])
  const all = Object.entries(connections)
  whileMounted(() => {
    const stops = all.map(([name, connection]) => {
      let before = connection.state
      return connection.subscribe((after, event) => {
        const happenings = happeningsIn(before, after, event)
        before = after
        if (happenings.length === 0) return
        const place = { at: clock.now(), service: all.length > 1 ? name : null }
        const fresh = happenings.map((happening) => ({ ...happening, ...place })).reverse()
        entries.value = [...fresh, ...entries.value].slice(0, KEPT)
      })
    })
    return () => stops.forEach((stop) => stop())
  })
  return shallowReadonly(entries)
}
