import type { Meta, StoryObj } from '@storybook/vue3-vite'
import axios from 'axios'
import { expect, userEvent, waitFor } from 'storybook/test'
import { computed, h, markRaw, onScopeDispose, provide } from 'vue'
import { createNetwork, seededRandom } from '../../mocks/index.js'
import { createOrderApi } from '../../mocks/order-api.js'
import { createNetworkStage, scenarioOf, type StageContext } from '../../mocks/storybook/index.js'
import { localeKey } from '../../src/components/index.js'
import { memoryStore } from '../../src/queue/index.js'
import { provideHoldfast } from '../../src/vue/index.js'
import { localeOf } from '../support/still.js'
import { createDesk } from './desk.js'
import OrderDesk from './OrderDesk.vue'
import './network-line.css'

const BASE = 'https://orders.example'

/** Orders of this morning, so that the list is not empty. */
const EARLIER = [
  [4, 'Sourdough'],
  [12, 'Oat rolls'],
  [1, 'Plum cake'],
] as const

/** Each story has a network of its own; the toolbar plays scenarios on it, and the panel takes them back. */
const live = createNetworkStage(({ clock, seed }) => {
  const api = createOrderApi({ base: BASE, work: () => network.delay(250) })
  const network = createNetwork({ clock, seed, handlers: api.handlers, axios })
  for (const [qty, item] of EARLIER) {
    // Whoever leaves the story at once takes its network down before they are placed.
    network.fetch(`${BASE}/orders`, { method: 'POST', body: JSON.stringify({ item, qty }) }).catch(() => {})
  }
  return network
})

/** What happens on the network, in the words of the scenario; the desk itself does not know. */
function networkLine({ globals, globalTypes }: StageContext): string {
  if (globals['network'] === 'again') return 'Network: the last one again.'
  const scenario = scenarioOf(globals, globalTypes)
  return scenario
    ? `${scenario.name}: ${scenario.sentence}`
    : 'Network: all well. Choose a scenario from the toolbar’s network menu.'
}

const meta = {
  title: 'Order desk/An order desk',
  component: OrderDesk,
  beforeEach: live.beforeEach,
  decorators: [
    (_story, context) => {
      return {
        setup() {
          const network = live.networkOf(context)
          const desk = createDesk({
            baseURL: BASE,
            // A way back begins with an empty desk.
            store: memoryStore(),
            signals: [network.signals],
            fetch: network.fetch,
            adapter: network.axiosAdapter,
            clock: network.device.clock,
            random: seededRandom(1),
          })
          live.watch(context, desk)
          // By then they are placed.
          network.clock.setTimeout(() => void desk.refresh(), 500)
          provide(
            localeKey,
            computed(() => localeOf(context.globals)),
          )
          provideHoldfast(desk.parts)
          onScopeDispose(desk.dispose)
          return () => [
            h('p', { class: 'network-line', dir: 'auto', lang: 'en' }, networkLine(context)),
            h(OrderDesk, { desk: markRaw(desk), pollMs: 3_000 }),
          ]
        },
      }
    },
  ],
  tags: ['!autodocs'],
} satisfies Meta<typeof OrderDesk>

export default meta
type Story = StoryObj

/** Choose what happens to the network in the toolbar, and go on taking orders. */
export const Live: Story = { name: 'Live: the toolbar’s network menu says what happens' }

export const OneOrder: Story = {
  name: 'An order is placed, and appears in the list',
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Place order' }))
    await waitFor(() => expect(canvas.getByText('× 2')).toBeVisible(), { timeout: 5_000 })
  },
}

export const RightToLeft: Story = {
  name: 'From right to left its own English words keep their stops at their ends',
  globals: { direction: 'rtl' },
  play: async ({ canvas }) => {
    const note = canvas.getByRole('textbox', { name: 'Note' })
    const { unicodeBidi, textAlign } = getComputedStyle(note, '::placeholder')
    await expect([unicodeBidi, textAlign]).toEqual(['plaintext', 'right'])
  },
}
