/** Where two lists differ: one stretch. Most changes touch one row of ten thousand. */
export interface Stretch {
  /** Up to here both are the same. */
  readonly from: number
  /** From here on the old one is the same again. */
  readonly oldTo: number
  /** From here on the new one is the same again. */
  readonly newTo: number
}

/** What was found last for a list: several ask about the same change, and each look costs as much as the list is long. */
const found = new WeakMap<object, { readonly before: object; readonly stretch: Stretch }>()

/** Looks from both ends; what has moved counts as changed. Neither list may change later. */
export function stretchBetween<T>(before: readonly T[], after: readonly T[]): Stretch {
  const known = found.get(after)
  if (known?.before === before) return known.stretch
  const least = Math.min(before.length, after.length)
  let from = 0
  while (from < least && before[from] === after[from]) from++
  let tail = 0
  while (tail < least - from && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  const stretch = { from, oldTo: before.length - tail, newTo: after.length - tail }
  found.set(after, { before, stretch })
  return stretch
}
