import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, waitFor } from 'storybook/test'
import OrderDesk from './OrderDesk.vue'
import { onStage, stageLoader, stageOf, takeDown } from './play.js'

/** An outage, stopped in the middle: the clock stands still there, to be looked at for as long as one likes. */
const meta = {
  title: 'Order desk/An outage',
  component: OrderDesk,
  decorators: [onStage],
  loaders: [stageLoader({ workMs: 250 })],
  beforeEach:
    ({ id }) =>
    () =>
      takeDown(id),
  tags: ['!autodocs'],
} satisfies Meta<typeof OrderDesk>

export default meta
type Story = StoryObj

const BEFORE = [
  [4, 'Sourdough'],
  [12, 'Oat rolls'],
  [1, 'Plum cake'],
] as const
const DURING = [
  [2, 'Rye bread'],
  [6, 'Cinnamon buns'],
  [3, 'Sourdough'],
] as const

/** Orders are taken before and during an outage; then the clock stops, so many seconds after the loss. */
const stopAt = (seconds: number): NonNullable<Story['play']> =>
  async function play({ id, canvasElement }) {
    const { desk, network, ready, lose, to, clock } = stageOf(id)
    await ready()
    for (const [qty, item] of BEFORE) await desk.place({ item, qty, note: null })
    await clock.advance(10_000)
    network.apply({ type: 'refuse' })
    await lose()
    for (const [qty, item] of DURING) await desk.place({ item, qty, note: null })
    await to(seconds)
    await waitFor(() => expect(canvasElement.querySelectorAll('.hf-row')).toHaveLength(DURING.length))
  }

export const Reconnecting: Story = { name: 'After 5 s, the bar: reconnecting', play: stopAt(5) }

export const Disconnected: Story = { name: 'After 12 s, the modal: disconnected', play: stopAt(12) }
