import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { defineComponent, h, ref, type Ref } from 'vue'
import { expect, fn, userEvent, waitFor } from 'storybook/test'
import { RetryModal, StatusBar, type Locale } from '../../src/components/index.js'
import { handlesOf, localeOf, still } from '../support/still.js'
import { bar, settled } from './bars.js'
import { MODALS } from './modals.js'
import { BARS, SILENT } from './phases.js'
import './matrix.css'

/** Where the bar stands, and who opens and closes it. */
const meta = {
  title: 'Components/StatusBar/Placement',
  component: StatusBar,
  args: { onReview: fn(), onSignIn: fn(), onCopy: fn(), onDetails: fn() },
  // Over a page of documentation they would lie one above the other.
  tags: ['!autodocs'],
} satisfies Meta<typeof StatusBar>

export default meta
type Story = StoryObj<typeof meta>

const lines = (count: number) =>
  h(
    'div',
    { class: 'page-text centred' },
    Array.from({ length: count }, (_, line) => h('p', [h('a', { href: '#' }, `Line ${line + 1}`)])),
  )
const longPage = (locale: Locale, args: Record<string, unknown>) => [bar(locale, args), lines(40)]

/** Goes back through the page link by link, as Shift+Tab does; names those that the bar covers. */
async function hiddenOnTheWayUp(root: HTMLElement): Promise<string[]> {
  const hidden: string[] = []
  for (const link of [...root.querySelectorAll<HTMLElement>('a')].toReversed()) {
    link.focus()
    await new Promise<void>((next) => requestAnimationFrame(() => next()))
    const [ours, theirs] = [root.querySelector('.hf-bar')!, link].map((one) => one.getBoundingClientRect())
    const isBeside = theirs!.right < ours!.left || theirs!.left > ours!.right
    if (!isBeside && theirs!.top < ours!.bottom && theirs!.bottom > ours!.top)
      hidden.push(link.textContent ?? '')
  }
  return hidden
}

export const Flow: Story = {
  ...still(BARS.disconnected, longPage),
  name: 'In flow: scrolls away with the page',
  async play({ canvasElement }) {
    await settled(canvasElement)
    scrollTo(0, 400)
    await waitFor(() =>
      expect(canvasElement.querySelector('.hf-bar')!.getBoundingClientRect().bottom).toBeLessThan(0),
    )
  },
}

export const Sticky: Story = {
  ...still(BARS.disconnected, longPage),
  args: { placement: 'sticky' },
  name: 'ux-35: Sticky: stays at the top, and never hides what has the focus',
  async play({ canvasElement }) {
    await settled(canvasElement)
    await expect(await hiddenOnTheWayUp(canvasElement)).toEqual([])
    scrollTo(0, 400)
    await waitFor(() => expect(canvasElement.querySelector('.hf-bar')!.getBoundingClientRect().top).toBe(0))
  },
}

export const Floating: Story = {
  ...still(BARS.disconnected, longPage),
  args: { placement: 'floating' },
  name: 'ux-35: Floating: over the page, and goes to the other edge rather than hide what has the focus',
  async play({ canvasElement }) {
    await settled(canvasElement)
    const frame = canvasElement.querySelector<HTMLElement>('.hf-frame')!
    await expect(getComputedStyle(frame).position).toBe('fixed')
    await expect(await hiddenOnTheWayUp(canvasElement)).toEqual([])
    await expect(frame).toHaveAttribute('data-dodging')
    await expect(innerHeight - frame.getBoundingClientRect().bottom).toBe(12)
  },
}

export const PanelDodges: Story = {
  ...still({ ...MODALS.disconnected, surface: 'panel' }, (locale) => [lines(40), h(RetryModal, { locale })]),
  name: 'ux-35: A panel goes to the other edge rather than hide what has the focus',
  async play({ canvasElement, canvas }) {
    const panel = await canvas.findByRole('dialog')
    await waitFor(() => expect(panel.getAnimations()).toHaveLength(0))
    const before = panel.getBoundingClientRect()
    const covered = [...canvasElement.querySelectorAll<HTMLElement>('a')].find((link) => {
      const { top, bottom } = link.getBoundingClientRect()
      return top > before.top && bottom < before.bottom
    })!
    // Text at the end of the page is below it, wherever the page is wide.
    covered.closest('p')!.classList.add('at-the-end')
    covered.focus({ preventScroll: true })
    await waitFor(() => {
      const [ours, theirs] = [panel, covered].map((one) => one.getBoundingClientRect())
      expect(panel).toHaveAttribute('data-dodging')
      expect(theirs!.top < ours!.bottom && theirs!.bottom > ours!.top).toBe(false)
    })
  },
}

