import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { h } from 'vue'
import { expect, fn, userEvent, waitFor, within } from 'storybook/test'
import { QueuedActionList, type Locale } from '../../src/components/index.js'
import { fill } from '../../src/components/locales/text.js'
import { A_FEW_ROWS, EVERY_ROW, ON_THE_WAY } from '../support/fixed-queue.js'
import { CHINESE, handlesOf, localeOf, RIGHT_TO_LEFT, still } from '../support/still.js'
import { startOf } from './bars.js'
import { SILENT } from './phases.js'
import './matrix.css'

const GROUPS = { 'By what it is about': ({ id }: { id: string }) => (id < 'd' ? 'Q3 plan' : undefined) }

const meta = {
  title: 'Components/QueuedActionList',
  component: QueuedActionList,
  // A function cannot be typed into a field.
  argTypes: {
    groupOf: {
      control: { type: 'select' },
      options: Object.keys(GROUPS),
      mapping: GROUPS,
    },
  },
} satisfies Meta<typeof QueuedActionList>

export default meta
type Story = StoryObj<typeof meta>

const list = (locale: Locale, args: Record<string, unknown>) =>
  h('div', { class: 'matrix' }, [h(QueuedActionList, { ...args, locale })])
const rowOf = (root: HTMLElement, id: string) => root.querySelector<HTMLElement>(`[data-id="${id}"]`)!
const headingOf = (root: HTMLElement) => within(root).getByRole('heading')
const lastButton = (root: HTMLElement) => within(root).getAllByRole('button').at(-1)!

export const AFew: Story = {
  ...still(SILENT.online, list, A_FEW_ROWS),
  name: 'A few changes, one of them just sent',
  play(context) {
    handlesOf(context).queue.confirm('z')
  },
}

export const EveryState: Story = {
  ...still(SILENT.online, list, EVERY_ROW),
  name: 'Every state: what waits is counted, and what needs a person',
  async play({ canvasElement, globals }) {
    const words = localeOf(globals)
    const counted = [words.list.count, words.list.needy].map((text) => fill(words, text, { count: 4 }))
    await expect(headingOf(canvasElement).textContent).toBe(counted.join(' · '))
  },
}

export const OnlyNeedy: Story = {
  ...still(SILENT.online, list, [EVERY_ROW[3]!]),
  name: 'The only change has failed: nothing waits, it needs a person',
  async play({ canvasElement, globals }) {
    const words = localeOf(globals)
    await expect(headingOf(canvasElement).textContent).toBe(fill(words, words.list.needy, { count: 1 }))
  },
}

export const WithReview: Story = {
  ...still(SILENT.online, list, EVERY_ROW),
  name: 'With Review on a conflict, and Edit on what was refused',
  args: { onReview: fn(), onEdit: fn() },
  async play({ args, canvasElement }) {
    const hands = (id: string) =>
      within(rowOf(canvasElement, id))
        .getAllByRole('button')
        .map((button) => button.dataset['hand'])
    await expect(hands('c')).toEqual(['review', 'mine', 'theirs', 'edit'])
    await expect(hands('d')).toEqual(['retry', 'edit', 'discard'])
    await userEvent.click(within(rowOf(canvasElement, 'c')).getAllByRole('button')[0]!)
    await expect(args['onReview']).toHaveBeenCalledWith(expect.objectContaining({ id: 'c' }))
    await userEvent.click(within(rowOf(canvasElement, 'd')).getAllByRole('button')[1]!)
    await expect(args['onEdit']).toHaveBeenCalledWith(expect.objectContaining({ id: 'd' }))
  },
}

export const Chinese: Story = {
  ...still(SILENT.online, list, EVERY_ROW),
  name: 'ux-36: In Chinese',
  globals: CHINESE,
  async play({ canvasElement }) {
    await expect(headingOf(canvasElement)).toHaveTextContent('4 项修改待发送 · 4 项修改需要您处理')
    await expect(rowOf(canvasElement, 'b').querySelector('.hf-row-state')).toHaveTextContent(
      '等待中 · 2 分钟前',
    )
    await expect(rowOf(canvasElement, 'c').querySelector('.hf-row-state')).toHaveTextContent(
      '未发送：其他人已更改此内容',
    )
  },
}

