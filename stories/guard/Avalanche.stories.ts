import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, fireEvent } from 'storybook/test'
import { h, markRaw } from 'vue'
import AvalanchePage from './AvalanchePage.vue'
import { playTopology, type Run } from './topology.js'

/** R30: a topology of services, an avalanche, and its prevention by the real guard. */
const meta = {
  title: 'Guard/An avalanche',
  tags: ['!autodocs'],
  loaders: [
    async () => ({
      bare: markRaw(await playTopology(false)),
      guarded: markRaw(await playTopology(true)),
    }),
  ],
  render: (_args, { loaded }) => ({
    render: () => h(AvalanchePage, { bare: loaded['bare'] as Run, guarded: loaded['guarded'] as Run }),
  }),
} satisfies Meta

export default meta

export const SlowDatabase: StoryObj = {
  name: 'R30: a slow database takes everything down; with guards everybody is answered',
  async play({ canvas }) {
    const said = () => canvas.getAllByRole('img').map((map) => map.getAttribute('aria-label'))
    const [bare, guarded] = said()
    await expect(bare).toMatch(/^gateway 0 %/)
    await expect(guarded).toMatch(/^gateway 100 %.*cache 100 %, database from estimates$/)
    const time = canvas.getByRole('slider')
    await fireEvent.input(time, { target: { value: '5' } })
    const well = 'gateway 100 %, goods 100 %, cart 100 %, stock 100 %, cache 100 %, database 100 %'
    await expect(said()).toEqual([well, well])
    await fireEvent.input(time, { target: { value: '20' } })
    await expect(said()).toEqual([bare, guarded])
    await expect(canvas.getByRole('row', { name: /^With a guard/ })).toHaveTextContent('100 %')
  },
}
