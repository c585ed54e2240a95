import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { say } from '../../src/components/locales/text.js'
import type { MessageKey } from '../../src/index.js'
import type { Locale } from '../../src/components/index.js'
import { at, drawn, watch } from './look.js'
import OrderDesk from './OrderDesk.vue'
import { onStage, outage, stageLoader, takeDown } from './play.js'
import type { DeskStage } from './stage.js'

/** What is spoken in the course of an outage, and what is not: every change of every live region is written down. */
const meta = {
  title: 'Order desk/What is spoken',
  component: OrderDesk,
  decorators: [onStage],
  loaders: [stageLoader()],
  beforeEach:
    ({ id }) =>
    () =>
      takeDown(id),
  // Played, and nothing to be looked at.
  tags: ['!dev', '!autodocs'],
  parameters: { docs: { disable: true } },
} satisfies Meta<typeof OrderDesk>

export default meta
type Story = StoryObj

const spoken = (words: Locale, key: MessageKey) => say(words, { key, params: {} })

export const Nothing: Story = {
  name: 'ux-1, ux-7: of a loss that is healed within a second nothing is drawn and nothing is said, in no moment',
  play: outage(0.7, async (stage, page) => {
    const { seen, heard } = watch(stage, page)
    await stage.to(60)
    await drawn()
    await expect({ seen, heard }).toEqual({ seen: [], heard: [] })
    // Nor in the moment of the loss itself: what is said stays there.
    const regions = [...page.querySelectorAll('[data-hf] :is([role=status], [role=alert])')]
    await expect(regions.length).toBeGreaterThan(1)
    await expect(regions.map((region) => region.textContent?.trim()).join('')).toBe('')
  }),
}

export const OnceEach: Story = {
  name: 'ux-26: an outage with a modal is spoken twice: when it begins, and once the link has been up for 5 s',
  play: outage(60, async (stage, page, words) => {
    const { seen, heard } = watch(stage, page)
    await at(stage, page, 20, 'modal')
    await userEvent.click(within(page).getByRole('button', { name: words.actions['keep-working'] }))
    await stage.to(200)
    await drawn()
    await expect(seen.map((line) => line.split(' ').at(-1))).toEqual([
      ...['reconnecting', 'modal', 'disconnected', 'recovered', 'none'],
    ])
    await expect(heard).toEqual([
      `1.00 status: ${spoken(words, 'reconnecting')}`,
      `80.20 status: ${spoken(words, 'recovered')}`,
    ])
  }),
}

export const EscalatedToTheBar: Story = {
  name: 'ux-26: where no modal can follow, the red bar is spoken too, once and assertively',
  loaders: [stageLoader({ thresholds: { escalation: 'bar' } })],
  play: outage(60, async (stage, page, words) => {
    const { heard } = watch(stage, page)
    await stage.to(200)
    await drawn()
    await expect(heard).toEqual([
      `1.00 status: ${spoken(words, 'reconnecting')}`,
      `10.00 alert: ${spoken(words, 'cannot-reach')}`,
      `80.20 status: ${spoken(words, 'recovered')}`,
    ])
  }),
}

/** From 15.05 s on it is tried at 25.05 and at 45.10: thirty seconds, of which each one but the attempt's is counted. */
async function countsDown(stage: DeskStage, page: HTMLElement, surface: string): Promise<void> {
  // While one message fades into the next, both are there.
  await waitFor(() => expect(page.querySelectorAll('.hf-message')).toHaveLength(1))
  const { heard } = watch(stage, page)
  const shown: (number | string)[] = []
  for (let second = 15.5; second < 45; second += 1) {
    await stage.to(second)
    await drawn()
    const timer = page.querySelector(`${surface} [role=timer]`)
    shown.push(timer?.checkVisibility() ? Number(timer.textContent?.replace(/\D/g, '')) : 'no timer')
  }
  const from = (first: number) => Array.from({ length: first }, (_, place) => first - place)
  await expect(shown).toEqual([...from(10), ...from(20)])
  await expect(heard).toEqual([])
}

export const CountsInTheModal: Story = {
  name: 'ux-25: in 30 s the modal shows each second of the countdown, and nothing is said',
  play: outage(60, async (stage, page) => {
    await at(stage, page, 15.1, 'modal')
    await countsDown(stage, page, '.hf-dialog')
  }),
}

export const CountsInTheBar: Story = {
  name: 'ux-25: in 30 s the bar shows each second of the countdown, and nothing is said',
  play: outage(60, async (stage, page, words) => {
    await at(stage, page, 12, 'modal')
    await userEvent.click(within(page).getByRole('button', { name: words.actions['keep-working'] }))
    await at(stage, page, 15.1, 'bad disconnected')
    await countsDown(stage, page, '.hf-bar')
    // What is read is what is seen, and assistive technology has one of them.
    const [seen] = page.querySelectorAll('.hf-bar small')
    await expect(seen).toHaveAttribute('aria-hidden', 'true')
    await expect(seen?.textContent?.trim()).toBe(
      page.querySelector('.hf-bar [role=timer]')?.textContent?.trim(),
    )
  }),
}
