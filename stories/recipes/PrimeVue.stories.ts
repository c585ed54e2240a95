import type { Meta, StoryObj } from '@storybook/vue3-vite'
import PrimeVue from 'primevue/config'
import { stageLoader, takeDown } from '../order-desk/play.js'
import { stopAt, walkThroughOutage } from './outage.js'
import { pageOf } from './page.js'
import ConnectionBar from './primevue/ConnectionBar.vue'
import ConnectionDialog from './primevue/ConnectionDialog.vue'
import { theme } from './primevue/theme.js'
import './primevue/primevue.css'

/** A bar and a dialog of a team’s own, of PrimeVue’s parts (4, the last that needs no licence key). */
const meta = {
  title: 'Recipes/PrimeVue',
  component: ConnectionDialog,
  decorators: [
    pageOf({ bar: ConnectionBar, dialog: ConnectionDialog, install: (app) => void app.use(PrimeVue, theme) }),
  ],
  loaders: [stageLoader()],
  beforeEach:
    ({ id }) =>
    () =>
      takeDown(id),
  tags: ['!autodocs'],
} satisfies Meta<typeof ConnectionDialog>

export default meta
type Story = StoryObj

export const Bar: Story = { name: 'After 5 s, the bar', play: stopAt(5) }

export const Dialog: Story = { name: 'After 12 s, the dialog', play: stopAt(12) }

export const Outage: Story = {
  name: 'An outage from loss to return: words, focus, voice and Escape hold',
  play: walkThroughOutage,
}
