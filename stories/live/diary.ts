/** What a channel told, line by line, with the time since the page was there. */
import { shallowRef, watch, type ShallowRef } from 'vue'
import type { Clock } from '../../src/index.js'
import type { Channel } from '../../src/live/index.js'
import { useChannel } from '../../src/vue/live.js'
import { lineWords, rangeWords, type Words } from './words.js'

/** One line. */
export interface DiaryLine extends Words {
  readonly key: number
  /** Seconds since the page was there. */
  readonly seconds: number
}

/** The newest that are shown. */
const SHOWN = 8

/** Keeps it while the component is mounted. */
export function useDiary(channel: Channel, clock: Clock): Readonly<ShallowRef<readonly DiaryLine[]>> {
  const lines = shallowRef<readonly DiaryLine[]>([])
  const beganAt = clock.now()
  let count = 0
  let times = 0

  function note(words: Words): void {
    // That a wait has another end is none of people's business.
    if (lines.value.at(-1)?.text === words.text) return
    const line = { ...words, key: ++count, seconds: (clock.now() - beganAt) / 1000 }
    lines.value = [...lines.value, line].slice(-SHOWN)
  }
  const { state } = useChannel(channel, {
    topic: 'chat',
    onResumed() {
      times += 1
      const text = times === 1 ? 'Chat: followed from here on' : 'Chat: caught up, nothing is missing'
      note({ text, tone: 'ok', icon: 'check-circle' })
    },
    onGap: (gap) => note({ text: `Chat: a gap ${rangeWords(gap)}`, tone: 'warn', icon: 'triangle' }),
    onReset: () => note({ text: 'Chat: the server began anew', tone: 'warn', icon: 'triangle' }),
  })
  watch(state, (now) => note(lineWords(now)), { flush: 'sync' })
  return lines
}
