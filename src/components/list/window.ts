/** Which of many rows are in sight, and how much room the others take. Pure. */

/** Indexes; `to` is the first that is out of sight again. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Something that is rendered: an item by its index, or the room of those that are not (CSS px). */
export type Piece =
  | { readonly key: string; readonly index: number; readonly gap?: undefined }
  | { readonly key: string; readonly gap: number; readonly index?: undefined }

/** Heights of rows (CSS px), 0 where one was never seen; then it counts as `usual`. */
export interface Heights {
  readonly known: readonly number[]
  readonly usual: number
  /** The room of all of them together. */
  readonly total: number
}

/**
 * The rows between two heights, counted from the top of the first one. Never none: a list that is out of sight still
 * can be reached with Tab.
 */
export function spanBetween({ known, usual }: Heights, top: number, bottom: number): Span {
  const last = known.length - 1
  let y = 0
  let from = -1
  let index = 0
  for (; index <= last && (y < bottom || from < 0); index++) {
    y += known[index] || usual
    if (from < 0 && y > top) from = index
  }
  if (from < 0) from = Math.max(0, last)
  return { from, to: Math.max(index, from + 1) }
}

/** The room that those rows take together. */
export function roomOf({ known, usual }: Omit<Heights, 'total'>, from: number, to: number): number {
  let room = 0
  for (let index = from; index < to; index++) room += known[index] || usual
  return room
}

/** What is rendered of so many rows: those of the span, and those that have to stay wherever they are. */
export function piecesOf(
  heights: Heights,
  { from, to }: Span,
  kept: readonly number[],
  keyOf: (index: number) => string,
): readonly Piece[] {
  const inSight = Array.from({ length: to - from }, (_, place) => from + place)
  const indexes = [...new Set([...kept, ...inSight])].sort((one, other) => one - other)
  const pieces: Piece[] = []
  let at = 0
  let gaps = 0
  let room = 0
  const skip = (gap: number) => pieces.push({ key: `gap ${++gaps}`, gap })
  for (const index of indexes) {
    const gap = roomOf(heights, at, index)
    if (index > at) skip(gap)
    pieces.push({ key: keyOf(index), index })
    at = index + 1
    room += gap + roomOf(heights, index, at)
  }
  // What is left needs no adding up: with each change of one row it is nearly all of them.
  if (at < heights.known.length) skip(heights.total - room)
  return pieces
}
