import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { createPinia } from 'pinia'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { RetryModal, StatusBar } from '../../src/components/index.js'
import { stageLoader, stageOf, takeDown } from '../order-desk/play.js'
import { pageOf } from './page.js'
import SaveAsPdf from './pinia/SaveAsPdf.vue'

/** One store that knows the network, for everything on a page that asks. */
const meta = {
  title: 'Recipes/Pinia',
  component: SaveAsPdf,
  decorators: [
    pageOf({
      bar: StatusBar,
      dialog: RetryModal,
      more: SaveAsPdf,
      // The store finds the plugin by itself; a part of a page alone would not be seen from there.
      install: (app, desk) => void app.use(createPinia()).use(desk.plugin),
    }),
  ],
  loaders: [stageLoader()],
  beforeEach:
    ({ id }) =>
    () =>
      takeDown(id),
  tags: ['!autodocs'],
} satisfies Meta<typeof SaveAsPdf>

export default meta

export const Outage: StoryObj = {
  name: 'R02: one central place watches the network, and a page asks it through an outage',
  async play({ id, canvas, canvasElement }) {
    const stage = stageOf(id)
    await stage.ready()
    const pdf = canvas.getByRole('button', { name: 'Save as PDF' })
    await waitFor(() => expect(pdf).not.toHaveAttribute('aria-disabled'))
    const heal = stage.network.apply({ type: 'refuse' })
    await stage.lose()
    await stage.to(2)
    await waitFor(() => expect(pdf).toHaveAttribute('aria-disabled', 'true'))
    await stage.desk.place({ item: 'Rye bread', qty: 2, note: null })
    await waitFor(() => expect(canvas.getByText(/1 kept on this device/)).toBeVisible())
    heal()
    await stage.to(12)
    await waitFor(() => expect(canvas.getByText('All changes are at the server.')).toBeVisible())
    await expect(pdf).not.toHaveAttribute('aria-disabled')
    // And it is told what the person wants.
    const line = within(canvasElement.querySelector<HTMLElement>('.store-line')!)
    await userEvent.click(line.getByRole('button', { name: 'Work offline' }))
    await stage.clock.advance(0)
    await waitFor(() => expect(pdf).toHaveAttribute('aria-disabled', 'true'))
    await expect(stage.desk.status.view.phase).toBe('offlineByChoice')
    await userEvent.click(line.getByRole('button', { name: 'Go online' }))
    await stage.clock.advance(1_000)
    await waitFor(() => expect(pdf).not.toHaveAttribute('aria-disabled'))
  },
}
