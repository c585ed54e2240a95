/**
 * What the kit's list is made of, for one of your own: the same words, the same buttons and the same way back from
 * discarding, and no looks.
 */
import { computed, readonly, toValue, type ComputedRef, type MaybeRefOrGetter, type Ref } from 'vue'
import type { IconName, Tone } from '../status/view.js'
import type { Action } from '../vue/queue-port.js'
import { countsText, LOOKS, nameOf, speechOf, textOf, type Hand, type RowState } from './list/row-look.js'
import { useSettling, type Settling } from './list/use-settling.js'
import { useLocale } from './locale-context.js'
import { enList } from './locales/en-list.js'
import type { Words } from './locales/locale.js'
import { useMinute } from './use-minute.js'

/** Options of `useQueuedActions`. */
export interface QueuedActionsOptions {
  /** The language. Default: what was provided under `localeKey`, else English. */
  locale?: MaybeRefOrGetter<Words<'list'> | undefined>
  /** "Review": shows what the server has instead. Default: none, and no such button. */
  review?: (action: Action) => void
  /** "Edit": `queue.edit(action.id, …)` puts the changed one in its place. Default: none, and no such button. */
  edit?: (action: Action) => void
  /**
   * Whether pointer or focus is on the row of this id. What was let go can be taken back for 8 s, and longer while
   * this is true. Default: never.
   */
  isEngaged?: (id: string) => boolean
}

/** A button of a row. */
export interface RowButton {
  readonly hand: Hand
  /** What it says. */
  readonly label: string
  /** For `aria-label`: with the name of the change, because every row has such buttons. */
  readonly name: string
  /** Does it. Never rejects: what the queue refuses is told by `isRefused`. */
  run(): Promise<void>
}

/** A row, as it is to be shown now. */
export interface RowView {
  readonly state: RowState
  readonly icon: IconName
  readonly tone: Tone
  /** Where the change is, and why, such as "Waiting · 2 min ago"; before it is discarded, the question. */
  readonly text: string
  /** The text is the server's own, and of its language: give it `dir="auto"`, and no `lang`. */
  readonly isQuoted: boolean
  /** It was sent, and goes away in a moment. */
  readonly isLeaving: boolean
  /** The likeliest first. */
  readonly buttons: readonly RowButton[]
}

/** What `useQueuedActions` returns. */
export interface UseQueuedActionsReturn extends Pick<
  Settling,
  'queue' | 'notes' | 'actions' | 'rows' | 'sent' | 'counts' | 'retryFailed' | 'discardAll'
> {
  /** The language: `words.list` has the words of the buttons for all, and the question before all is discarded. */
  readonly words: ComputedRef<Words<'list'>>
  /** The heading: "4 changes waiting · 1 change needs you", or that there are none. */
  readonly title: ComputedRef<string>
  /** The queue has refused what somebody wanted: say `words.list.notDone`. */
  readonly isRefused: Readonly<Ref<boolean>>
  /** How a row of `rows` is to be shown. Call it where the row is rendered: of many only those cost anything. */
  viewOf(action: Action): RowView
}

/** Everything that a list of your own needs. */
export function useQueuedActions(options: QueuedActionsOptions = {}): UseQueuedActionsReturn {
  const words = useLocale(() => toValue(options.locale), enList)
  const now = useMinute()
  const settling = useSettling({
    isEngaged: (id) => options.isEngaged?.(id) ?? false,
    // Where the focus goes is up to whoever has the rows, and so is a form.
    focusRow: async () => {},
    nextOf: () => undefined,
    hasForm: () => false,
    emit: (event, action) => options[event]?.(action),
    onLetGo: () => {},
  })
  const { queue, notes, actions, rows, sent, counts, gone, retryFailed, discardAll } = settling
  const can = { review: Boolean(options.review), edit: Boolean(options.edit) }

  function viewOf(action: Action): RowView {
    const { id } = action
    const state = settling.rowStateOf(action)
    const [icon, tone] = LOOKS[state]
    const { text, isQuoted, hands } = speechOf({
      ...{ words: words.value, action, state, can },
      mode: settling.modeOf(id),
      now: now.value,
      isFinal: gone.value.get(id)?.isFinal ?? false,
    })
    const buttons = hands.map((hand) => ({
      hand,
      label: textOf(words.value, hand),
      name: nameOf(words.value, hand, action),
      run: () => settling.act(action, hand),
    }))
    return { state, icon, tone, text, isQuoted, isLeaving: sent.value.get(id) === 'leaving', buttons }
  }

  return {
    ...{ queue, notes, actions, rows, sent, counts, retryFailed, discardAll, words, viewOf },
    isRefused: readonly(settling.isRefused),
    title: computed(() => countsText(words.value, counts.value) || words.value.list.empty),
  }
}
