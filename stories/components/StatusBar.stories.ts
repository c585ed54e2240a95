import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { h } from 'vue'
import { expect, fn, waitFor } from 'storybook/test'
import { StatusBar, type Locale } from '../../src/components/index.js'
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
import { bar, heightsOf, live, localeNamed, settled, startOf } from './bars.js'
import { BARS, SILENT } from './phases.js'
import './matrix.css'

const meta = {
  title: 'Components/StatusBar',
  component: StatusBar,
  args: { onReview: fn(), onSignIn: fn(), onCopy: fn(), onDetails: fn() },
} satisfies Meta<typeof StatusBar>

export default meta
type Story = StoryObj<typeof meta>

export const Connecting: Story = { ...still(BARS.connecting, bar) }
export const CannotConnect: Story = { ...still(BARS.cannotConnect, bar), name: 'Cannot connect' }
export const Slow: Story = { ...still(BARS.slow, bar) }
export const Reconnecting: Story = { ...still(BARS.reconnecting, bar) }
export const ReconnectingTrying: Story = {
  ...still(BARS.reconnecting, bar),
  name: 'ux-13: Reconnecting, and the attempt takes long',
  async play(context) {
    const button = context.canvas.getByRole('button')
    await handlesOf(context).fixed.clock.advance(599)
    await expect(button).not.toHaveAttribute('aria-disabled')
    await handlesOf(context).fixed.clock.advance(1)
    await waitFor(() => expect(button).toHaveAttribute('aria-disabled', 'true'))
    await expect(button).toHaveTextContent(localeOf(context.globals).modal.trying)
  },
}
export const ReconnectingInThisTabOnly: Story = {
  ...still(BARS.reconnectingInTab, bar),
  name: 'Reconnecting, kept in this tab only',
}
export const ReconnectingWaiting: Story = {
  ...still(BARS.reconnectingWaiting, bar),
  name: 'Reconnecting, and the next attempt is far',
}
export const Disconnected: Story = { ...still(BARS.disconnected, bar) }
export const DisconnectedDevice: Story = {
  ...still(BARS.disconnectedDevice, bar),
  name: 'Disconnected: the device has no network',
}
export const DisconnectedPortal: Story = {
  ...still(BARS.disconnectedPortal, bar),
  name: 'Disconnected: the network asks for a sign-in',
}
export const Maintenance: Story = { ...still(BARS.maintenance, bar) }
export const MaintenanceWithoutEstimate: Story = {
  ...still(BARS.maintenanceNoEstimate, bar),
  name: 'Maintenance without an estimate',
}
export const Overdue: Story = { ...still(BARS.overdue, bar), name: 'Disconnected: longer than was announced' }
export const AuthRequired: Story = { ...still(BARS.authRequired, bar), name: 'Sign-in needed' }
export const SessionLost: Story = { ...still(BARS.sessionLost, bar), name: 'Session lost' }
export const Resyncing: Story = { ...still(BARS.resyncing, bar) }
export const WaitingToSend: Story = { ...still(BARS.waitingToSend, bar), name: 'Waiting to send' }
export const Attention: Story = { ...still(BARS.attention, bar), name: 'A change needs a person' }
export const ResyncFailed: Story = {
  ...still(BARS.resyncFailed, bar),
  name: 'The latest changes could not be loaded',
}
export const Recovered: Story = { ...still(BARS.recovered, bar) }
export const Unstable: Story = { ...still(BARS.unstable, bar) }
export const OfflineByChoice: Story = { ...still(BARS.offlineByChoice, bar), name: 'Offline by choice' }
export const GaveUp: Story = { ...still(BARS.gaveUp, bar), name: 'Gave up' }

const nothingShows: NonNullable<Story['play']> = async ({ canvasElement }) => {
  await expect(canvasElement.querySelector('.hf-bar')).toBeNull()
  await expect(live(canvasElement).map((region) => region.textContent)).toEqual(['', ''])
}
const barAnd = (why: string) => (locale: Locale, args: Record<string, unknown>) => [
  bar(locale, args),
  nothingIsRight(why),
]

/** Two empty live regions, and nothing to be seen. */
export const Online: Story = {
  ...still(SILENT.online, barAnd('all is well.')),
  name: 'Online: nothing shows',
  play: nothingShows,
}

export const Grace: Story = {
  ...still(
    SILENT.grace,
    barAnd('the connection was lost a moment ago, and most losses are over within a second.'),
  ),
  name: 'ux-1: Grace: nothing shows yet',
  play: nothingShows,
}

