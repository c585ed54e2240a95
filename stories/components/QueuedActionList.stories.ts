import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { h } from 'vue'
import { expect, fn, userEvent, waitFor, within } from 'storybook/test'
import { QueuedActionList, type Locale } from '../../src/components/index.js'
import { A_FEW_ROWS, EVERY_ROW } from '../support/fixed-queue.js'
import { CHINESE, handlesOf, RIGHT_TO_LEFT, still } from '../support/still.js'
import { SILENT } from './phases.js'
import './matrix.css'

const meta = {
  title: 'Components/QueuedActionList',
  component: QueuedActionList,
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

export const EveryState: Story = { ...still(SILENT.online, list, EVERY_ROW) }
export const WithReview: Story = { ...still(SILENT.online, list, EVERY_ROW), args: { onReview: fn() } }
export const Chinese: Story = {
  ...still(SILENT.online, list, EVERY_ROW),
  name: 'In Chinese (ux-36)',
  globals: CHINESE,
  async play({ canvasElement }) {
    await expect(headingOf(canvasElement)).toHaveTextContent('8 项修改待发送')
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
  name: 'From right to left (ux-34: mirrored; each label in its own direction)',
  globals: RIGHT_TO_LEFT,
  async play({ canvasElement }) {
    const row = rowOf(canvasElement, 'c')
    const left = (selector: string) => row.querySelector(selector)!.getBoundingClientRect().left
    await expect(left('.hf-icon')).toBeGreaterThan(left('.hf-row-title'))
    await expect(left('.hf-row-title')).toBeGreaterThan(left('.hf-row-actions'))
    const direction = (id: string) =>
      getComputedStyle(rowOf(canvasElement, id).querySelector('.hf-row-title bdi')!).direction
    await expect([direction('a'), direction('h')]).toEqual(['ltr', 'rtl'])
  },
}

export const Empty: Story = { ...still(SILENT.online, list) }

export const Narrow: Story = {
  ...still(
    SILENT.online,
    (locale, args) =>
      h('div', { class: 'matrix', 'data-narrow': '' }, [h(QueuedActionList, { ...args, locale })]),
    EVERY_ROW,
  ),
  name: 'In 320 px (ux-30: nothing overflows; ux-31: every target is at least 24 px)',
  async play({ canvasElement, canvas }) {
    const wide = [...canvasElement.querySelectorAll('.hf-row')].filter(
      (row) => row.scrollWidth > row.clientWidth,
    )
    await expect(wide).toEqual([])
    await expect(canvas.getAllByRole('button').filter((button) => button.offsetHeight < 24)).toEqual([])
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

export const DiscardOne: Story = {
  ...still(SILENT.online, list, A_FEW_ROWS),
  name: 'Discard one by keyboard (ux-43: asks first; ux-44: the focus goes to the next row)',
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
  name: 'Discard the last one (ux-44: the focus goes to the heading)',
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
  name: 'Discard all by keyboard (ux-43: asks first, and the harmless answer has the focus)',
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

export const Retry: Story = {
  ...still(SILENT.online, list, EVERY_ROW),
  name: 'Retry one, then all that failed, by keyboard (ux-43)',
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
