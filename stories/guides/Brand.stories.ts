import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect } from 'storybook/test'
import { h } from 'vue'
import { StatusBar } from '../../src/components/index.js'
import { BARS } from '../components/phases.js'
import { still } from '../support/still.js'
import './samples/brand.css'

const meta = {
  title: 'Guides/In the colours of a brand',
  component: StatusBar,
  tags: ['!autodocs'],
} satisfies Meta<typeof StatusBar>

export default meta

/** The file of the guide, and what it does: values that stand in no layer win. */
export const Brand: StoryObj = {
  name: 'Tokens of an application win over the kit’s, wherever they stand',
  ...still(BARS.reconnecting, (locale) => [
    h('div', { class: 'our-brand' }, h(StatusBar, { locale })),
    h(StatusBar, { locale: { ...locale, bar: { label: 'The same, unbranded' } } }),
  ]),
  async play({ canvasElement }) {
    const [ours, theirs] = [...canvasElement.querySelectorAll('.hf-bar')].map((bar) => getComputedStyle(bar))
    await expect(ours!.fontFamily).toMatch(/^Georgia/)
    await expect(ours!.backgroundColor).not.toBe(theirs!.backgroundColor)
    await expect(['rgb(253, 233, 223)', 'rgb(44, 26, 18)']).toContain(ours!.backgroundColor)
    await expect(Number.parseFloat(ours!.paddingTop)).toBeLessThan(Number.parseFloat(theirs!.paddingTop))
  },
}
