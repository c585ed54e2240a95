import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, fireEvent, userEvent } from 'storybook/test'
import { loseTogether } from '../../tests/status/losing-together.js'
import HerdCalculator from './HerdCalculator.vue'

const meta = {
  title: 'Reference/A herd calculator',
  component: HerdCalculator,
  tags: ['!autodocs'],
  args: { clients: 20_000, capacity: 1_000, awaySeconds: 120, tickets: false },
} satisfies Meta<typeof HerdCalculator>

export default meta
type Story = StoryObj<typeof meta>

const SECONDS = /^(?:(\d+) min)?\s?(?:([\d.]+) s)?$/

/** "2 min 5 s" and the like, as seconds. */
function secondsOf(text: string | null | undefined): number {
  const [, minutes = 0, seconds = 0] = SECONDS.exec(text ?? '') ?? [null, NaN]
  return Number(minutes) * 60 + Number(seconds)
}

/** Turn the sliders: how many there are, how many the server takes, how long it was away. */
export const Calculator: Story = {
  name: 'B08: a herd calculator on the real schedules',
  async play({ canvas }) {
    const rowOf = (name: string) =>
      [...(canvas.getByRole('rowheader', { name }).parentElement?.querySelectorAll('td') ?? [])].map(
        (cell) => cell.textContent,
      )
    await expect(canvas.getByRole('status')).toHaveTextContent(/at best all are back after 20 s/)
    // All of a fixed schedule come in the same second; the default's worst second is a tenth of that.
    const [fixedBack, , , , fixedPeak] = rowOf('Fixed')
    await expect(fixedPeak).toBe('20,000')
    await expect(secondsOf(fixedBack)).toBeGreaterThan(40)
    await expect(Number(rowOf('Steady')[4]?.replace(',', ''))).toBeLessThan(5_000)

    await userEvent.click(canvas.getByRole('checkbox', { name: /hands out tickets/ }))
    await expect(secondsOf(rowOf('Steady')[0])).toBeLessThanOrEqual(22)
    await expect(Number(rowOf('Steady')[3])).toBeLessThanOrEqual(2)

    const clients = canvas.getByRole<HTMLInputElement>('slider', { name: 'Clients' })
    const before = clients.value
    await fireEvent.input(clients, { target: { value: '40' } })
    await expect(canvas.getByRole('status')).toHaveTextContent(/^1,000,000 clients/)
    await expect(clients).toHaveAttribute('aria-valuetext', '1,000,000')

    // Left as it was found: this is also the picture in the guide.
    await fireEvent.input(clients, { target: { value: before } })
    await userEvent.click(canvas.getByRole('checkbox', { name: /hands out tickets/ }))
    await expect(canvas.getByRole('status')).toHaveTextContent(/^20,000 clients/)
  },
}

/** As the kit's own machines have it, and not as it is calculated. */
export const AHundredClients: Story = {
  name: 'ux-12: of 100 clients that lose the link together no 100 ms hold more than 35 attempts, from the fifth on',
  args: { clients: 100, capacity: 20 },
  tags: ['!dev'],
  async play() {
    const rounds = [1, 2, 3, 4, 5].map(loseTogether)
    await expect(Math.max(...rounds.map(({ most }) => most))).toBeLessThanOrEqual(35)
    await expect(Math.min(...rounds.map(({ most }) => most))).toBeGreaterThan(5)
    await expect(Math.min(...rounds.map(({ fewest }) => fewest))).toBeGreaterThan(20)
  },
}
