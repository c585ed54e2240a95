import { computed, type ComputedRef } from 'vue'
import type { MessageKey } from '../status/view.js'
import type { Words } from './locales/locale.js'
import { fill, joined, say } from './locales/text.js'
import type { Told } from './use-told.js'

/** The texts of a dialog. */
export interface DialogText {
  /** Longer than the bar's, where the language has a longer one. */
  readonly title: ComputedRef<string>
  /** What to check, what is safe, and that one may go on. */
  readonly body: ComputedRef<string>
  /** When the next attempt is: in 8 s, in a moment, when you are online. */
  readonly next: ComputedRef<string>
}

/** Said by the sentence about reading on, or by the row below it. */
const SAID_ELSEWHERE: readonly MessageKey[] = [
  'kept-on-device',
  'kept-in-tab',
  'changes-waiting',
  'waiting-in-tab',
  'next-try',
  'trying',
]

/** What a dialog says about an outage that lasts. */
export function useDialogText(
  words: ComputedRef<Words<'modal'>>,
  { told, title, busy, seconds }: Told,
): DialogText {
  return {
    title: computed(() => {
      const message = told.value.title
      const longer = message && words.value.modal.titles[message.key]
      return longer ? fill(words.value, longer, message.params) : title.value
    }),
    body: computed(() => {
      const { detail, queue } = told.value
      const { modal } = words.value
      const count = queue.waiting + queue.sending
      const kept = queue.persisted ? modal.keptOnDevice : modal.keptInTab
      const reading = count > 0 ? fill(words.value, kept, { count }) : modal.reading
      const advice = detail && !SAID_ELSEWHERE.includes(detail.key) ? say(words.value, detail) : ''
      return joined(words.value, advice, reading)
    }),
    next: computed(() => {
      const { modal } = words.value
      if (told.value.cause === 'device') return modal.whenConnected
      if (busy.value) return modal.trying
      return seconds.value === null ? modal.soon : fill(words.value, modal.inTime, { seconds: seconds.value })
    }),
  }
}
