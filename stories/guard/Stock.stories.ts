import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, userEvent, waitFor } from 'storybook/test'
import { h, markRaw, nextTick } from 'vue'
import { manualClock, type ManualClock } from '../../mocks/index.js'
import { systemClock, type Clock } from '../../src/index.js'
import { createStockStage, type Health, type StockStage } from './stage.js'
import StockPage from './StockPage.vue'

/** One feature that is slow or broken while the rest is well: R32, with the age of what is shown (B15). */
const meta = {
  title: 'Guard/One slow service',
  tags: ['!autodocs'],
  render: (_args, { loaded }) => ({ render: () => h(StockPage, { stage: stageOf(loaded) }) }),
} satisfies Meta

export default meta
type Story = StoryObj

const stageOf = (loaded: Record<string, unknown>) => loaded['stage'] as StockStage
const on = (clock: () => Clock) => [() => ({ stage: markRaw(createStockStage(clock())) })]

export const Live: Story = {
  name: 'Live: make it slow, and look again',
  loaders: on(() => systemClock),
  play: ({ canvas }) => waitFor(() => expect(canvas.getByText('31 left')).toBeVisible()),
}

export const Slow: Story = {
  name: 'R32, B15: stock that answers after 800 ms is no longer asked: what was known is shown with its age, until it is well',
  loaders: on(manualClock),
  async play({ canvas, canvasElement, loaded }) {
    const { guard, network, told } = stageOf(loaded)
    const clock = guard.clock as ManualClock
    const after = async (ms: number) => {
      await clock.advance(ms)
      await nextTick()
    }
    const textOf = (cell: Element) => cell.textContent.replace(/\s+/g, ' ').trim()
    const rows = () =>
      [...canvasElement.querySelectorAll('tr')].map((row) => [...row.children].map(textOf).join(' ').trim())
    const make = (health: Health) => userEvent.click(canvas.getByRole('radio', { name: health }))
    const lookAgain = () => userEvent.click(canvas.getByRole('button', { name: 'Look again' }))
    const breaker = () => canvasElement.querySelector('.stock-breaker')!.textContent!.trim()

    await after(100)
    await expect(rows()).toEqual(['rye 12 left', 'spelt 7 left', 'wheat 31 left'])
    await expect(breaker()).toBe('Breaker closed · 3 requests')

    await make('slow')
    await lookAgain()
    await after(799)
    await expect(rows()[0]).toBe('rye 12 left')
    await after(1)
    await expect(rows()[0]).toBe('rye about 12 left as of 0 s ago')
    await expect(breaker()).toBe('Breaker open · 6 requests')
    await expect(told.news.map(({ type }) => type)).toEqual(['degraded'])
    await lookAgain()
    await after(3_000)
    // The slow ones came after all; whoever looks again meanwhile asks nobody.
    await expect(breaker()).toBe('Breaker open · 6 requests')
    await lookAgain()
    await after(100)
    await expect(rows()).toEqual([
      'rye about 12 left as of 1 s ago',
      'spelt about 7 left as of 1 s ago',
      'wheat about 31 left as of 1 s ago',
    ])

    await make('well')
    await after(10_000)
    await expect(rows()).toEqual(['rye 12 left', 'spelt 7 left', 'wheat 31 left'])
    await expect(breaker()).toBe('Breaker closed · 9 requests')
    await expect(told.news.map(({ type }) => type)).toEqual(['degraded', 'restored'])
    await after(1_800_000)
    await expect([clock.pending(), network.calls({ path: '/stock/rye' }).length]).toEqual([0, 3])

    await make('broken')
    for (let times = 0; times < 4; times++) {
      await lookAgain()
      await after(1_000)
    }
    await expect(breaker()).toMatch(/^Breaker open/)
    await after(30_000)
    await expect(rows()[0]).toMatch(/^rye about 12 left as of 30 min ago$/)
  },
}