export const RightToLeft: Story = {
  ...still(SILENT.online, list, EVERY_ROW),
  name: 'ux-34: From right to left: mirrored, and each label in its own direction',
  globals: RIGHT_TO_LEFT,
  async play({ canvasElement }) {
    const row = rowOf(canvasElement, 'c')
    const start = (selector: string) => startOf(row.querySelector(selector)!)
    await expect(start('.hf-icon')).toBeLessThan(start('.hf-row-title'))
    // Where it is narrow they begin below the title, at its edge.
    await expect(start('.hf-row-title')).toBeLessThanOrEqual(start('.hf-row-actions'))
    const direction = (id: string) =>
      getComputedStyle(rowOf(canvasElement, id).querySelector('.hf-row-title')!).direction
    await expect([direction('a'), direction('h')]).toEqual(['ltr', 'rtl'])
  },
}

export const Empty: Story = { ...still(SILENT.online, list), name: 'Empty' }

export const Narrow: Story = {
  ...still(
    SILENT.online,
    (locale, args) =>
      h('div', { class: 'matrix', 'data-width': 320 }, [h(QueuedActionList, { ...args, locale })]),
    EVERY_ROW,
  ),
  name: 'ux-30, ux-31: In 320 px nothing overflows, and every target is at least 24 px',
  async play({ canvasElement, canvas }) {
    const wide = [...canvasElement.querySelectorAll('.hf-row')].filter(
      (row) => row.scrollWidth > row.clientWidth,
    )
    await expect(wide).toEqual([])
    await expect(canvas.getAllByRole('button').filter((button) => button.offsetHeight < 24)).toEqual([])
    const [retry, discard] = [...canvasElement.querySelectorAll('.hf-queue-head button')].map((button) =>
      button.getBoundingClientRect(),
    )
    await expect(retry!.left).toBe(headingOf(canvasElement).getBoundingClientRect().left)
    await expect(discard!.top).toBe(retry!.top)
  },
}

export const Sent: Story = {
  ...still(SILENT.online, list, A_FEW_ROWS),
  name: 'A sent change stays for two seconds',
  async play(context) {
    const { fixed, queue } = handlesOf(context)
    queue.confirm('b')
    await waitFor(() => expect(rowOf(context.canvasElement, 'b')).toHaveAttribute('data-state', 'sent'))
    await fixed.clock.advance(1999)
    await expect(rowOf(context.canvasElement, 'b')).not.toBeNull()
    await fixed.clock.advance(1)
    await waitFor(() => expect(rowOf(context.canvasElement, 'b')).toBeNull())
  },
}

/** What a server may say, and a person must not meet as anything but words. */
const MARKUP = '<img src="x" onerror="alert(1)"><b>At most 500</b>'

export const Markup: Story = {
  ...still(SILENT.online, list, [
    {
      ...EVERY_ROW[3]!,
      label: MARKUP,
      state: { name: 'failed', why: 'rejected', status: 422, detail: MARKUP },
    },
  ]),
  name: 'I39: Labels and the server’s words are text, never markup',
  async play({ canvasElement }) {
    const row = rowOf(canvasElement, 'd')
    await expect(row.querySelectorAll('img, b')).toHaveLength(0)
    await expect(row.querySelector('.hf-row-title')!.textContent).toContain(MARKUP)
    await expect(row.querySelector('.hf-row-state')!.textContent).toContain(MARKUP)
  },
}

export const DiscardOne: Story = {
  ...still(SILENT.online, list, A_FEW_ROWS),
  name: 'ux-43, ux-44: Discard one by keyboard: it asks first, and the focus goes to the next row',
  async play({ canvasElement, loaded }) {
    const { queue } = handlesOf({ loaded })
    lastButton(rowOf(canvasElement, 'b')).focus()
    await userEvent.keyboard('{Enter}')
    const [keep, discard] = within(rowOf(canvasElement, 'b')).getAllByRole('button')
    await waitFor(() => expect(keep).toHaveFocus())
    await expect(queue.asked).toEqual([])
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(lastButton(rowOf(canvasElement, 'b'))).toHaveFocus())
    await expect(discard).not.toBeInTheDocument()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(within(rowOf(canvasElement, 'b')).getAllByRole('button')[0]).toHaveFocus())
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(rowOf(canvasElement, 'c')).toHaveFocus())
    await expect(queue.asked).toEqual(['discard b'])
  },
}

