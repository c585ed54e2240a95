import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, waitFor } from 'storybook/test'
import { WORKLOAD_HASH } from '../../tests/support/workload/workload.js'
import WorkloadRun from './WorkloadRun.vue'

const meta: Meta<typeof WorkloadRun> = {
  title: 'Reference/Determinism',
  component: WorkloadRun,
  tags: ['!autodocs'],
}
export default meta

export const SameLog: StoryObj<typeof WorkloadRun> = {
  name: 'The simulator gives the same log in a page as in Node',
  play: async ({ canvas }) => {
    const here = canvas.getByRole('status')
    await waitFor(() => expect(here).not.toHaveTextContent('running…'), { timeout: 20_000 })
    await expect(here).toHaveTextContent(WORKLOAD_HASH)
    await expect(canvas.getByText('Timers left over').nextElementSibling).toHaveTextContent('0')
  },
}
