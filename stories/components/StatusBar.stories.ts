import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { h } from 'vue'
import { expect, fn, userEvent, waitFor, within } from 'storybook/test'
import { StatusBar, type Locale } from '../../src/components/index.js'
import {
  CHINESE,
  handlesFor,
  handlesOf,
  localeOf,
  RIGHT_TO_LEFT,
  still,
  stillPart,
} from '../support/still.js'
import { BARS, SILENT } from './phases.js'
import './matrix.css'

const meta = {
  title: 'Components/StatusBar',
  component: StatusBar,
  args: { onReview: fn(), onSignIn: fn(), onCopy: fn(), onDetails: fn() },
} satisfies Meta<typeof StatusBar>

export default meta
type Story = StoryObj<typeof meta>

const bar = (locale: Locale, args: Record<string, unknown>) => h(StatusBar, { ...args, locale })
const live = (root: HTMLElement) => [
  ...root.querySelectorAll('.hf-frame [role=status], .hf-frame [role=alert]'),
]

export const Connecting: Story = { ...still(BARS.connecting, bar) }
export const CannotConnect: Story = { ...still(BARS.cannotConnect, bar) }
export const Slow: Story = { ...still(BARS.slow, bar) }
export const Reconnecting: Story = { ...still(BARS.reconnecting, bar) }
export const ReconnectingInThisTabOnly: Story = { ...still(BARS.reconnectingInTab, bar) }
export const ReconnectingWaiting: Story = { ...still(BARS.reconnectingWaiting, bar) }
export const Disconnected: Story = { ...still(BARS.disconnected, bar) }
export const DisconnectedDevice: Story = { ...still(BARS.disconnectedDevice, bar) }
export const DisconnectedPortal: Story = { ...still(BARS.disconnectedPortal, bar) }
export const Maintenance: Story = { ...still(BARS.maintenance, bar) }
export const MaintenanceWithoutEstimate: Story = { ...still(BARS.maintenanceNoEstimate, bar) }
export const Overdue: Story = { ...still(BARS.overdue, bar) }
export const AuthRequired: Story = { ...still(BARS.authRequired, bar) }
export const SessionLost: Story = { ...still(BARS.sessionLost, bar) }
export const Resyncing: Story = { ...still(BARS.resyncing, bar) }
export const WaitingToSend: Story = { ...still(BARS.waitingToSend, bar) }
export const Attention: Story = { ...still(BARS.attention, bar) }
export const ResyncFailed: Story = { ...still(BARS.resyncFailed, bar) }
export const Recovered: Story = { ...still(BARS.recovered, bar) }
export const Unstable: Story = { ...still(BARS.unstable, bar) }
export const OfflineByChoice: Story = { ...still(BARS.offlineByChoice, bar) }
export const GaveUp: Story = { ...still(BARS.gaveUp, bar) }

const nothingShows: NonNullable<Story['play']> = async ({ canvasElement }) => {
  await expect(canvasElement.querySelector('.hf-bar')).toBeNull()
  await expect(live(canvasElement).map((region) => region.textContent)).toEqual(['', ''])
}

/** All is well: two empty live regions, and nothing to be seen. */
export const Online: Story = { ...still(SILENT.online, bar), play: nothingShows }

/** Just lost: still nothing. */
export const Grace: Story = { ...still(SILENT.grace, bar), play: nothingShows }

export const Syncing: Story = {
  ...still(BARS.syncing, bar),
  name: 'Syncing (ux-45: the progress says 3 of 7)',
  async play({ canvas }) {
    const progress = canvas.getByRole('progressbar')
    await expect(progress).toHaveProperty('value', 3)
    await expect(progress).toHaveProperty('max', 7)
    await expect(progress).toHaveAccessibleName()
  },
}

/** A page has one bar; where a story has more, they have the same name. */
const MANY = { a11y: { config: { rules: [{ id: 'landmark-unique', enabled: false }] } } }

/** Every bar there is. */
export const AllPhases: Story = {
  parameters: MANY,
  name: 'All phases (ux-31: every target is at least 24 px)',
  render: (args, { globals }) => ({
    render: () => h('div', { class: 'matrix' }, everyBar(localeOf(globals), args)),
  }),
  async play({ canvas }) {
    const small = canvas.getAllByRole('button').filter((button) => {
      const { width, height } = button.getBoundingClientRect()
      return width < 24 || height < 24
    })
    await expect(small).toEqual([])
  },
}

export const Chinese: Story = {
  ...AllPhases,
  name: 'All phases, in Chinese (ux-36)',
  globals: CHINESE,
  async play({ canvasElement }) {
    const bars = [...canvasElement.querySelectorAll<HTMLElement>('.hf-bar')]
    await expect(bars.filter((one) => !/\p{Script=Han}/u.test(one.textContent ?? ''))).toEqual([])
    await expect(bars.filter((one) => /[a-z]{3}/i.test(one.textContent ?? ''))).toEqual([])
    await expect(bars.filter((one) => one.scrollWidth > one.clientWidth)).toEqual([])
  },
}

