import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { h } from 'vue'
import { expect, userEvent, waitFor } from 'storybook/test'
import { QueuedActionList, type Locale } from '../../src/components/index.js'
import type { Action } from '../../src/vue/queue-port.js'
import { EVERY_ROW, type RowSketch } from '../support/fixed-queue.js'
import { handlesOf, localeOf, still } from '../support/still.js'
import { SILENT } from './phases.js'
import './matrix.css'

/** Many changes: by the object that they belong to, and more than anybody can look at. */
const meta = {
  title: 'Components/QueuedActionList/Many',
  component: QueuedActionList,
  // On a page of documentation each would be as high as ten thousand rows.
  tags: ['!autodocs'],
} satisfies Meta<typeof QueuedActionList>

export default meta
type Story = StoryObj<typeof meta>

/** So many of them, each with a label of its own; every hundredth was refused. */
const many = (count: number): readonly RowSketch[] =>
  Array.from({ length: count }, (_, place) => ({
    id: `n${place}`,
    label: `Order ${4000 + Math.floor(place / 8)}: line ${(place % 8) + 1}`,
    state: place % 100 === 7 ? { name: 'failed', why: 'expired' } : { name: 'queued' },
  }))

const objectOf = ({ label }: Action) => label.match(/^Order \d+/)?.[0]

const list = (locale: Locale, args: Record<string, unknown>) =>
  h('div', { class: 'matrix' }, [h(QueuedActionList, { ...args, locale })])
const rowsIn = (root: HTMLElement) => [...root.querySelectorAll<HTMLElement>('.hf-row')]
const rowOf = (root: HTMLElement, id: string) => root.querySelector<HTMLElement>(`[data-id="${id}"]`)!
const nodesIn = (root: HTMLElement) => root.querySelector('.hf-queue')!.querySelectorAll('*').length + 1
/** Rows that can be seen, without a hole between or beside them. */
function seen(root: HTMLElement): HTMLElement[] {
  return rowsIn(root).filter((row) => {
    const { top, bottom } = row.getBoundingClientRect()
    return bottom > 0 && top < innerHeight
  })
}

export const Grouped: Story = {
  ...still(SILENT.online, list, [
    { id: 'a', label: 'Order 4711: 2 rye breads', state: { name: 'sending', from: 'queued' } },
    { id: 'b', label: 'Order 4712: 12 oat rolls', state: { name: 'queued' } },
    { id: 'c', label: 'Order 4711: note for the counter', state: { name: 'queued' }, ageMs: 60_000 },
    { ...EVERY_ROW[2]!, id: 'd', label: 'Order 4712: delivery at 9' },
    { id: 'e', label: 'Opening hours', state: { name: 'queued' } },
  ]),
  name: 'By object: changes of one stand together below its name, in the order of their first one',
  args: { groupOf: objectOf },
  async play({ canvasElement, canvas, globals }) {
    const { others } = localeOf(globals).list
    const headings = canvas.getAllByRole('heading', { level: 3 })
    await expect(headings.map((heading) => heading.textContent)).toEqual(['Order 4711', 'Order 4712', others])
    await expect(rowsIn(canvasElement).map((row) => row.dataset['id'])).toEqual(['a', 'c', 'b', 'd', 'e'])
    // Arrows step over headings.
    rowOf(canvasElement, 'c').focus()
    await userEvent.keyboard('{ArrowDown}')
    await waitFor(() => expect(rowOf(canvasElement, 'b')).toHaveFocus())
    await userEvent.keyboard('{End}')
    await waitFor(() => expect(rowOf(canvasElement, 'e')).toHaveFocus())
    await userEvent.keyboard('{ArrowDown}{Home}')
    await waitFor(() => expect(rowOf(canvasElement, 'a')).toHaveFocus())
  },
}

export const NothingToGroupBy: Story = {
  ...still(SILENT.online, list, [EVERY_ROW[1]!, EVERY_ROW[2]!]),
  name: 'By object, and no change belongs to one: no headings',
  args: { groupOf: objectOf },
  async play({ canvas }) {
    await expect(canvas.queryAllByRole('heading', { level: 3 })).toEqual([])
  },
}

export const FortyNine: Story = {
  ...still(SILENT.online, list, many(49)),
  name: 'Of fewer than 50 rows every one is rendered',
  async play({ canvasElement }) {
    await expect(rowsIn(canvasElement)).toHaveLength(49)
    await expect(rowOf(canvasElement, 'n0')).not.toHaveAttribute('aria-setsize')
  },
}

