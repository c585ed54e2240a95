import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, waitFor } from 'storybook/test'
import TransportTable from './TransportTable.vue'

const meta = {
  title: 'Live channels/Three transports',
  component: TransportTable,
  tags: ['!autodocs'],
  args: { seed: 1 },
} satisfies Meta<typeof TransportTable>

export default meta
type Story = StoryObj<typeof TransportTable>

/** The longest that they may take after the end of each outage, as a mean (s): see the words below the table. */
const BACK_WITHIN_S = [
  [/crash/, 2],
  [/without network/, 1],
  [/planned/, 7.5],
] as const

export const SideBySide: Story = {
  name: 'R16: three transports side by side, through the same outages',
  async play({ canvas, canvasElement }) {
    await waitFor(() => expect(canvasElement.querySelector('table[data-done=true]')).not.toBeNull(), {
      timeout: 20_000,
    })
    const numbersOf = (title: RegExp): number[] =>
      [...(canvas.getByRole('rowheader', { name: title }).parentElement?.querySelectorAll('td') ?? [])].map(
        (cell) => Number.parseFloat(cell.textContent?.trim() ?? ''),
      )
    const [socket, stream, poll] = numbersOf(/^Requests/)
    await expect(socket).toBeLessThan(stream!)
    await expect(stream).toBeLessThan(poll!)
    await expect(numbersOf(/^Lost/)).toEqual([0, 0, 0])
    await expect(numbersOf(/^Doubled/)).toEqual([0, 0, 0])
    const messages = numbersOf(/^Messages/)
    await expect(Math.min(...messages)).toBeGreaterThan(300)
    await expect(new Set(messages).size).toBe(1)
    for (const [outage, most] of BACK_WITHIN_S) {
      for (const seconds of numbersOf(outage)) await expect(seconds).toBeLessThan(most)
    }
  },
}
