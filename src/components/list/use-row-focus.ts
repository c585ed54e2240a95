import { nextTick, onBeforeUpdate, onUpdated, shallowRef, type Ref, type ShallowRef } from 'vue'
import { focused } from '../focused.js'

/** What `useRowFocus` needs. */
export interface RowFocusOptions {
  /** All of the list: focus that is lost in it is handed on. */
  readonly root: Readonly<Ref<HTMLElement | null>>
  /** The element with the rows. */
  readonly list: Readonly<Ref<HTMLElement | null>>
  /** Gets the focus where there is no row. */
  readonly heading: () => HTMLElement | null | undefined
  /** The id of the row that is `steps` further; undefined: there is none. Infinity: the last one. */
  readonly idFrom: (id: string, steps: number) => string | undefined
}

/** What `useRowFocus` returns. */
export interface RowFocus {
  /** The row with the focus; it is rendered wherever it is. */
  readonly held: Readonly<ShallowRef<string | null>>
  /** The row that is about to get it. */
  readonly wanted: Readonly<ShallowRef<string | null>>
  /** Gives the focus to a row, or to the first thing in it that fits; to the heading where there is neither. */
  focusRow(id: string | undefined, selector?: string): Promise<void>
  /** The row, if it is rendered. */
  rowOf(id: string | undefined): HTMLElement | null
  /** Listeners of the list: arrows, Home and End lead from row to row. */
  readonly on: Readonly<Record<'focusin' | 'focusout' | 'keydown', (event: Event) => void>>
}

/** How far a key leads. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: -Infinity,
  End: Infinity,
}

const rowAround = (node: EventTarget | null): HTMLElement | null =>
  node instanceof Element ? node.closest<HTMLElement>('[data-id]') : null

/** Keeps the person's place: what had the focus hands it on when it goes, within the row, to the next, or to the heading. */
export function useRowFocus({ root, list, heading, idFrom }: RowFocusOptions): RowFocus {
  const held = shallowRef<string | null>(null)
  const wanted = shallowRef<string | null>(null)
  const rowOf = (id: string | undefined): HTMLElement | null =>
    id === undefined
      ? null
      : (list.value?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`) ?? null)

  async function focusRow(id: string | undefined, selector?: string): Promise<void> {
    wanted.value = id ?? null
    await nextTick()
    const row = rowOf(id)
    const target = (selector && row?.querySelector<HTMLElement>(selector)) || row || heading()
    target?.focus()
    wanted.value = null
  }

  const follow = () => {
    held.value = rowAround(focused())?.dataset['id'] ?? null
  }

  /** Who inherits the focus: its row, and the rows behind that; null: nothing in here had it. */
  let heirs: readonly string[] | null = null
  onBeforeUpdate(() => {
    const now = focused()
    // Losing it can bring a second update before anything is said to be updated.
    if (!now || !root.value?.contains(now)) return
    const ids: string[] = []
    for (let row: Element | null = rowAround(now); row; row = row.nextElementSibling)
      if (row instanceof HTMLElement && row.dataset['id']) ids.push(row.dataset['id'])
    heirs = ids
  })
  onUpdated(() => {
    const now = focused()
    const heir = heirs?.map(rowOf).find((row) => row !== null) ?? heading()
    if (heirs && (!now || now === document.body)) heir?.focus({ preventScroll: true })
    heirs = null
  })

  return {
    held,
    wanted,
    focusRow,
    rowOf,
    on: {
      focusin: follow,
      // Where it goes is not known yet; and a window that somebody leaves keeps it.
      focusout: () => void nextTick(follow),
      keydown(event) {
        const { key, target } = event as KeyboardEvent
        const id = rowAround(target)?.dataset['id']
        const steps = STEPS[key]
        // In a field they belong to the field, and in a form to whatever it is made of.
        if (
          !id ||
          !steps ||
          (target as Element).closest('.hf-row-edit, input, select, textarea, [contenteditable]')
        )
          return
        event.preventDefault()
        void focusRow(idFrom(id, steps) ?? id)
      },
    },
  }
}
