import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { h, nextTick } from 'vue'
import { expect, fn, userEvent, waitFor } from 'storybook/test'
import { ConnectionBadge, type Locale } from '../../src/components/index.js'
import { joined, say, fill } from '../../src/components/locales/text.js'
import { NO_QUEUE } from '../support/fixed-status.js'
import {
  CHINESE,
  handlesFor,
  handlesOf,
  localeOf,
  nothingIsRight,
  RIGHT_TO_LEFT,
  still,
  stillPart,
} from '../support/still.js'
import { BARS, SILENT, waiting, type PhaseView } from './phases.js'
import './matrix.css'

const meta = {
  title: 'Components/ConnectionBadge',
  component: ConnectionBadge,
} satisfies Meta<typeof ConnectionBadge>

export default meta
type Story = StoryObj<typeof meta>

const header = (locale: Locale, args: Record<string, unknown>) =>
  h('header', { class: 'app-header' }, [h('b', 'Order desk'), h(ConnectionBadge, { ...args, locale })])

/** What only waits, what needs a person, and every phase that has a bar. */
const STATES: Readonly<Record<string, PhaseView>> = {
  waits: { ...SILENT.online, queue: waiting(3) },
  needsAPerson: { ...SILENT.online, queue: { ...NO_QUEUE, failed: 1, waiting: 2 } },
  many: { ...SILENT.online, queue: waiting(10_000) },
  ...BARS,
}

export const Well: Story = {
  ...still(SILENT.online, (locale, args) => [
    header(locale, args),
    nothingIsRight('all is well, and nothing waits.'),
  ]),
  name: 'All is well: nothing shows',
  async play({ canvasElement }) {
    await expect(canvasElement.querySelector('.hf-badge')).toBeNull()
  },
}

export const Always: Story = {
  ...still(SILENT.online, header),
  name: 'All is well, and it always shows',
  args: { always: true },
  async play({ canvas, globals }) {
    await expect(canvas.getByRole('img')).toHaveAccessibleName(localeOf(globals).badge.online)
  },
}

export const Counts: Story = {
  ...still({ ...BARS.disconnected, queue: { ...NO_QUEUE, waiting: 2, sending: 1, conflict: 1 } }, header),
  name: 'Counts what waits and what needs a person, in one number and in words',
  async play({ canvas, globals }) {
    const words = localeOf(globals)
    const counts = [
      '4',
      fill(words, words.list.count, { count: 3 }),
      fill(words, words.list.needy, { count: 1 }),
    ]
    const badge = canvas.getByRole('img')
    await expect(badge).toHaveAccessibleName(
      joined(words, say(words, BARS.disconnected.title!), counts.join(' · ')),
    )
    await expect(badge.textContent).toBe('4')
  },
}

export const Press: Story = {
  ...still(BARS.reconnecting, header),
  name: 'With a listener it is a button, of at least 24 px, by keyboard, too',
  args: { onPress: fn() },
  async play({ canvas, args }) {
    const button = canvas.getByRole('button')
    await expect(button.offsetHeight).toBeGreaterThanOrEqual(24)
    await expect(button.offsetWidth).toBeGreaterThanOrEqual(24)
    button.focus()
    await userEvent.keyboard('{Enter}')
    await expect(args['onPress']).toHaveBeenCalledOnce()
  },
}

export const Follows: Story = {
  ...still(SILENT.online, header),
  name: 'Comes with what the bar tells of, and goes with it; a change that is sent within a moment does not make it blink',
  async play(context) {
    const { fixed } = handlesOf(context)
    const blinks = fn()
    // Neither does a page that is opened, and connects for the first time.
    for (const calm of [{ queue: waiting(1) }, { ...BARS.connecting, surface: 'none' as const }]) {
      fixed.show(calm)
      await nextTick()
      if (context.canvas.queryByRole('img')) blinks(calm)
    }
    await expect(blinks).not.toHaveBeenCalled()
    fixed.show({ ...BARS.syncing, queue: waiting(1) })
    await expect(await context.canvas.findByRole('img')).toHaveTextContent('1')
    fixed.show({ queue: waiting(120) })
    await expect(await context.canvas.findByText('99+')).toBeVisible()
    fixed.show(SILENT.online)
    await waitFor(() => expect(context.canvas.queryByRole('img')).toBeNull())
  },
}

export const Slots: Story = {
  ...still(BARS.syncing, (locale) =>
    h('header', { class: 'app-header' }, [
      h(
        ConnectionBadge,
        { locale },
        {
          default: ({ view, count }: { view: { phase: string }; count: number }) => `${view.phase} ${count}`,
        },
      ),
    ]),
  ),
  name: 'Slots: the whole status',
  async play({ canvas }) {
    await expect(canvas.getByRole('img')).toHaveTextContent(/^syncing \d+$/)
  },
}

const all = (args: object, locale: Locale) =>
  h(
    'div',
    { class: 'matrix badges' },
    Object.entries(STATES).map(([name, view]) => [
      h('h3', name),
      // Where the bar would tell of nothing only one that is always there is seen.
      h(stillPart(handlesFor(view), () => h(ConnectionBadge, { ...args, locale, always: true }))),
    ]),
  )
const matrix = (extra: object): Story => ({
  render: (args, { globals }) => ({ render: () => all(args, localeOf(globals)) }),
  ...extra,
})

export const EveryState = matrix({ name: 'Every state' })
export const EveryStateAsButtons = matrix({ name: 'Every state, as buttons', args: { onPress: fn() } })
export const Chinese = matrix({ name: 'ux-36: In Chinese', globals: CHINESE })
export const RightToLeft = matrix({ name: 'ux-34: From right to left', globals: RIGHT_TO_LEFT })
