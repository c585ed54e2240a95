import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { http, HttpResponse } from 'msw'
import { expect, waitFor } from 'storybook/test'
import type { NetworkParameters } from '../../mocks/storybook/index.js'
import ShopCart from './ShopCart.vue'
import './workload-run.css'

const network: NetworkParameters = {
  handlers: [http.get('https://shop.example/cart', () => HttpResponse.json({ items: ['rope', 'tar'] }))],
}

/** An application's own handlers in `parameters.network`, and a component that uses the page's own fetch. */
const meta: Meta<typeof ShopCart> = {
  title: 'Simulator/A component with handlers',
  component: ShopCart,
  tags: ['!autodocs'],
  parameters: { network },
}

export default meta
type Story = StoryObj<typeof meta>

export const Killed: Story = {
  name: 'The toolbar kills its server, and it comes back, ten times as fast',
  globals: { network: 'server-killed', networkSpeed: 10 },
  play: async ({ canvas }) => {
    const line = canvas.getByRole('status')
    for (const words of [
      'In your cart: rope, tar',
      'The shop cannot be reached',
      'In your cart: rope, tar',
    ]) {
      await waitFor(() => expect(line).toHaveTextContent(words), { timeout: 5_000 })
    }
  },
}

export const AllWell: Story = {
  name: 'Without a scenario the handlers answer as they are',
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByRole('status')).toHaveTextContent('In your cart: rope, tar'))
  },
}