export const TenThousand: Story = {
  ...still(SILENT.online, list, many(10_000)),
  name: 'P12: Of ten thousand rows those near the window are rendered: at most 200 nodes, wherever one scrolls to',
  async play({ canvasElement }) {
    const check = async () => {
      await waitFor(() => {
        const rows = seen(canvasElement)
        const edges = rows.map((row) => row.getBoundingClientRect())
        expect(
          edges.every(({ top }, place) => place === 0 || Math.abs(top - edges[place - 1]!.bottom) < 1),
        ).toBe(true)
        expect(edges.at(-1)!.bottom).toBeGreaterThanOrEqual(
          Math.min(innerHeight, canvasElement.querySelector('ul')!.getBoundingClientRect().bottom) - 1,
        )
      })
      await expect(nodesIn(canvasElement)).toBeLessThanOrEqual(200)
    }
    await check()
    const first = rowOf(canvasElement, 'n0')
    await expect([first.ariaPosInSet, first.ariaSetSize]).toEqual(['1', '-1'])
    for (const place of [0.25, 0.5, 0.9, 1, 0]) {
      scrollTo(0, place * document.documentElement.scrollHeight)
      await check()
    }
    await waitFor(() => expect(rowOf(canvasElement, 'n0')).not.toBeNull())
  },
}

export const ByKeyboard: Story = {
  ...still(SILENT.online, list, many(10_000)),
  name: 'ux-43: Ten thousand rows by keyboard: one stop for Tab, arrows from row to row, End and Home',
  async play({ canvasElement }) {
    const head = [...canvasElement.querySelectorAll<HTMLElement>('.hf-queue-head button')]
    head.at(-1)!.focus()
    await userEvent.tab()
    await expect(rowOf(canvasElement, 'n0')).toHaveFocus()
    await userEvent.tab()
    await expect(rowOf(canvasElement, 'n0').querySelector('button')).toHaveFocus()
    await userEvent.keyboard('{ArrowDown}')
    await waitFor(() => expect(rowOf(canvasElement, 'n1')).toHaveFocus())
    await userEvent.keyboard('{End}')
    await waitFor(() => expect(rowOf(canvasElement, 'n9999')).toHaveFocus())
    await userEvent.keyboard('{ArrowUp}')
    await waitFor(() => expect(rowOf(canvasElement, 'n9998')).toHaveFocus())
    await expect(nodesIn(canvasElement)).toBeLessThanOrEqual(200)
    // What has the focus stays, however far it is scrolled away.
    scrollTo(0, 0)
    await waitFor(() => expect(seen(canvasElement)[0]).toHaveAttribute('data-id', 'n0'))
    await expect(rowOf(canvasElement, 'n9998')).toHaveFocus()
    await userEvent.keyboard('{Home}')
    await waitFor(() => expect(rowOf(canvasElement, 'n0')).toHaveFocus())
    await waitFor(() => expect(rowOf(canvasElement, 'n9998')).toBeNull())
    await userEvent.tab()
    await userEvent.tab()
    await expect(canvasElement.contains(document.activeElement)).toBe(false)
  },
}

export const OneChanges: Story = {
  ...still(SILENT.online, list, many(10_000)),
  name: 'P12: One row changes and no other is touched; one more comes and nothing moves',
  async play({ canvasElement, loaded }) {
    const { queue } = handlesOf({ loaded })
    const touched = new Set<string | undefined>()
    const watcher = new MutationObserver((records) => {
      for (const { target } of records)
        touched.add((target as Element).closest?.<HTMLElement>('[data-id]')?.dataset['id'])
    })
    watcher.observe(canvasElement.querySelector('ul')!, {
      subtree: true,
      childList: true,
      characterData: true,
    })
    await queue.retry('n7')
    await waitFor(() => expect(rowOf(canvasElement, 'n7')).toHaveAttribute('data-state', 'queued'))
    watcher.disconnect()
    await expect([...touched]).toEqual(['n7'])
  },
}

export const GroupedAndMany: Story = {
  ...still(SILENT.online, list, many(2_000)),
  name: 'Many, and by object',
  args: { groupOf: objectOf },
  async play({ canvasElement }) {
    await expect(nodesIn(canvasElement)).toBeLessThanOrEqual(200)
    rowOf(canvasElement, 'n0').focus()
    await userEvent.keyboard('{End}')
    await waitFor(() => expect(rowOf(canvasElement, 'n1999')).toHaveFocus())
    await expect(nodesIn(canvasElement)).toBeLessThanOrEqual(200)
  },
}

export const InADrawer: Story = {
  ...still(
    SILENT.online,
    (locale, args) => h('div', { class: 'drawer', tabindex: 0 }, [h(QueuedActionList, { ...args, locale })]),
    many(10_000),
  ),
  name: 'P12: In something that scrolls by itself: the same',
  async play({ canvasElement }) {
    const drawer = canvasElement.querySelector('.drawer')!
    for (const place of [0.3, 1]) {
      drawer.scrollTop = place * drawer.scrollHeight
      await waitFor(() => {
        const { top, bottom } = drawer.getBoundingClientRect()
        const middle = document.elementFromPoint(innerWidth / 2, (top + bottom) / 2)
        expect(middle?.closest('.hf-row')).not.toBeNull()
      })
      await expect(nodesIn(canvasElement)).toBeLessThanOrEqual(200)
    }
    await waitFor(() => expect(rowOf(canvasElement, 'n9999')).not.toBeNull())
  },
}
