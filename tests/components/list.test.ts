import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createArranger, isGroup, keyOf, rowFrom } from '../../src/components/list/arrange.js'
import { stretchBetween } from '../../src/components/list/stretch.js'
import { counted, NO_COUNTS, recounted } from '../../src/components/list/tally.js'
import { piecesOf, roomOf, spanBetween } from '../../src/components/list/window.js'
import type { Action, ActionState } from '../../src/vue/queue-port.js'
import { rowAt } from '../../bench/list/feed.js'

const STATES: readonly ActionState[] = [
  { name: 'queued' },
  { name: 'sending', from: 'queued' },
  { name: 'unconfirmed', next: 'again' },
  { name: 'unconfirmed', next: 'person' },
  { name: 'blocked', on: 'x' },
  { name: 'failed', why: 'rejected' },
  { name: 'conflict' },
]
/** Rows in the order of acceptance, in any states. */
const rows = fc
  .array(fc.constantFrom(...STATES), { maxLength: 40 })
  .map((states) => states.map((state, place): Action => ({ ...rowAt(place), state })))

test('two lists are the same outside of the stretch that is said to differ, and that is no longer than it must be', () => {
  const list = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 })
  fc.assert(
    fc.property(list, list, (before, after) => {
      const { from, oldTo, newTo } = stretchBetween(before, after)
      expect([...before.slice(0, from), ...after.slice(from, newTo), ...before.slice(oldTo)]).toEqual(after)
      if (from < oldTo && from < newTo) expect(before[from]).not.toBe(after[from])
      if (from < oldTo && from < newTo) expect(before[oldTo - 1]).not.toBe(after[newTo - 1])
    }),
  )
})

test('what waits, what needs a person, what is tried again with the others, and what can be discarded', () => {
  const each = STATES.map((state, place) => ({ ...rowAt(place), state }))
  expect(counted(NO_COUNTS, each, 1)).toEqual({ waiting: 4, needy: 3, failed: 1, discardable: 5 })
})

test('counts that are kept up are those that are counted anew', () => {
  fc.assert(
    fc.property(fc.array(rows, { minLength: 1, maxLength: 6 }), (lists) => {
      let counts = NO_COUNTS
      let before: readonly Action[] = []
      for (const list of lists) {
        counts = recounted(counts, before, list)
        before = list
        expect(counts).toEqual(counted(NO_COUNTS, list, 1))
      }
    }),
  )
})

test('every row is in one group, in the order of acceptance there, and groups in the order of their first row', () => {
  const name = ({ position }: Action) => [undefined, 'a', 'b'][position % 3]
  fc.assert(
    fc.property(rows, (list) => {
      const items = createArranger()(list, name)
      const found = items.filter((item) => !isGroup(item)) as Action[]
      expect(found.toSorted((one, other) => one.position - other.position)).toEqual(list)
      const groups = new Map<string, number[]>()
      let group = ''
      for (const item of items) {
        if (isGroup(item)) groups.set((group = item.group), [])
        else groups.get(group)?.push(item.position)
      }
      for (const places of groups.values())
        expect(places).toEqual(places.toSorted((one, other) => one - other))
      const firsts = [...groups.values()].map(([first]) => first!)
      expect(firsts).toEqual(firsts.toSorted((one, other) => one - other))
    }),
  )
})

test('a heading stays the same object while its group has rows: what did not change is seen to be the same', () => {
  const arrange = createArranger()
  const group = ({ position }: Action) => `g${position % 2}`
  const before = arrange([0, 1, 2].map(rowAt), group)
  const after = arrange([0, 1, 2, 3].map(rowAt), group)
  expect(after.filter(isGroup)).toEqual([{ group: 'g0' }, { group: 'g1' }])
  expect(after.filter(isGroup).every((heading) => before.includes(heading))).toBe(true)
})

test('steps lead from row to row over headings, and far ones to the ends', () => {
  const items = createArranger()([0, 1, 2, 3].map(rowAt), ({ position }) => `g${position >> 1}`)
  const [first, second, third, last] = [0, 1, 2, 3].map((place) => rowAt(place).id)
  const far = (steps: number) => rowFrom(items, second!, steps)
  expect([far(1), far(-1), far(-Infinity), far(Infinity)]).toEqual([third, first, first, last])
  expect([rowFrom(items, last!, 1), rowFrom(items, first!, -1)]).toEqual([undefined, undefined])
})

const heights = fc
  .array(fc.constantFrom(0, 20, 61, 95.5, 300), { minLength: 1, maxLength: 60 })
  .map((known) => ({ known, usual: 61, total: roomOf({ known, usual: 61 }, 0, known.length) }))

test('P12: every row that touches the window is rendered, few others are, and gaps make up for the rest', () => {
  fc.assert(
    fc.property(
      heights,
      fc.integer({ min: -2000, max: 6000 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.array(fc.nat(59), { maxLength: 2 }),
      (rows, top, height, kept) => {
        const span = spanBetween(rows, top, top + height)
        const last = rows.known.length
        expect(span.to).toBeGreaterThan(span.from)
        for (let row = 0; row < last; row++) {
          const from = roomOf(rows, 0, row)
          const to = roomOf(rows, 0, row + 1)
          const isIn = row >= span.from && row < span.to
          if (to > top && from < top + height) expect(isIn).toBe(true)
          // One at least is rendered, wherever the list is.
          else if (span.to - span.from > 1) expect(isIn).toBe(false)
        }
        const inList = kept.filter((row) => row < last)
        const pieces = piecesOf(rows, span, inList, String)
        const rendered = pieces.flatMap((piece) => (piece.gap === undefined ? [piece.index] : []))
        expect(rendered).toEqual([...new Set(rendered)].toSorted((one, other) => one - other))
        for (const row of inList) expect(rendered).toContain(row)
        const room = pieces.reduce(
          (sum, piece) => sum + (piece.gap ?? roomOf(rows, piece.index!, piece.index! + 1)),
          0,
        )
        expect(room).toBeCloseTo(roomOf(rows, 0, last), 6)
        expect(new Set(pieces.map(({ key }) => key)).size).toBe(pieces.length)
      },
    ),
  )
})

test('keys of rows and headings never meet', () => {
  const items = createArranger()([0, 1].map(rowAt), () => rowAt(0).id)
  expect(new Set(items.map(keyOf)).size).toBe(items.length)
})