export const RightToLeft: Story = {
  ...AllPhases,
  name: 'All phases, from right to left (ux-34: accent, icon and buttons are mirrored)',
  globals: RIGHT_TO_LEFT,
  async play({ canvasElement }) {
    const at = (element: Element) => element.getBoundingClientRect()
    for (const one of canvasElement.querySelectorAll<HTMLElement>('.hf-bar')) {
      await expect(getComputedStyle(one, '::before').right).toBe('0px')
      const [icon, text] = [one.querySelector('.hf-icon')!, one.querySelector('.hf-messages')!]
      await expect(at(icon).left).toBeGreaterThanOrEqual(at(text).right)
      const buttons = one.querySelector('.hf-actions')
      if (buttons) await expect(at(buttons).right).toBeLessThanOrEqual(at(text).left)
    }
  },
}

/** In 320 px: buttons one below the other, and the same height for what is usually said. */
export const Narrow: Story = {
  parameters: MANY,
  name: 'In 320 px (ux-30: nothing overflows; ux-9: phases do not change the height)',
  render: (args, { globals }) => ({
    render: () => h('div', { class: 'matrix', 'data-narrow': '' }, everyBar(localeOf(globals), args)),
  }),
  async play({ canvasElement }) {
    const bars = [...canvasElement.querySelectorAll<HTMLElement>('.hf-bar')]
    await waitFor(() =>
      expect(bars.every((one) => one.getAnimations({ subtree: true }).length < 2)).toBe(true),
    )
    await expect(bars.filter((one) => one.scrollWidth > one.clientWidth)).toEqual([])
    const usual = ['grace', 'reconnecting', 'maintenance', 'syncing', 'recovered']
    const heights = bars.filter((one) => usual.includes(one.dataset['phase']!)).map((one) => one.offsetHeight)
    await expect(new Set(heights).size).toBe(1)
  },
}

function everyBar(locale: Locale, args: object) {
  return Object.entries(BARS).map(([name, view]) => [
    h('h3', name),
    h(stillPart(handlesFor(view), () => bar(locale, { ...args }))),
  ])
}

export const TryNow: Story = {
  ...still(BARS.reconnectingWaiting, bar),
  name: 'Try now (ux-13: tells at once that it tries, and keeps the focus)',
  async play(context) {
    const { fixed } = handlesOf(context)
    const button = within(context.canvasElement).getByRole('button')
    const width = button.offsetWidth
    await userEvent.click(button)
    await expect(fixed.asked).toEqual(['RETRY_NOW'])
    await waitFor(() => expect(button).toHaveAttribute('aria-disabled', 'true'))
    await expect(button).toHaveFocus()
    await expect(button).toBeEnabled()
    await expect(button.offsetWidth).toBe(width)
    fixed.show({ attempt: 'waiting', nextAttemptAt: fixed.clock.now() + 5000 })
    await fixed.clock.advance(600)
    await waitFor(() => expect(button).not.toHaveAttribute('aria-disabled'))
  },
}

export const Countdown: Story = {
  ...still(BARS.reconnectingWaiting, bar),
  name: 'Countdown (ux-25: shown each second, announced never)',
  async play(context) {
    const { fixed } = handlesOf(context)
    const timer = within(context.canvasElement).getByRole('timer')
    const shown: (string | null)[] = []
    for (let second = 0; second < 5; second++) {
      shown.push(timer.textContent?.replace(/\D/g, '') ?? null)
      await fixed.clock.advance(1000)
    }
    await expect(shown).toEqual(['5', '4', '3', '2', '1'])
    await expect(live(context.canvasElement).map((region) => region.textContent)).toEqual(['', ''])
    await expect(fixed.clock.pending()).toBe(0)
  },
}

export const Speaks: Story = {
  ...still(BARS.reconnecting, bar),
  name: 'Speaks (ux-26: empty at first, then a whole sentence, once, in the region of its politeness)',
  async play(context) {
    const { fixed } = handlesOf(context)
    const regions = live(context.canvasElement)
    const spoken = () => regions.map((region) => region.textContent)
    await expect(spoken()).toEqual(['', ''])
    fixed.announce({
      politeness: 'polite',
      message: { key: 'recovered', params: {} },
      detail: { key: 'all-sent', params: { count: 7 } },
    })
    await waitFor(() => expect(spoken()).toEqual(['Back online. All 7 changes sent.', '']))
    fixed.announce({ politeness: 'assertive', message: { key: 'cannot-reach', params: {} } })
    await waitFor(() => expect(spoken()).toEqual(['', 'Can’t reach the server']))
    await expect(live(context.canvasElement)).toEqual(regions)
  },
}

/** Of several services the worst is told about, by its name. */
export const OneOfSeveralServices: Story = {
  ...still({ ...BARS.reconnectingWaiting, service: 'chat' }, bar),
  args: { services: { api: 'Orders', chat: 'Kitchen chat' } },
  async play({ canvas }) {
    await waitFor(() => expect(canvas.getByText('Kitchen chat')).toBeVisible())
  },
}

