import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { h } from 'vue'
import { expect, fn, userEvent, waitFor, within } from 'storybook/test'
import { StatusBar } from '../../src/components/index.js'
import { joined, say } from '../../src/components/locales/text.js'
import type { Message, StatusAction } from '../../src/status/view.js'
import { handlesOf, localeOf, nothingIsRight, still } from '../support/still.js'
import { atRest, bar, live, localeNamed, settled } from './bars.js'
import { BARS } from './phases.js'
import './matrix.css'

/** The bar in use: what it does when something happens, or is pressed. */
const meta = {
  title: 'Components/StatusBar in use',
  component: StatusBar,
  args: { onReview: fn(), onSignIn: fn(), onCopy: fn(), onDetails: fn() },
} satisfies Meta<typeof StatusBar>

export default meta
type Story = StoryObj<typeof meta>

export const TryNow: Story = {
  ...still(BARS.reconnectingWaiting, bar),
  name: 'ux-13: Try now tells at once that it tries, and keeps the focus',
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

export const Calm: Story = {
  ...still({ ...BARS.reconnecting, attempt: 'waiting', busy: false }, bar),
  name: 'ux-13: Attempts that are over within a moment leave the button alone',
  async play(context) {
    const { fixed } = handlesOf(context)
    const button = within(context.canvasElement).getByRole('button')
    const said = new Set<string | null>()
    // As the default schedule tries in the first seconds.
    for (let attempt = 0; attempt < 6; attempt++) {
      fixed.show({ attempt: 'trying', busy: true })
      await fixed.clock.advance(300)
      said.add(button.textContent)
      fixed.show({ attempt: 'waiting', busy: false })
      await fixed.clock.advance(500)
      said.add(button.textContent)
    }
    await expect([...said]).toEqual([localeOf(context.globals).actions.retry])
  },
}

export const Countdown: Story = {
  ...still(BARS.reconnectingWaiting, bar),
  name: 'ux-25: The countdown is shown each second, announced never',
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

const recovered: Message = { key: 'recovered', params: {} }
const allSent: Message = { key: 'all-sent', params: { count: 7 } }
const cannotReach: Message = { key: 'cannot-reach', params: {} }

export const Speaks: Story = {
  ...still(BARS.reconnecting, bar),
  name: 'B11, ux-26: It speaks a whole sentence, once, in the region of its politeness',
  async play(context) {
    const { fixed } = handlesOf(context)
    const regions = live(context.canvasElement)
    const spoken = () => regions.map((region) => region.textContent)
    await expect(spoken()).toEqual(['', ''])
    fixed.announce({ politeness: 'polite', message: recovered, detail: allSent })
    const words = localeOf(context.globals)
    const sentence = joined(words, say(words, recovered), say(words, allSent))
    await waitFor(() => expect(spoken()).toEqual([sentence, '']))
    fixed.announce({ politeness: 'assertive', message: cannotReach })
    await waitFor(() => expect(spoken()).toEqual(['', say(words, cannotReach)]))
    await expect(live(context.canvasElement)).toEqual(regions)
  },
}

export const OneOfSeveralServices: Story = {
  ...still({ ...BARS.reconnectingWaiting, service: 'chat' }, bar),
  name: 'One of several services: the worst is told about, by its name',
  args: { services: { api: 'Orders', chat: 'Kitchen chat' } },
  async play({ canvas }) {
    await waitFor(() => expect(canvas.getByText('Kitchen chat')).toBeVisible())
  },
}

export const Slots: Story = {
  name: 'Slots: an icon and buttons of the application’s own',
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

export const NobodyListens: Story = {
  ...still(BARS.attention, (locale) => [
    h(StatusBar, { locale }),
    nothingIsRight('the message was hidden by its button, the only one that needs no listener.'),
  ]),
  name: 'Nobody listens: what only the application can do has no button',
  async play(context) {
    const { fixed } = handlesOf(context)
    await expect(context.canvas.queryByRole('button')).toBeNull()
    fixed.show({ ...BARS.slow, actions: ['dismiss'] })
    await userEvent.click(
      await context.canvas.findByRole('button', { name: localeOf(context.globals).actions.dismiss }),
    )
    await expect(fixed.events).toContainEqual({ type: 'DISMISS' })
    await waitFor(() => expect(context.canvas.queryByRole('region')).toBeNull())
  },
}

export const Asks: Story = {
  ...still(BARS.attention, bar),
  name: 'It asks the application: Review, Sign in, Copy my changes, Details',
  async play(context) {
    const { fixed } = handlesOf(context)
    const { actions } = localeOf(context.globals)
    const press = async (action: StatusAction) =>
      userEvent.click(await context.canvas.findByRole('button', { name: actions[action] }))
    await press('review')
    await expect(context.args['onReview']).toHaveBeenCalledOnce()
    fixed.show(BARS.authRequired)
    await press('sign-in')
    await expect(context.args['onSignIn']).toHaveBeenCalledOnce()
    fixed.show(BARS.sessionLost)
    await waitFor(() =>
      expect(context.canvas.getAllByRole('button').map((button) => button.dataset['action'])).toEqual([
        'copy',
        'reload',
      ]),
    )
    await press('copy')
    await expect(context.args['onCopy']).toHaveBeenCalledOnce()
    fixed.show(BARS.disconnected)
    await press('details')
    await expect(context.args['onDetails']).toHaveBeenCalledOnce()
    fixed.show(BARS.offlineByChoice)
    await press('go-online')
    await expect(fixed.asked).toEqual(['online'])
  },
}

export const TwoBars: Story = {
  ...still(BARS.reconnecting, (locale, args) => [bar(locale, args), bar(localeNamed(locale, '2'), args)]),
  name: 'ux-26: Two bars: a text is spoken once',
  async play(context) {
    const regions = live(context.canvasElement)
    await expect(regions.map((region) => region.textContent)).toEqual(['', '', '', ''])
    handlesOf(context).fixed.announce({ politeness: 'polite', message: recovered })
    await waitFor(() => expect(regions.filter((region) => region.textContent)).toHaveLength(1))
  },
}

export const MessagesChange: Story = {
  ...still(BARS.reconnecting, bar),
  name: 'ux-9: Recovering: the bar stays where it is and as high as it is; the focus stays in it',
  async play(context) {
    const { fixed } = handlesOf(context)
    const section = context.canvasElement.querySelector<HTMLElement>('.hf-bar')!
    await settled(context.canvasElement)
    const { height, top } = section.getBoundingClientRect()
    within(section).getByRole('button').focus()
    fixed.show(BARS.recovered)
    await waitFor(() => expect(section).toHaveAttribute('data-phase', 'recovered'))
    await expect(section).toHaveFocus()
    await expect(section.isConnected).toBe(true)
    await atRest(section)
    const after = section.getBoundingClientRect()
    await expect([after.height, after.top]).toEqual([height, top])
    await expect(fixed.events.at(-1)).toEqual({ type: 'ENGAGED', engaged: true })
  },
}