export const Syncing: Story = {
  ...still(BARS.syncing, bar),
  name: 'ux-45: Syncing: the progress says 3 of 7',
  async play({ canvas }) {
    const progress = canvas.getByRole('progressbar')
    await expect(progress).toHaveProperty('value', 3)
    await expect(progress).toHaveProperty('max', 7)
    await expect(progress).toHaveAccessibleName()
    // What is heard of it is what is read.
    const read = progress.closest('.hf-bar')?.querySelector('small')?.textContent?.trim()
    await expect(read).toMatch(/3/)
    await expect(progress).toHaveAttribute('aria-valuetext', read)
  },
}

/** Every bar there is, in a box of that width (CSS px); without one, as wide as the page. */
const matrix = (width?: number): Pick<Story, 'render'> => ({
  render: (args, { globals }) => ({
    render: () => h('div', { class: 'matrix', 'data-width': width }, everyBar(localeOf(globals), args)),
  }),
})

function everyBar(locale: Locale, args: object) {
  return Object.entries(BARS).map(([name, view]) => [
    h('h3', name),
    h(stillPart(handlesFor(view), () => bar(localeNamed(locale, name), { ...args }))),
  ])
}

export const AllPhases: Story = {
  ...matrix(),
  name: 'ux-31: All phases: every target is at least 24 px',
  async play({ canvas }) {
    const small = canvas.getAllByRole('button').filter((button) => {
      const { width, height } = button.getBoundingClientRect()
      return width < 24 || height < 24
    })
    await expect(small).toEqual([])
  },
}

export const Chinese: Story = {
  ...matrix(),
  name: 'ux-36: All phases, in Chinese',
  globals: CHINESE,
  async play({ canvasElement }) {
    const bars = [...canvasElement.querySelectorAll<HTMLElement>('.hf-bar')]
    await expect(bars.filter((one) => !/\p{Script=Han}/u.test(one.textContent ?? ''))).toEqual([])
    await expect(bars.filter((one) => /[a-z]{3}/i.test(one.textContent ?? ''))).toEqual([])
    await expect(bars.filter((one) => one.scrollWidth > one.clientWidth)).toEqual([])
  },
}

export const RightToLeft: Story = {
  ...matrix(),
  name: 'ux-34: All phases, from right to left: accent, icon and buttons are mirrored',
  globals: RIGHT_TO_LEFT,
  async play({ canvasElement }) {
    for (const one of canvasElement.querySelectorAll<HTMLElement>('.hf-bar')) {
      await expect(getComputedStyle(one, '::before').right).toBe('0px')
      const [icon, text] = [one.querySelector('.hf-icon')!, one.querySelector('.hf-messages')!]
      await expect(startOf(icon)).toBeLessThan(startOf(text))
      const buttons = one.querySelector('.hf-actions')
      const isBelow = buttons && buttons.getBoundingClientRect().top >= text.getBoundingClientRect().bottom
      if (buttons && !isBelow) await expect(startOf(text)).toBeLessThan(startOf(buttons))
    }
  },
}

/** Their heights in a box of that width. What ends in a reload may have its buttons below the text. */
const asHigh = (width: number, height: number): Pick<Story, 'render' | 'play' | 'tags'> => ({
  ...matrix(width),
  // A page of documentation has every bar once.
  tags: ['!autodocs'],
  async play({ canvasElement }) {
    await settled(canvasElement)
    const bars = [...canvasElement.querySelectorAll<HTMLElement>('.hf-bar')]
    await expect(bars.filter((one) => one.scrollWidth > one.clientWidth)).toEqual([])
    const usual = bars.filter((one) => width >= 800 || one.dataset['phase'] !== 'sessionLost')
    await expect(heightsOf(usual)).toEqual([height])
  },
})

export const Narrow: Story = {
  ...asHigh(320, 72),
  name: 'ux-30, ux-9: In 320 px nothing overflows, and every phase is as high',
}

export const Middle: Story = {
  ...asHigh(560, 52),
  name: 'ux-9: In 560 px every phase is as high: there is room for two lines',
}

export const OneHeight: Story = {
  ...asHigh(800, 40),
  name: 'ux-9: In 800 px every phase is as high, with buttons or without',
}

export const OneHeightInChinese: Story = {
  ...OneHeight,
  name: 'ux-9, ux-36: In 800 px every phase is as high, in Chinese',
  globals: CHINESE,
}
