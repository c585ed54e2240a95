import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { whileMounted } from '../../vue/follow.js'
import { stretchBetween } from './stretch.js'
import { piecesOf, roomOf, spanBetween, type Piece, type Span } from './window.js'

/** From so many rows on only those near the window are rendered (P12). */
const WINDOWED_FROM = 50
/** So far above and below the window rows are rendered, too (CSS px): who scrolls sees no gap. */
const MARGIN_PX = 200
/** A row of two lines at the usual density (CSS px); once some were seen, it is as high as they are. */
const ROW_PX = 61
/** More arguments than this are a list. */
const IN_PLACE = 1000
/** The window, before anything is known of it (CSS px). */
const FIRST_SIGHT = { top: -MARGIN_PX, bottom: 800 }

/** What `useWindow` needs. */
export interface WindowOptions<T> {
  /** What there is to be shown; a new array with each change. */
  readonly items: Readonly<Ref<readonly T[]>>
  /** The element whose children are the pieces, in order. */
  readonly list: Readonly<Ref<HTMLElement | null>>
  /** What an item is known by. */
  readonly keyOf: (item: T) => string
  /** Keys of rows that have to stay wherever they are, such as the one with the focus. */
  readonly kept: () => readonly (string | null | undefined)[]
}

/** What `useWindow` returns. */
export interface Windowed {
  /** What is to be rendered, in order. */
  readonly pieces: ComputedRef<readonly Piece[]>
  /** Whether only a part of the rows is rendered. */
  readonly isWindowed: ComputedRef<boolean>
  /** The index of the first row that can be seen. */
  readonly first: ComputedRef<number>
}

/**
 * Renders what is near the browser's window, whatever scrolls: the page, or something around the list. Rows are as
 * high as they are: each that was seen is remembered, and the room of the others is an SVG of that height, because
 * an attribute is no inline style.
 */
export function useWindow<T>({ items, list, keyOf, kept }: WindowOptions<T>): Windowed {
  let usual = ROW_PX
  let known: number[] = []
  let total = 0
  let before: readonly T[] = []
  const sight = shallowRef(FIRST_SIGHT)
  /** Counts how often heights were learned. */
  const learned = shallowRef(0)

  const isWindowed = computed(() => items.value.length >= WINDOWED_FROM)
  const heights = computed(() => {
    void learned.value
    if (before !== items.value) move(items.value)
    return { known, usual, total }
  })

  /** The rows are others: who is still there keeps its height. Most changes are of one row: in place. */
  function move(after: readonly T[]): void {
    const { from, oldTo, newTo } = stretchBetween(before, after)
    const old = new Map(before.slice(from, oldTo).map((item, place) => [keyOf(item), known[from + place]!]))
    const fresh = after.slice(from, newTo).map((item) => old.get(keyOf(item)) ?? 0)
    total += roomOf({ known: fresh, usual }, 0, fresh.length) - roomOf({ known, usual }, from, oldTo)
    if (fresh.length > IN_PLACE) known = known.slice(0, from).concat(fresh, known.slice(oldTo))
    else known.splice(from, oldTo - from, ...fresh)
    before = after
  }
  const span = computed<Span>((old) => {
    const all = { from: 0, to: items.value.length }
    const { top, bottom } = sight.value
    const now = isWindowed.value ? spanBetween(heights.value, top, bottom) : all
    return old && old.from === now.from && old.to === now.to ? old : now
  })
  const pieces = computed(() => {
    const all = items.value
    const { from, to } = span.value
    const isOut = (index: number) => index >= 0 && (index < from || index >= to)
    const indexes = kept().map((key) => {
      const isNear = !key || all.slice(from, to).some((item) => keyOf(item) === key)
      return isNear ? -1 : all.findIndex((item) => keyOf(item) === key)
    })
    return piecesOf(heights.value, span.value, indexes.filter(isOut), (index) => keyOf(all[index]!))
  })

  /** Where the list is now, and how high what is rendered: whoever scrolls has just laid it out. */
  function look(): void {
    if (!list.value || !isWindowed.value) return
    measure()
    const { top } = list.value.getBoundingClientRect()
    sight.value = { top: -top - MARGIN_PX, bottom: innerHeight - top + MARGIN_PX }
  }

  /** Learns the heights of what is rendered; the first ones say what is usual. */
  function measure(): void {
    const rendered = [...(list.value?.children ?? [])]
    if (rendered.length !== pieces.value.length) return
    const seen: number[] = []
    let isNews = false
    for (const [place, piece] of pieces.value.entries()) {
      if (piece.gap !== undefined) continue
      const { height } = rendered[place]!.getBoundingClientRect()
      seen.push(height)
      isNews ||= known[piece.index] !== height
      known[piece.index] = height
    }
    if (!isNews) return
    if (learned.value === 0) usual = seen.reduce((sum, height) => sum + height, 0) / seen.length
    total = roomOf({ known, usual }, 0, known.length)
    learned.value += 1
  }

  whileMounted(() => {
    // Whatever brings a gap into sight: a layout that shifts tells nobody else.
    const gaps = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) look()
    })
    const how = { capture: true, passive: true }
    // Scrolling within a shadow tree is not told outside of it.
    const roots = new Set<EventTarget>([window, list.value!.getRootNode()])
    const unwatch = watch(
      pieces,
      (now) => {
        list.value?.querySelectorAll('.hf-gap').forEach((gap) => gaps.observe(gap))
        if (isWindowed.value && now.some(({ index }) => index !== undefined && !known[index])) measure()
      },
      { flush: 'post' },
    )
    for (const root of roots) root.addEventListener('scroll', look, how)
    window.addEventListener('resize', look)
    look()
    return () => {
      unwatch()
      gaps.disconnect()
      for (const root of roots) root.removeEventListener('scroll', look, how)
      window.removeEventListener('resize', look)
    }
  })

  const first = computed(() => spanBetween(heights.value, sight.value.top + MARGIN_PX, 0).from)
  return { pieces, isWindowed, first }
}
