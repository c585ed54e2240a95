import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { h } from 'vue'
import { expect, fn, userEvent, waitFor } from 'storybook/test'
import { QueuedActionList, StatusBar, type Locale } from '../../src/components/index.js'
import { joined, say } from '../../src/components/locales/text.js'
import type { QueueFacts } from '../../src/core/state.js'
import type { MessageKey } from '../../src/status/view.js'
import { A_FEW_ROWS, type RowSketch } from '../support/fixed-queue.js'
import {
  CHINESE,
  handlesFor,
  handlesOf,
  localeOf,
  RIGHT_TO_LEFT,
  still,
  stillPart,
} from '../support/still.js'
import { bar, startOf } from './bars.js'
import { BARS, SILENT, text } from './phases.js'
import './matrix.css'

/** Where the changes are kept is told in the head of the list, and in the bar only if some of them are lost. */
const meta = {
  title: 'Components/QueuedActionList/Where it is kept',
  component: QueuedActionList,
} satisfies Meta<typeof QueuedActionList>

export default meta
type Story = StoryObj<typeof meta>

interface Kept {
  readonly name: string
  readonly stored: Partial<QueueFacts>
  readonly rows: readonly RowSketch[]
  /** What is said: two sentences for each note. */
  readonly said: readonly (readonly [MessageKey, MessageKey])[]
  /** Default 1. */
  readonly count?: number
}

/** Every answer of a store, and what people read of it. */
const KEPT = {
  onDevice: { name: 'Kept on this device: nothing is said', stored: {}, rows: A_FEW_ROWS, said: [] },
  unavailable: {
    name: 'The browser keeps nothing',
    stored: { persisted: false, standIn: 'unavailable' },
    rows: A_FEW_ROWS,
    said: [['store-unavailable', 'kept-in-tab']],
  },
  unavailableAndEmpty: {
    name: 'The browser keeps nothing, and nothing waits: nothing is said',
    stored: { persisted: false, standIn: 'unavailable' },
    rows: [],
    said: [],
  },
  blocked: {
    name: 'An old tab has to be closed',
    stored: { persisted: false, standIn: 'blocked' },
    rows: A_FEW_ROWS,
    said: [['store-blocked', 'close-older-tab']],
  },
  newer: {
    name: 'The page has to be loaded again, and may be at once',
    stored: { persisted: false, standIn: 'newer' },
    rows: [],
    said: [['store-newer', 'reload-later']],
  },
  lost: {
    name: 'Changes were lost',
    stored: { lostAt: 1 },
    rows: [],
    said: [['changes-lost', 'check-latest']],
  },
  aside: {
    name: 'Three records cannot be read',
    stored: { aside: 3 },
    rows: A_FEW_ROWS,
    said: [['changes-aside', 'reload-may-help']],
    count: 3,
  },
  all: {
    name: 'All of it at once, the worst first',
    stored: { persisted: false, standIn: 'newer', lostAt: 1, aside: 1 },
    rows: A_FEW_ROWS,
    said: [
      ['changes-lost', 'check-latest'],
      ['store-newer', 'reload-later'],
      ['changes-aside', 'reload-may-help'],
    ],
  },
} satisfies Record<string, Kept>

const notesIn = (root: Element) => [...root.querySelectorAll<HTMLElement>('.hf-queue-note')]

const isAsSaid = async (root: Element, words: Locale, { said, count = 1 }: Kept) =>
  expect(notesIn(root).map((note) => note.textContent)).toEqual(
    said.map(([key, detail]) => joined(words, say(words, text(key, { count })), say(words, text(detail)))),
  )

/** A language whose list is headed by its name: where a page has several, people tell them apart by it. */
const listNamed = (locale: Locale, name: string): Locale => ({
  ...locale,
  list: { ...locale.list, empty: `0: ${name}`, count: `{count}: ${name}` },
})

/** Each list says what the table says. */
const table = (width?: number): Story => ({
  render: (_args, { globals }) => ({
    render: () =>
      h(
        'div',
        { class: 'matrix', 'data-width': width },
        Object.values<Kept>(KEPT).map(({ name, stored, rows }) =>
          h(
            stillPart(handlesFor(SILENT.online, rows.slice(0, 1), stored), () =>
              h(QueuedActionList, { locale: listNamed(localeOf(globals), name) }),
            ),
          ),
        ),
      ),
  }),
  async play({ canvasElement, globals }) {
    const lists = [...canvasElement.querySelectorAll('.hf-queue')]
    for (const [index, kept] of Object.values<Kept>(KEPT).entries())
      await isAsSaid(lists[index]!, localeOf(globals), kept)
    await expect(notesIn(canvasElement).filter((note) => note.scrollWidth > note.clientWidth)).toEqual([])
  },
})

export const Every: Story = { ...table(), name: 'I10: Every answer of a store, in words' }
export const Narrow: Story = { ...table(320), name: 'ux-30: In 320 px nothing overflows' }
export const Chinese: Story = { ...table(), name: 'ux-36: In Chinese', globals: CHINESE }
export const RightToLeft: Story = {
  ...table(),
  name: 'ux-34: From right to left: the icon is mirrored',
  globals: RIGHT_TO_LEFT,
  async play({ canvasElement }) {
    for (const note of notesIn(canvasElement)) {
      const [icon, words] = [note.querySelector('.hf-icon')!, note.querySelector('span')!]
      await expect(startOf(icon)).toBeLessThan(startOf(words))
      await expect(getComputedStyle(words).direction).toBe('rtl')
    }
  },
}

export const Comes: Story = {
  ...still(
    SILENT.online,
    (locale) => h('div', { class: 'matrix' }, [h(QueuedActionList, { locale })]),
    A_FEW_ROWS,
  ),
  name: 'A note comes and goes with its reason, and takes no focus',
  async play(context) {
    const { queue } = handlesOf(context)
    const heading = context.canvas.getByRole('heading')
    heading.focus()
    queue.tell(KEPT.blocked.stored)
    await waitFor(() => isAsSaid(context.canvasElement, localeOf(context.globals), KEPT.blocked))
    await expect(heading).toHaveFocus()
    queue.tell({})
    await waitFor(() => isAsSaid(context.canvasElement, localeOf(context.globals), KEPT.onDevice))
  },
}

const review = fn()

/** The bar says it after every outage, until it is put away. */
export const LostInTheBar: Story = {
  ...still(BARS.changesLost, (locale) => h(StatusBar, { locale, onReview: review })),
  name: 'I10: The bar says that changes were lost, leads to the list, and can be put away',
  async play(context) {
    const { fixed } = handlesOf(context)
    const [first, second] = context.canvas.getAllByRole('button')
    await userEvent.click(first!)
    await expect(review).toHaveBeenCalled()
    await expect(second).toHaveAccessibleName(localeOf(context.globals).actions.dismiss)
    await userEvent.click(second!)
    await expect(fixed.events).toContainEqual({ type: 'DISMISS' })
  },
}

export const OfflineInThisTabOnly: Story = {
  ...still(BARS.offlineInTab, bar),
  name: 'Offline by choice, kept in this tab only',
}
