import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { http, HttpResponse } from 'msw'
import { expect, waitFor } from 'storybook/test'
import type { NetworkParameters } from '../../mocks/storybook/index.js'
import ShopCart from './ShopCart.vue'
import './workload-run.css'

const network: NetworkParameters = {
  handlers: [http.get('https://shop.example/cart', () => HttpResponse.json({ items: ['rope', 'tar'] }))],
}

/** A scenario that this project has written itself, and one that was recorded: both are in the toolbar's menu. */
const meta: Meta<typeof ShopCart> = {
  title: 'Simulator/Scenarios of one’s own',
  component: ShopCart,
  // Each in a frame: on one page they would share one network.
  parameters: { network, docs: { story: { inline: false, height: '160px' } } },
}

export default meta
type Story = StoryObj<typeof meta>

const throughAnOutage: Story['play'] = async ({ canvas }) => {
  const line = canvas.getByRole('status')
  // What it shows before is over within half a second: a busy page may be late for it.
  for (const words of ['The shop cannot be reached', 'In your cart: rope, tar']) {
    await waitFor(() => expect(line).toHaveTextContent(words), { timeout: 5_000 })
  }
}

export const Written: Story = {
  name: 'One that the project has written is played by its name',
  globals: { network: 'cart-down', networkSpeed: 10 },
  play: throughAnOutage,
}

export const Recorded: Story = {
  name: 'One that was recorded is played by its name',
  globals: { network: 'as-recorded', networkSpeed: 10 },
  play: throughAnOutage,
}
