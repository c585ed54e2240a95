import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { http, HttpResponse } from 'msw'
import { expect, waitFor } from 'storybook/test'
import { addons } from 'storybook/preview-api'
import type { NetworkParameters } from '../../mocks/storybook/index.js'
import { ASKED, type Ask } from '../../mocks/storybook/messages.js'
import ShopCart from './ShopCart.vue'
import './workload-run.css'

const handlers = [http.get('https://shop.example/cart', () => HttpResponse.json({ items: ['rope', 'tar'] }))]

// #region timers
const network: NetworkParameters = { handlers, timers: 'virtual' }
// #endregion timers

/** A component that asks by its own `setInterval`, on the time of its network. */
const meta: Meta<typeof ShopCart> = {
  title: 'Simulator/Timers of the application',
  component: ShopCart,
  // Each in a frame: on one page they would share one network.
  parameters: { network, docs: { story: { inline: false, height: '160px' } } },
}

export default meta

export const BackInTime: StoryObj<typeof meta> = {
  name: 'Going back brings back what its timer has asked for',
  globals: { network: 'offline-60s', networkSpeed: 10 },
  async play({ canvas, id }) {
    const line = canvas.getByRole('status')
    const beganAt = Date.UTC(2026, 0, 1, 9)
    await waitFor(() => expect(Date.now()).toBeGreaterThan(beganAt + 6_000), { timeout: 10_000 })
    await expect(line).toHaveTextContent('The shop cannot be reached')
    const ask = (what: Ask) => addons.getChannel().emit(ASKED, { story: id, ask: what })
    ask({ type: 'pause' })
    ask({ type: 'seek', toMs: 4_000 })
    // Another life: it was loaded at 0, and only its own timer can have asked since. Going there takes its timers along.
    const ofTheWay = { timeout: 10_000 }
    await waitFor(() => expect(line.isConnected).toBe(false), ofTheWay)
    const again = () => expect(canvas.getByRole('status')).toHaveTextContent('The shop cannot be reached')
    await waitFor(again, ofTheWay)
    ask({ type: 'play' })
  },
}
