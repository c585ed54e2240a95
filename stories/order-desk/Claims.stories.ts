import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { say } from '../../src/components/locales/text.js'
import { localeOf } from '../support/still.js'
import { at, surfaces } from './look.js'
import OrderDesk from './OrderDesk.vue'
import { onStage, outage, stageLoader, stageOf, takeDown } from './play.js'

/** What the browser and the network claim, and what is made of it: what counts is whether the service answers. */
const meta = {
  title: 'Order desk/Claims',
  component: OrderDesk,
  decorators: [onStage],
  loaders: [stageLoader()],
  beforeEach:
    ({ id }) =>
    () =>
      takeDown(id),
  tags: ['!autodocs'],
  parameters: { docs: { disable: true } },
} satisfies Meta<typeof OrderDesk>

export default meta
type Story = StoryObj

const order = { item: 'Rye bread', qty: 1, note: null }
const barOf = (page: HTMLElement) => page.querySelector<HTMLElement>('.hf-bar')!

export const SaysOffline: Story = {
  name: 'ux-53: the browser says that it is offline, and the service answers: nothing shows, and an order goes out',
  async play({ id, canvasElement: page }) {
    const stage = stageOf(id)
    await stage.ready()
    stage.rebase(1)
    stage.network.apply({ type: 'lie', onLine: false })
    await expect(stage.network.device.onLine).toBe(false)
    for (let second = 0; second <= 3; second++) await at(stage, page, second, 'none')
    await stage.desk.place(order)
    await stage.to(4)
    await expect(stage.api.ledger).toHaveLength(1)
    await at(stage, page, 120, 'none')
    await expect(surfaces(stage)).toEqual([])
  },
}

export const StillSaysOffline: Story = {
  name: 'ux-53: one good answer ends an outage, although the browser goes on saying that it is offline',
  play: outage(4, async (stage, page, words) => {
    stage.network.apply({ type: 'lie', onLine: false })
    await at(stage, page, 4.5, 'warn reconnecting')
    await waitFor(() => expect(barOf(page)).toHaveTextContent(String(words.messages['device-offline'])))
    await userEvent.click(within(page).getByRole('button', { name: words.actions.retry }))
    // Green would stay under pointer and focus.
    await userEvent.unhover(barOf(page))
    page.querySelector<HTMLInputElement>('input[name=note]')!.focus()
    await at(stage, page, 4.55, 'ok recovered')
    await expect(stage.network.device.onLine).toBe(false)
    await stage.desk.place(order)
    await at(stage, page, 60, 'none')
    await expect(stage.api.ledger).toHaveLength(1)
  }),
}

export const CaptivePortal: Story = {
  name: 'ux-56: a page of the network in place of the service is a loss that is told as what it is, and no answer',
  async play({ id, canvasElement: page, globals }) {
    const title = String(localeOf(globals).messages.portal)
    const stage = stageOf(id)
    await stage.ready()
    await stage.desk.place(order)
    await stage.clock.advance(1_000)
    await waitFor(() => expect(page.querySelectorAll('.desk-orders li')).toHaveLength(1))
    const heal = stage.network.apply({ type: 'portal' })
    await stage.lose()
    await stage.desk.place(order)
    await at(stage, page, 1, 'warn reconnecting')
    await waitFor(() => expect(barOf(page)).toHaveTextContent(title))
    await at(stage, page, 10.05, 'modal')
    await expect(page.querySelector('dialog')).toHaveAccessibleName(title)
    // What it was given is kept, and not taken for answered.
    await expect(page.querySelectorAll('.hf-row')).toHaveLength(1)
    await expect(page.querySelectorAll('.desk-orders li')).toHaveLength(1)
    heal()
    await stage.to(60)
    await expect(stage.api.ledger).toHaveLength(2)
    await at(stage, page, 60, 'none')
  },
}

export const Estimate: Story = {
  name: 'ux-51: a planned restart that says how long it takes: blue, with the time that is left, and no red before it is over',
  async play({ id, canvasElement: page, globals }) {
    const words = localeOf(globals)
    const stage = stageOf(id)
    await stage.ready()
    const back = stage.network.apply({ type: 'status', code: 503, retryAfter: 20, from: 'service' })
    await stage.lose()
    stage.rebase(0.05)
    const told = async (seconds: number, left: number) => {
      await at(stage, page, seconds, 'info maintenance')
      const text = say(words, { key: 'back-in-about', params: { seconds: left } })
      await waitFor(() => expect(barOf(page)).toHaveTextContent(text))
      await expect(barOf(page)).toHaveTextContent(String(words.messages.maintenance))
      await expect(within(barOf(page)).queryAllByRole('button')).toEqual([])
    }
    await told(0, 20)
    await told(11, 10)
    back()
    // Nobody comes before the time, and not all at once after it: 7 s wide, here in the middle of them.
    await at(stage, page, 23.45, 'info maintenance')
    await at(stage, page, 23.6, 'ok recovered')
    await expect(stage.attempts()).toEqual([23.5])
    await expect(surfaces(stage).map((line) => line.split(' ')[1])).toEqual([
      'maintenance/bar',
      'recovered/bar',
    ])
  },
}