/** An icon and buttons of the application's own. */
export const Slots: Story = {
  ...still(BARS.reconnectingWaiting, (locale) =>
    h(
      StatusBar,
      { locale },
      {
        icon: ({ icon }: { icon: string }) => h('b', { 'aria-hidden': 'true' }, icon),
        actions: ({ act }: { act: (action: 'retry') => void }) =>
          h('button', { class: 'hf-button', 'data-kind': 'primary', onClick: () => act('retry') }, 'Again'),
      },
    ),
  ),
  async play(context) {
    await waitFor(() => expect(context.canvas.getByText('clock')).toBeVisible())
    await userEvent.click(context.canvas.getByRole('button', { name: 'Again' }))
    await expect(handlesOf(context).fixed.asked).toEqual(['RETRY_NOW'])
  },
}

/** What only the application can do has a button only if it listens; the rest works by itself. */
export const NobodyListens: Story = {
  ...still(BARS.attention, (locale) => h(StatusBar, { locale })),
  async play(context) {
    const { fixed } = handlesOf(context)
    await expect(context.canvas.queryByRole('button')).toBeNull()
    fixed.show({ ...BARS.slow, actions: ['dismiss'] })
    await userEvent.click(await context.canvas.findByRole('button', { name: 'Hide this message' }))
    await expect(fixed.events).toContainEqual({ type: 'DISMISS' })
    await waitFor(() => expect(context.canvas.queryByRole('region')).toBeNull())
  },
}

export const Asks: Story = {
  ...still(BARS.attention, bar),
  name: 'Asks the application: Review, Sign in, Copy my changes, Details',
  async play(context) {
    const { fixed } = handlesOf(context)
    const press = async (name: string) => userEvent.click(await context.canvas.findByRole('button', { name }))
    await press('Review')
    await expect(context.args['onReview']).toHaveBeenCalledOnce()
    fixed.show(BARS.authRequired)
    await press('Sign in')
    await expect(context.args['onSignIn']).toHaveBeenCalledOnce()
    fixed.show(BARS.sessionLost)
    await press('Copy my changes')
    await expect(context.args['onCopy']).toHaveBeenCalledOnce()
    fixed.show(BARS.disconnected)
    await press('Details')
    await expect(context.args['onDetails']).toHaveBeenCalledOnce()
    fixed.show(BARS.offlineByChoice)
    await press('Go online')
    await expect(fixed.asked).toEqual(['online'])
  },
}

/** However many bars there are, one speaks. */
export const TwoBars: Story = {
  ...still(BARS.reconnecting, (locale, args) => [
    h(StatusBar, { ...args, locale }),
    h(StatusBar, { ...args, locale }),
  ]),
  name: 'Two bars (ux-26: a text is spoken once)',
  parameters: MANY,
  async play(context) {
    const regions = live(context.canvasElement)
    await expect(regions.map((region) => region.textContent)).toEqual(['', '', '', ''])
    handlesOf(context).fixed.announce({ politeness: 'polite', message: { key: 'recovered', params: {} } })
    await waitFor(() => expect(regions.filter((region) => region.textContent)).toHaveLength(1))
  },
}

export const MessagesChange: Story = {
  ...still(BARS.reconnecting, bar),
  name: 'Recovering (ux-9: the bar stays where it is and as high as it is; the focus stays in it)',
  async play(context) {
    const { fixed } = handlesOf(context)
    const section = context.canvasElement.querySelector<HTMLElement>('.hf-bar')!
    const height = section.offsetHeight
    within(section).getByRole('button').focus()
    fixed.show({ ...BARS.recovered, actions: [], busy: false })
    await waitFor(() => expect(section).toHaveAttribute('data-phase', 'recovered'))
    await expect(section).toHaveFocus()
    await expect(section.isConnected).toBe(true)
    await expect(section.offsetHeight).toBe(height)
    await expect(fixed.events.at(-1)).toEqual({ type: 'ENGAGED', engaged: true })
  },
}

/** Stays in view; what gets the focus scrolls clear of it. */
export const Sticky: Story = {
  ...still(BARS.disconnected, (locale, args) => [
    bar(locale, args),
    h(
      'div',
      { class: 'page-text' },
      Array.from({ length: 40 }, (_, line) => h('p', [h('a', { href: '#' }, `Line ${line + 1}`)])),
    ),
  ]),
  args: { sticky: true },
  name: 'Sticky (ux-35: never hides what has the focus)',
  async play({ canvasElement }) {
    const links = [...canvasElement.querySelectorAll<HTMLElement>('a')]
    links.at(-1)!.focus()
    const hidden: string[] = []
    for (const link of links.toReversed()) {
      link.focus()
      const under = canvasElement.querySelector('.hf-bar')!.getBoundingClientRect().bottom
      if (link.getBoundingClientRect().top < under && scrollY > 0) hidden.push(link.textContent ?? '')
    }
    await expect(hidden).toEqual([])
  },
}