export const DiscardTheLast: Story = {
  ...still(SILENT.online, list, A_FEW_ROWS),
  name: 'ux-44: Discard the last one: the focus goes to the heading',
  async play({ canvasElement }) {
    lastButton(rowOf(canvasElement, 'z')).focus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(within(rowOf(canvasElement, 'z')).getAllByRole('button')[0]).toHaveFocus())
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(headingOf(canvasElement)).toHaveFocus())
  },
}

export const DiscardAll: Story = {
  ...still(SILENT.online, list, A_FEW_ROWS),
  name: 'ux-43: Discard all by keyboard: it asks first, and the harmless answer has the focus',
  async play({ canvasElement, loaded }) {
    const { queue } = handlesOf({ loaded })
    const head = canvasElement.querySelector<HTMLElement>('.hf-queue-head')!
    lastButton(head).focus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(within(head).getAllByRole('button')[0]).toHaveFocus())
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(lastButton(head)).toHaveFocus())
    await expect(queue.asked).toEqual([])
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(within(head).getAllByRole('button')[0]).toHaveFocus())
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(headingOf(canvasElement)).toHaveFocus())
    await expect(queue.asked).toEqual(['discardAll'])
  },
}

export const NothingToDiscard: Story = {
  ...still(SILENT.online, list, ON_THE_WAY),
  name: 'What is on its way cannot be discarded, alone or with all',
  async play({ canvas }) {
    await expect(canvas.queryAllByRole('button')).toEqual([])
  },
}

export const DiscardSome: Story = {
  ...still(SILENT.online, list, [...ON_THE_WAY, EVERY_ROW[1]!]),
  name: 'Discard all counts what it will discard, and stops asking when there is nothing left',
  async play({ canvasElement, loaded, globals }) {
    const words = localeOf(globals)
    const head = canvasElement.querySelector<HTMLElement>('.hf-queue-head')!
    await userEvent.click(lastButton(head))
    await expect(headingOf(canvasElement)).toHaveTextContent(fill(words, words.list.askAll, { count: 1 }))
    await waitFor(() => expect(within(head).getAllByRole('button')[0]).toHaveFocus())
    handlesOf({ loaded }).queue.confirm('b')
    await waitFor(() => expect(headingOf(canvasElement)).toHaveFocus())
    await expect(headingOf(canvasElement)).toHaveTextContent(fill(words, words.list.count, { count: 2 }))
    await expect(within(head).queryAllByRole('button')).toEqual([])
  },
}

export const Retry: Story = {
  ...still(SILENT.online, list, EVERY_ROW),
  name: 'ux-43: Retry one, then all that failed, by keyboard',
  async play({ canvasElement, loaded }) {
    const { queue } = handlesOf({ loaded })
    within(rowOf(canvasElement, 'd')).getAllByRole('button')[0]!.focus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(rowOf(canvasElement, 'd')).toHaveAttribute('data-state', 'queued'))
    await expect(rowOf(canvasElement, 'd')).toHaveFocus()
    canvasElement.querySelector<HTMLElement>('.hf-queue-head button')!.focus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(headingOf(canvasElement)).toHaveFocus())
    await expect(queue.asked).toEqual(['retry d', 'retryFailed'])
  },
}

export const Unconfirmed: Story = {
  ...still(SILENT.online, list, EVERY_ROW),
  name: 'Unconfirmed: the person says that it was saved',
  async play({ canvasElement, loaded }) {
    await userEvent.click(within(rowOf(canvasElement, 'g')).getAllByRole('button')[0]!)
    await waitFor(() => expect(rowOf(canvasElement, 'g')).toBeNull())
    await expect(handlesOf({ loaded }).queue.asked).toEqual(['markSaved g'])
  },
}
