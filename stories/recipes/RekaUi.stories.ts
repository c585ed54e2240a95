import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, waitFor } from 'storybook/test'
import { stageLoader, stageOf, takeDown } from '../order-desk/play.js'
import { stopAt, walkThroughOutage } from './outage.js'
import { pageOf } from './page.js'
import ConnectionBar from './reka-ui/ConnectionBar.vue'
import ConnectionDialog from './reka-ui/ConnectionDialog.vue'
import TheirOwnDialog from './reka-ui/TheirOwnDialog.vue'
import './reka-ui/reka-ui.css'

/** A bar and a dialog of a team’s own, of Reka UI’s parts. */
const meta = {
  title: 'Recipes/Reka UI',
  component: ConnectionDialog,
  decorators: [pageOf({ bar: ConnectionBar, dialog: ConnectionDialog, more: TheirOwnDialog })],
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

export const OverTheirOwn: Story = {
  name: 'ux-22: over a modal dialog of the application, of Reka UI, too, nothing opens',
  async play({ id, canvas, canvasElement }) {
    const stage = stageOf(id)
    await stage.ready()
    const dialogs = () =>
      [...canvasElement.ownerDocument.querySelectorAll('[role=dialog], [role=alertdialog]')].map((one) =>
        one.getAttribute('role'),
      )
    stage.network.apply({ type: 'refuse' })
    await stage.lose()
    await stage.to(2)
    canvas.getByRole('button', { name: 'Rename the bakery' }).click()
    await waitFor(() => expect(dialogs()).toEqual(['dialog']))
    await stage.to(14)
    await expect(stage.desk.status.view.surface).toBe('bar')
    await expect(dialogs()).toEqual(['dialog'])
    canvasElement.ownerDocument.querySelector<HTMLElement>('.reka-dialog button')?.click()
    await waitFor(() => expect(dialogs()).toEqual(['alertdialog']))
  },
}
