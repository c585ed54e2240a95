import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { MOST_PIECES } from '../../mocks/order-api.js'
import { forgetHidden, setHidden } from '../support/page-state.js'
import { at, surfaces } from './look.js'
import OrderDesk from './OrderDesk.vue'
import { onStage, outage, stageLoader, takeDown } from './play.js'

/** The rest of the timelines of docs/spec/ux.md, 1.4: a closed lid, an impatient person, giving up, a refusal. */
const meta = {
  title: 'Order desk/Timelines, the rarer ones',
  component: OrderDesk,
  decorators: [onStage],
  loaders: [stageLoader({ browser: true })],
  beforeEach:
    ({ id }) =>
    () => {
      forgetHidden()
      takeDown(id)
    },
  tags: ['!autodocs'],
  parameters: { docs: { disable: true } },
} satisfies Meta<typeof OrderDesk>

export default meta
type Story = StoryObj

export const S10: Story = {
  name: 'S10, ux-57: the lid is closed from 3 to 65 s: no modal on return, an attempt at once, and every 3 s',
  play: outage(72, async (stage, page) => {
    await at(stage, page, 3, 'warn reconnecting')
    setHidden(true)
    await at(stage, page, 64.99, 'warn reconnecting')
    await stage.to(65)
    setHidden(false)
    await at(stage, page, 74.19, 'warn reconnecting')
    await at(stage, page, 74.2, 'ok recovered')
    await at(stage, page, 77.2, 'none')
    await expect(stage.attempts().filter((seconds) => seconds >= 65)).toEqual([65, 68.05, 71.1, 74.15])
    // Hidden, it asks no more often than every 15 s.
    const unseen = stage.attempts().filter((seconds) => seconds > 3 && seconds < 65)
    const gaps = unseen.slice(1).map((seconds, index) => Math.round((seconds - unseen[index]!) * 1000))
    await expect(gaps.filter((ms) => ms < 15_000)).toEqual([])
    await expect(surfaces(stage)).toEqual(['1.00 reconnecting/bar', '74.20 recovered/bar', '77.20 none'])
  }),
}

export const S11: Story = {
  name: 'S11, ux-14: ten clicks on Try now within a second are one request, and the next comes 3 s later',
  play: outage(60, async (stage, page, words) => {
    await at(stage, page, 11, 'modal')
    const tryNow = within(page.querySelector('dialog')!).getByRole('button', { name: words.actions.retry })
    for (let click = 0; click < 10; click++) {
      await stage.to(11 + click / 10)
      await userEvent.click(tryNow)
    }
    await at(stage, page, 14.5, 'modal')
    await expect(stage.attempts().filter((seconds) => seconds > 10)).toEqual([11, 14.05])
  }),
}

export const S12: Story = {
  name: 'S12: after ten minutes trying ends, and somebody who comes back revives it',
  loaders: [stageLoader({ browser: true, policy: { giveUpAfterMs: 600_000 } })],
  play: outage(650, async (stage, page, words) => {
    await at(stage, page, 599.99, 'modal')
    const dialog = page.querySelector('dialog')!
    await expect(dialog.dataset['phase']).toBe('disconnected')
    await stage.to(600)
    await waitFor(() => expect(dialog.dataset['phase']).toBe('gaveUp'))
    await expect(dialog).toHaveAccessibleName(String(words.modal.titles['gave-up']))
    await stage.to(654.99)
    await expect(stage.attempts().filter((seconds) => seconds > 600)).toEqual([])
    await stage.to(655)
    document.dispatchEvent(new Event('resume'))
    await at(stage, page, 655.06, 'ok recovered')
    await at(stage, page, 658.05, 'none')
    await expect(surfaces(stage)).toEqual([
      '1.00 reconnecting/bar',
      '10.00 disconnected/modal',
      '600.00 gaveUp/modal',
      '655.00 reconnecting/bar',
      '655.05 recovered/bar',
      '658.05 none',
    ])
  }),
}

export const S13: Story = {
  name: 'S13, ux-46, ux-38, ux-45: of three orders one is refused: the others are applied, and it ends in attention, never in green',
  play: outage(4, async (stage, page, words) => {
    for (const qty of [1, MOST_PIECES + 1, 2]) await stage.desk.place({ item: 'Rye bread', qty, note: null })
    await at(stage, page, 6.94, 'warn reconnecting')
    // The second one has just been refused: of three that were accepted one is confirmed.
    await at(stage, page, 7.06, 'info syncing')
    await waitFor(() => {
      const { value, max } = page.querySelector('progress')!
      expect([value, max]).toEqual([1, 3])
    })
    await stage.to(60)
    await at(stage, page, 60, 'warn attention')
    await expect(stage.api.ledger.map(({ qty }) => qty)).toEqual([1, 2])
    await expect(surfaces(stage).map((line) => line.split(' ')[1])).toEqual([
      'reconnecting/bar',
      'syncing/bar',
      'attention/bar',
    ])
    await userEvent.click(within(page).getByRole('button', { name: words.actions.review }))
    const list = page.querySelector<HTMLElement>('.desk-waiting')!
    await waitFor(() => expect(list).toContainElement(document.activeElement as HTMLElement))
    await stage.desk.queue.discardAll()
    await at(stage, page, 62, 'none')
  }),
}
