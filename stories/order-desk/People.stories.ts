import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, waitFor } from 'storybook/test'
import { defineComponent, h, markRaw, nextTick, shallowRef } from 'vue'
import { provideHoldfast } from '../../src/vue/index.js'
import { forget } from './forget.js'
import { at } from './look.js'
import OrderDesk from './OrderDesk.vue'
import { createDeskStage, type DeskStage } from './stage.js'

/** Two people at one device, one after the other: one database, and a queue for each. */
const meta = {
  title: 'Order desk/Two people',
  tags: ['!dev', '!autodocs'],
  parameters: { docs: { disable: true } },
} satisfies Meta

export default meta
type Story = StoryObj

/** Who is at the desk. */
const shown = shallowRef<DeskStage | null>(null)

const Desk = defineComponent({
  props: { stage: { type: Object as () => DeskStage, required: true } },
  setup({ stage }) {
    provideHoldfast(stage.desk.parts)
    return () => h(OrderDesk, { desk: markRaw(stage.desk) })
  },
})

/** Sits down at the desk with nobody else there. */
async function sitDown(name: string, scope: string): Promise<DeskStage> {
  const stage = createDeskStage({ name, scope })
  shown.value = stage
  await nextTick()
  return stage
}

/** Gets up: the page is gone, the device is still there. */
async function getUp(stage: DeskStage): Promise<void> {
  shown.value = null
  await nextTick()
  await stage.clock.advance(1_000)
  stage.dispose()
}

const rowsOf = (page: HTMLElement) => page.querySelectorAll('.hf-row').length
const posts = (stage: DeskStage) => stage.network.calls({ method: 'POST' }).length

export const OneAfterTheOther: Story = {
  name: 'ux-49: what one person has left is neither sent nor shown while another one is signed in, and goes when they are back',
  loaders: [
    async ({ id }) => {
      for (const scope of ['ann', 'bob']) localStorage.removeItem(`holdfast:${id}:${scope}`)
      await forget(id)
      return {}
    },
  ],
  render: () => ({
    render: () => shown.value && h(Desk, { key: String(shown.value.clock.now()), stage: shown.value }),
  }),
  async play({ id, canvasElement: page }) {
    const ann = await sitDown(id, 'ann')
    await ann.ready()
    ann.network.apply({ type: 'refuse' })
    await ann.lose()
    for (const qty of [1, 2, 3]) await ann.desk.place({ item: 'Rye bread', qty, note: null })
    await waitFor(() => expect(rowsOf(page)).toBe(3))
    await expect(ann.api.ledger).toHaveLength(0)
    await getUp(ann)

    const bob = await sitDown(id, 'bob')
    await bob.ready()
    await bob.to(3_600)
    await at(bob, page, 3_600, 'none')
    await expect(rowsOf(page)).toBe(0)
    await expect(posts(bob)).toBe(0)
    // With an order of his own only that one goes.
    await bob.desk.place({ item: 'Plum cake', qty: 9, note: null })
    await bob.to(3_700)
    await expect(bob.api.ledger.map(({ qty }) => qty)).toEqual([9])
    await getUp(bob)

    const again = await sitDown(id, 'ann')
    await again.ready()
    await again.to(60)
    await expect(again.api.ledger.map(({ qty }) => qty)).toEqual([1, 2, 3])
    await expect(new Set(again.api.ledger.map(({ key }) => key)).size).toBe(3)
    await getUp(again)
  },
}
