import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect } from 'storybook/test'
import MachineDiagram from './MachineDiagram.vue'
import { gatherFromAnywhere } from './diagram.js'
import { exploreMachine } from './explore.js'

const meta: Meta<typeof MachineDiagram> = {
  title: 'Reference/Connection machine',
  component: MachineDiagram,
  tags: ['!autodocs'],
}
export default meta

export const Diagram: StoryObj<typeof MachineDiagram> = {
  name: 'R26: the machine, drawn from the code',
  play: async ({ canvas, canvasElement }) => {
    await expect(canvas.getByRole('img', { name: /The connection machine: 7 states/ })).toBeVisible()
    const { arrows } = gatherFromAnywhere(exploreMachine())
    await expect(canvasElement.querySelectorAll('[data-arrow]')).toHaveLength(arrows.length)
  },
}
