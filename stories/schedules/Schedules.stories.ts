import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect } from 'storybook/test'
import FiveSchedules from './FiveSchedules.vue'
import { SHOWN } from './schedules.js'

const meta = {
  title: 'Reference/Five schedules',
  component: FiveSchedules,
  tags: ['!autodocs'],
  args: { seed: 1 },
} satisfies Meta<typeof FiveSchedules>

export default meta

/** Fixed, exponential, with jitter, additive and the default: drawn from the real functions. */
export const Drawn: StoryObj<typeof meta> = {
  name: 'R04, R20, R27, R28: which schedule for what, drawn from the real functions',
  async play({ canvas, canvasElement }) {
    for (const { name } of SHOWN) {
      await expect(canvas.getByRole('img', { name: new RegExp(`^${name}: the waits`) })).toBeVisible()
      await expect(canvas.getByRole('img', { name: new RegExp(`^${name}: attempts of`) })).toBeVisible()
    }
    const cellsOf = (row: RegExp) =>
      [...(canvas.getByRole('rowheader', { name: row }).parentElement?.querySelectorAll('td') ?? [])].map(
        (cell) => cell.textContent,
      )
    await expect(cellsOf(/^4$/)).toEqual(['3 s', '8 s', '0 s – 8 s', '8 s – 9 s', '0.77 s – 1.3 s'])
    await expect(cellsOf(/^10$/).slice(0, 4)).toEqual(['3 s', '16 s', '0 s – 16 s', '1 min'])
    // What has no jitter stands in columns: each of the fourteen comes in the same instants.
    const [fixed] = canvasElement.querySelectorAll('[aria-label^="Fixed: attempts of"]')
    const places = [...(fixed?.querySelectorAll('circle') ?? [])].map((dot) => dot.getAttribute('cx'))
    await expect(new Set(places).size).toBe(20)
    await expect(places).toHaveLength(20 * 14)
  },
}
