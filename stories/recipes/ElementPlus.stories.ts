import type { Meta, StoryObj } from '@storybook/vue3-vite'
import 'element-plus/es/components/alert/style/css'
import 'element-plus/es/components/button/style/css'
import 'element-plus/es/components/dialog/style/css'
import 'element-plus/es/components/progress/style/css'
import { stageLoader, takeDown } from '../order-desk/play.js'
import ConnectionBar from './element-plus/ConnectionBar.vue'
import ConnectionDialog from './element-plus/ConnectionDialog.vue'
import './element-plus/tones.css'
import { stopAt, walkThroughOutage } from './outage.js'
import { pageOf } from './page.js'

/** A bar and a dialog of a team’s own, of Element Plus’ parts. */
const meta = {
  title: 'Recipes/Element Plus',
  component: ConnectionDialog,
  decorators: [pageOf({ bar: ConnectionBar, dialog: ConnectionDialog, class: 'element-tones' })],
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
