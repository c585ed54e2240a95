import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { h } from 'vue'
import { expect } from 'storybook/test'
import { localeOf } from '../support/still.js'
import { cellsOf } from './cells.js'
import { MANY_ON_A_PAGE } from './many-on-a-page.js'
import { MOMENTS, phaseTable } from './phases-by-component.js'
import { SHEETS, type Sheet, type SheetName } from './table.js'

/** Every component in every state, side by side. The toolbar has themes, languages, directions and contrast. */
const meta = {
  title: 'Matrix/Every state',
  tags: ['!autodocs'],
  parameters: { a11y: MANY_ON_A_PAGE },
} satisfies Meta

export default meta
type Story = StoryObj

/** The states of one component, each once. */
const sheet = (name: SheetName): Pick<Story, 'render' | 'play'> => ({
  render: (_args, { globals }) => ({
    render: () => h('div', cellsOf(name, SHEETS[name], { locale: localeOf(globals) })),
  }),
  async play({ canvasElement }) {
    const cells = [...canvasElement.querySelectorAll<HTMLElement>('[data-cell]')]
    await expect(cells.map((cell) => cell.dataset['cell'])).toEqual(
      Object.keys((SHEETS[name] as Sheet).states).map((state) => `${name} ${state}`),
    )
  },
})

export const StatusBar: Story = { ...sheet('status-bar'), name: 'StatusBar' }
export const RetryModal: Story = { ...sheet('retry-modal'), name: 'RetryModal' }
export const QueuedActionList: Story = { ...sheet('queued-action-list'), name: 'QueuedActionList' }
export const ConnectionBadge: Story = { ...sheet('connection-badge'), name: 'ConnectionBadge' }
export const SavedHint: Story = { ...sheet('saved-hint'), name: 'SavedHint' }
export const ConnectionDetails: Story = { ...sheet('connection-details'), name: 'ConnectionDetails' }

export const PhaseByComponent: Story = {
  name: 'Phase × component: what each shows at the same moment',
  render: (_args, { globals }) => ({ render: () => phaseTable(localeOf(globals)) }),
  async play({ canvas }) {
    await expect(canvas.getAllByRole('row')).toHaveLength(Object.keys(MOMENTS).length + 1)
  },
}
