import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect } from 'storybook/test'
import page from '../../docs/spec/ux.md?raw'
import { TRANSITIONS } from '../../tests/status/transitions.js'
import StatusTable from './StatusTable.vue'

const meta: Meta<typeof StatusTable> = {
  title: 'Reference/Status table',
  component: StatusTable,
  tags: ['!autodocs'],
}
export default meta

/** Rows of several tabs, which are none of one page's machine. */
const OF_TABS = 2

/** How many rows the contract has (docs/spec/ux.md, 1.3). */
function promisedRows(): number {
  const section = page.split('### 1.3')[1]?.split('### 1.4')[0] ?? ''
  return section.match(/^\| \d/gm)?.length ?? 0
}

export const Table: StoryObj<typeof StatusTable> = {
  name: 'Every row of what people are told, printed and run',
  play: async ({ canvasElement }) => {
    const rows = [...canvasElement.querySelectorAll('tbody tr')]
    await expect(rows).toHaveLength(TRANSITIONS.length)
    await expect(rows).toHaveLength(promisedRows() - OF_TABS)
    const broken = rows.filter((row) => row.getAttribute('data-holds') !== 'true')
    await expect(broken.map((row) => row.textContent)).toEqual([])
  },
}
