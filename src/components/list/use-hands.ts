import { computed, nextTick, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import type { Action, QueuePort } from '../../vue/queue-port.js'
import type { Hand, RowMode } from './row-look.js'
import { needsPerson } from './tally.js'
import type { LettingGo } from './use-let-go.js'
import type { RowFocus } from './use-row-focus.js'

/** What is open in the list: the question about one change, or its form. */
export interface Opened {
  readonly how: 'asking' | 'editing'
  readonly id: string
}

/** What `useHands` needs. */
export interface HandsOptions {
  /** Does what the buttons say. */
  readonly queue: QueuePort
  /** Discards with a way back. */
  readonly letting: LettingGo
  /** Gives the focus to a row. */
  readonly focusRow: RowFocus['focusRow']
  /** The row behind this one; undefined: it is the last. */
  readonly nextOf: (id: string) => string | undefined
  /** There is a form to edit in. */
  readonly hasForm: () => boolean
  /** Asks the application. */
  readonly emit: (event: 'review' | 'edit', action: Action) => void
  /** A change was let go, and can be taken back. */
  readonly onLetGo: () => void
}

/** What `useHands` returns. */
export interface UsedHands {
  /** Does what a button says. */
  act(action: Action, hand: Hand): Promise<void>
  /** Runs something that the queue may refuse. */
  attempt(run: () => unknown): Promise<void>
  /** The queue has refused something, other than what was no longer so. */
  readonly isRefused: ShallowRef<boolean>
  modeOf(id: string): RowMode
  /** The id of the change that is asked about or edited. */
  readonly openId: ComputedRef<string | null>
  /** Closes the question or the form of a change; the focus goes back to the button that opened it. */
  close(): Promise<void>
  /** Ends editing: the queue has the changed one under this id. */
  replaced(id: string): Promise<void>
}

const FIELDS = 'input, select, textarea, [contenteditable], button'

/** The buttons of the rows, and what becomes of the focus. */
export function useHands(options: HandsOptions): UsedHands {
  const { queue, letting, focusRow, nextOf } = options
  const opened = shallowRef<Opened | null>(null)
  const isRefused = shallowRef(false)

  async function attempt(run: () => unknown): Promise<void> {
    isRefused.value = false
    try {
      await run()
    } catch (error) {
      // It was sent, or settled in another tab, a moment ago: the list already says what it is now.
      isRefused.value = (error as { code?: string } | null)?.code !== 'not-changeable'
    }
  }
  function letGo(action: Action): Promise<void> {
    const next = nextOf(action.id)
    letting.letGo(action)
    options.onLetGo()
    return focusRow(next)
  }
  function openRow({ id }: Action, how: 'asking' | 'editing'): Promise<void> {
    opened.value = { how, id }
    return focusRow(id, how === 'asking' ? 'button' : `.hf-row-edit :is(${FIELDS})`)
  }
  async function close(): Promise<void> {
    const was = opened.value
    opened.value = null
    if (was) await focusRow(was.id, `[data-hand="${was.how === 'asking' ? 'discard' : 'edit'}"]`)
  }
  async function discard({ id }: Action): Promise<void> {
    const next = nextOf(id)
    opened.value = null
    await queue.discard(id)
    await nextTick()
    await focusRow(next)
  }

  const HANDS: Readonly<Record<Hand, (action: Action) => unknown>> = {
    review: (action) => options.emit('review', action),
    retry: ({ id }) => queue.retry(id),
    mine: ({ id }) => queue.override(id),
    theirs: letGo,
    edit: (action) => (options.hasForm() ? openRow(action, 'editing') : options.emit('edit', action)),
    markSaved: ({ id }) => queue.markSaved(id),
    sendAgain: ({ id }) => queue.sendAgain(id),
    // What waits could be sent while its discarding can still be undone: that is asked about instead.
    discard: (action) => (needsPerson(action) ? letGo(action) : openRow(action, 'asking')),
    undo: ({ id }) => letting.undo(id),
    keep: close,
    yes: discard,
  }
  return {
    act: (action, hand) => attempt(() => HANDS[hand](action)),
    attempt,
    isRefused,
    openId: computed(() => opened.value?.id ?? null),
    modeOf: (id) => (opened.value?.id === id ? opened.value.how : 'rest'),
    close,
    replaced(id) {
      opened.value = null
      return focusRow(id)
    },
  }
}
