import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { onScopeDispose } from 'vue'
import { seededRandom, type Network } from '../../mocks/index.js'
import { createNetworkStage } from '../../mocks/storybook/index.js'
import { createBakery, type Bakery } from './bakery.js'
import { createCounter } from './counter.js'
import CounterPage from './CounterPage.vue'
import { counterPage } from './stage.js'

/** What the bakery says by itself, one after the other. */
const ROUND = [
  'Rye is out of the oven.',
  'Oat rolls in five minutes.',
  'Who took the big tray?',
  'Plum cake!',
]
const EVERY_MS = 5_000

const bakeries = new WeakMap<Network, Bakery>()

function talk({ network: { clock }, says }: Bakery): () => void {
  let count = 0
  const next = (): (() => void) =>
    clock.setTimeout(() => {
      says(ROUND[count++ % ROUND.length]!)
      stop = next()
    }, EVERY_MS)
  let stop = next()
  return () => stop()
}

// #region stage
/** The toolbar plays scenarios on its network, and the panel takes them back. */
const live = createNetworkStage(({ clock, seed }) => {
  const bakery = createBakery({ clock, seed })
  bakeries.set(bakery.network, bakery)
  return bakery.network
})

const meta = {
  title: 'Live channels/A chat at the counter',
  component: CounterPage,
  beforeEach: live.beforeEach,
  decorators: [
    (_story, context) => ({
      setup() {
        const network = live.networkOf(context)
        onScopeDispose(talk(bakeries.get(network)!))
        const { clock } = network.device
        const counter = createCounter({ network, clock, random: seededRandom(1) })
        live.watch(context, { connection: counter.connection, status: counter.parts.status })
        return counterPage(counter, context.globals)
      },
    }),
  ],
  tags: ['!autodocs'],
} satisfies Meta<typeof CounterPage>
// #endregion stage

export default meta

/** Choose what happens to the network in the toolbar, and go on talking. */
export const Live: StoryObj = { name: 'Live: the toolbar’s network menu says what happens' }
