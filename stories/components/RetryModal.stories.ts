import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { h } from 'vue'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { RetryModal, StatusBar, type Locale } from '../../src/components/index.js'
import { CHINESE, handlesOf, localeOf, RIGHT_TO_LEFT, still } from '../support/still.js'
import { MODALS } from './modals.js'
import { BARS, SILENT } from './phases.js'
import './matrix.css'

const meta = {
  title: 'Components/RetryModal',
  component: RetryModal,
  // On a page of documentation ten dialogs would be open at once.
  parameters: { docs: { story: { inline: false, height: '440px' } } },
} satisfies Meta<typeof RetryModal>

export default meta
type Story = StoryObj<typeof meta>

const page = (locale: Locale, args: Record<string, unknown>) => [
  h(StatusBar, { locale }),
  h('div', { class: 'page-text' }, [
    h('p', 'The page stays legible behind the dialog: it is dimmed and not blurred.'),
    h('label', ['Note ', h('input', { value: 'abcdefg' })]),
  ]),
  h(RetryModal, { ...args, locale }),
]

const dialogOf = (root: HTMLElement) => within(root).findByRole('alertdialog')
const inputOf = (root: HTMLElement) => root.querySelector('input')!

export const Disconnected: Story = {
  ...still(MODALS.disconnected, page),
  name: 'B11, ux-28: Disconnected: an alertdialog with name and description; the heading has the focus',
  async play({ canvasElement }) {
    const dialog = await dialogOf(canvasElement)
    await expect(dialog).toHaveAccessibleName()
    await expect(dialog).toHaveAccessibleDescription()
    await expect(within(dialog).getByRole('heading')).toHaveFocus()
    const buttons = within(dialog).getAllByRole('button')
    await expect(buttons.map((button) => button.dataset['action'])).toEqual(['retry', 'keep-working'])
  },
}

export const NothingWaiting: Story = { ...still(MODALS.nothingWaiting, page), name: 'Nothing waits' }
export const KeptInThisTabOnly: Story = { ...still(MODALS.inTab, page), name: 'Kept in this tab only' }
export const Trying: Story = {
  ...still(MODALS.trying, page),
  name: 'ux-13: Trying, and the attempt takes long',
  async play(context) {
    const dialog = await dialogOf(context.canvasElement)
    const retry = within(dialog).getAllByRole('button')[0]!
    await expect(retry).not.toHaveAttribute('aria-disabled')
    await handlesOf(context).fixed.clock.advance(600)
    await waitFor(() => expect(retry).toHaveAttribute('aria-disabled', 'true'))
    const { trying } = localeOf(context.globals).modal
    await expect(within(dialog).getByRole('timer')).toHaveTextContent(trying)
  },
}
export const Device: Story = { ...still(MODALS.device, page), name: 'The device has no network' }
export const Portal: Story = { ...still(MODALS.portal, page), name: 'The network asks for a sign-in' }
export const CannotConnect: Story = { ...still(MODALS.cannotConnect, page), name: 'Cannot connect' }
export const Overdue: Story = { ...still(MODALS.overdue, page), name: 'Longer than was announced' }
export const GaveUp: Story = { ...still(MODALS.gaveUp, page), name: 'Gave up' }

export const Chinese: Story = {
  ...still(MODALS.disconnected, page),
  name: 'ux-36: In Chinese',
  globals: CHINESE,
  async play({ canvasElement }) {
    const dialog = await dialogOf(canvasElement)
    await expect(dialog).toHaveAccessibleName('无法连接到服务器')
    await expect(dialog).toHaveAccessibleDescription(
      '网络不稳定，请检查连接。您可以继续阅读；3 项修改已保存在此设备上，恢复连接后将自动发送。',
    )
  },
}

export const RightToLeft: Story = {
  ...still(MODALS.disconnected, page),
  name: 'ux-34: From right to left: the icon and the buttons are mirrored',
  globals: RIGHT_TO_LEFT,
  async play({ canvasElement }) {
    const dialog = await dialogOf(canvasElement)
    const left = (selector: string) => dialog.querySelector(selector)!.getBoundingClientRect().left
    await expect(left('.hf-disc')).toBeGreaterThan(left('h2'))
    await expect(left('[data-action=keep-working]')).toBeGreaterThan(left('[data-action=retry]'))
  },
}

/** In the modal's place: the page stays usable, and nobody loses the focus. */
export const Panel: Story = {
  ...still(SILENT.grace, page),
  name: 'ux-23: A panel takes no focus, and nothing is inert',
  async play(context) {
    const input = inputOf(context.canvasElement)
    input.focus()
    handlesOf(context).fixed.show({ ...MODALS.disconnected, surface: 'panel' })
    await within(context.canvasElement).findByRole('dialog')
    await expect(input).toHaveFocus()
  },
}