/** A parent that binds `v-model:open`, with a button outside to turn it. */
const bound = (show: (locale: Locale, open: Ref<boolean>) => ReturnType<typeof h>) => (locale: Locale) =>
  h(
    defineComponent(() => {
      const open = ref(false)
      return () => [
        show(locale, open),
        h('div', { class: 'page-text' }, [
          h('p', { class: 'said' }, `open: ${open.value}`),
          h(
            'button',
            { class: 'hf-button turn', 'data-kind': 'line', onClick: () => (open.value = !open.value) },
            'Turn',
          ),
        ]),
      ]
    }),
  )
const model = (locale: Locale, open: Ref<boolean>) => ({
  locale,
  open: open.value,
  'onUpdate:open': (is: boolean | undefined) => (open.value = is ?? false),
})
const says = (root: HTMLElement, open: boolean) =>
  waitFor(() => expect(root.querySelector('.said')!.textContent).toBe(`open: ${open}`))
const turn = (root: HTMLElement) => userEvent.click(root.querySelector<HTMLElement>('.turn')!)

export const BarOpen: Story = {
  ...still(
    SILENT.online,
    bound((locale, open) => h(StatusBar, model(locale, open))),
  ),
  name: 'v-model:open of the bar: told by the status, hidden from outside until the next phase',
  async play(context) {
    const { canvasElement } = context
    const { fixed } = handlesOf(context)
    await says(canvasElement, false)
    fixed.show(BARS.reconnecting)
    await says(canvasElement, true)
    await turn(canvasElement)
    await says(canvasElement, false)
    await waitFor(() => expect(canvasElement.querySelector('.hf-bar')).toBeNull())
    fixed.show({ attempt: 'waiting' })
    await says(canvasElement, false)
    await turn(canvasElement)
    await says(canvasElement, true)
    await turn(canvasElement)
    await says(canvasElement, false)
    fixed.show(BARS.recovered)
    await says(canvasElement, true)
    fixed.show(BARS.slow)
    await turn(canvasElement)
    await says(canvasElement, false)
    await expect(fixed.events).toContainEqual({ type: 'DISMISS' })
    // There is nothing to be shown.
    fixed.show(SILENT.online)
    await turn(canvasElement)
    await says(canvasElement, false)
  },
}

export const ModalOpen: Story = {
  ...still(
    SILENT.online,
    bound((locale, open) => h(RetryModal, model(locale, open))),
  ),
  name: 'v-model:open of the dialog: told by the status; false is "Keep working", true opens it by hand in an outage',
  async play(context) {
    const { canvasElement, canvas } = context
    const { fixed } = handlesOf(context)
    await turn(canvasElement)
    await says(canvasElement, false)
    fixed.show(MODALS.disconnected)
    await says(canvasElement, true)
    canvasElement.querySelector<HTMLElement>('.turn')!.click()
    await says(canvasElement, false)
    await expect(fixed.events.filter(({ type }) => type === 'DISMISS')).toHaveLength(1)
    fixed.show({ ...BARS.disconnected, since: 0 })
    await turn(canvasElement)
    const dialog = await canvas.findByRole('alertdialog')
    await says(canvasElement, true)
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(dialog).not.toHaveAttribute('open'))
    await says(canvasElement, false)
    await expect(fixed.events.filter(({ type }) => type === 'DISMISS')).toHaveLength(1)
    await turn(canvasElement)
    await canvas.findByRole('alertdialog')
    fixed.show(BARS.recovered)
    await says(canvasElement, false)
    await expect(localeOf(context.globals).bar.label).not.toBe('')
  },
}
