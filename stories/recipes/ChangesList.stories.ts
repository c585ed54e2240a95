import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { computed, h, provide } from 'vue'
import { expect, userEvent, waitFor } from 'storybook/test'
import { localeKey } from '../../src/components/index.js'
import { SILENT } from '../components/phases.js'
import { EVERY_ROW } from '../support/fixed-queue.js'
import { handlesFor, handlesOf, localeOf, stillPart } from '../support/still.js'
import ChangesList from './ChangesList.vue'

/** The words and buttons of the kit's list, in plain elements. */
const meta = { title: 'Recipes/A list of your own', tags: ['!autodocs'] } satisfies Meta

export default meta
type Story = StoryObj

export const Changes: Story = {
  name: 'ux-43: what needs a person is let go and taken back; what waits is asked about',
  loaders: [() => ({ ...handlesFor(SILENT.online, EVERY_ROW) })],
  render: (_args, context) => ({
    setup() {
      provide(
        localeKey,
        computed(() => localeOf(context.globals)),
      )
      return () => h(stillPart(handlesOf(context), () => h(ChangesList)))
    },
  }),
  async play(context) {
    const { canvas } = context
    const { queue, fixed } = handlesOf(context)
    const press = (name: RegExp) => userEvent.click(canvas.getByRole('button', { name }))
    await press(/^Discard: Order 600/)
    await press(/^Undo: Order 600/)
    await press(/^Discard: Order 600/)
    await fixed.clock.advance(8_000)
    await waitFor(() => expect(canvas.queryByText('Order 600 rye breads')).toBeNull())
    await press(/^Discard: Comment/)
    await press(/^Keep: Discard this change\?/)
    await press(/^Discard: Comment/)
    await press(/^Discard: Discard this change\?/)
    await waitFor(() => expect(canvas.queryByText('Comment on “Launch checklist”')).toBeNull())
    await expect(queue.asked).toEqual(['discard d', 'discard b'])
  },
}