export const Escape: Story = {
  ...still(SILENT.grace, page),
  name: 'ux-18, ux-21: The first Escape leads back to work, with focus and selection as before',
  async play(context) {
    const { fixed } = handlesOf(context)
    const input = inputOf(context.canvasElement)
    input.focus()
    for (let time = 1; time <= 3; time++) {
      input.setSelectionRange(2, 5)
      fixed.show(MODALS.disconnected)
      const dialog = await dialogOf(context.canvasElement)
      await waitFor(() => expect(within(dialog).getByRole('heading')).toHaveFocus())
      await userEvent.keyboard('{Escape}')
      await waitFor(() => expect(dialog).not.toHaveAttribute('open'))
      await expect(fixed.events.filter(({ type }) => type === 'DISMISS')).toHaveLength(time)
      await expect(input).toHaveFocus()
      await expect([input.selectionStart, input.selectionEnd]).toEqual([2, 5])
    }
  },
}

export const Backdrop: Story = {
  ...still(MODALS.disconnected, page),
  name: 'ux-19: A click beside the dialog does nothing',
  async play(context) {
    const dialog = await dialogOf(context.canvasElement)
    await userEvent.click(dialog)
    await userEvent.pointer({ keys: '[MouseLeft]', target: dialog, coords: { x: 2, y: 2 } })
    await expect(dialog).toHaveAttribute('open')
    await expect(handlesOf(context).fixed.events).not.toContainEqual({ type: 'DISMISS' })
  },
}

export const Typing: Story = {
  ...still(SILENT.grace, page),
  name: 'ux-17: Opening under a typing hand: no key presses a button',
  async play(context) {
    const { fixed } = handlesOf(context)
    const input = inputOf(context.canvasElement)
    await userEvent.type(input, 'hi')
    const typed = () => fixed.events.filter(({ type }) => type === 'TYPED').length
    const before = typed()
    await expect(before).toBeGreaterThan(0)
    fixed.show(MODALS.disconnected)
    const dialog = await dialogOf(context.canvasElement)
    await waitFor(() => expect(within(dialog).getByRole('heading')).toHaveFocus())
    await userEvent.keyboard('de f{Enter} ')
    await expect(fixed.asked).toEqual([])
    await expect(dialog).toHaveAttribute('open')
    await expect(input).toHaveValue('abcdefghi')
    await expect(typed()).toBe(before)
  },
}

export const OpenerIsGone: Story = {
  ...still(SILENT.grace, page),
  name: 'ux-21: The opener is gone: the focus goes to the button of the bar',
  async play(context) {
    const { fixed } = handlesOf(context)
    const input = inputOf(context.canvasElement)
    input.focus()
    fixed.show(MODALS.disconnected)
    const dialog = await dialogOf(context.canvasElement)
    await waitFor(() => expect(within(dialog).getByRole('heading')).toHaveFocus())
    input.remove()
    await userEvent.click(within(dialog).getAllByRole('button')[1]!)
    const button = await within(context.canvasElement).findByRole('button')
    await waitFor(() => expect(button).toHaveFocus())
  },
}

export const Speaks: Story = {
  ...still(MODALS.disconnected, page),
  name: 'ux-27: What is announced is in the dialog while the page is inert',
  async play(context) {
    const dialog = await dialogOf(context.canvasElement)
    const { fixed } = handlesOf(context)
    fixed.announce({ politeness: 'polite', message: { key: 'recovered', params: {} } })
    await waitFor(() => expect(within(dialog).getByRole('status')).not.toBeEmptyDOMElement())
    fixed.show(BARS.recovered)
    await waitFor(() => expect(dialog).not.toHaveAttribute('open'))
    fixed.announce({ politeness: 'polite', message: { key: 'unstable', params: {} } })
    await waitFor(() =>
      expect(context.canvasElement.querySelector('.hf-frame [role=status]')).not.toBeEmptyDOMElement(),
    )
  },
}

export const Countdown: Story = {
  ...still(MODALS.disconnected, page),
  name: 'ux-25, ux-13: Countdown and Try now',
  async play(context) {
    const { fixed } = handlesOf(context)
    const dialog = await dialogOf(context.canvasElement)
    const timer = within(dialog).getByRole('timer')
    await expect(timer.textContent).toMatch(/8/)
    await fixed.clock.advance(1000)
    await waitFor(() => expect(timer.textContent).toMatch(/7/))
    const retry = within(dialog).getAllByRole('button')[0]!
    await userEvent.click(retry)
    await expect(fixed.asked).toEqual(['RETRY_NOW'])
    await waitFor(() => expect(retry).toHaveAttribute('aria-disabled', 'true'))
    await expect(retry).toHaveFocus()
  },
}
