import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { h, type VNode } from 'vue'
import { expect } from 'storybook/test'
import type { Locale } from '../../src/components/index.js'
import { settled } from '../components/bars.js'
import { LANGUAGES, nameOf } from '../support/languages.js'
import { localeOf } from '../support/still.js'
import { cellsOf } from './cells.js'
import { cutOff } from './cut-off.js'
import { MANY_ON_A_PAGE } from './many-on-a-page.js'
import { sheets } from './table.js'

/** All texts of all languages, where there is least room. */
const meta = {
  title: 'Matrix/Languages',
  tags: ['!autodocs'],
  parameters: { a11y: MANY_ON_A_PAGE },
} satisfies Meta

export default meta
type Story = StoryObj

const globalsOf = ({ lang, dir }: Locale) => ({ locale: lang, direction: dir })

/** Every component in every state in 320 px: whatever is said has its place. */
const narrow = (lang: string): Pick<Story, 'render' | 'globals' | 'play'> => ({
  globals: globalsOf(LANGUAGES.find((one) => one.lang === lang)!),
  render: (_args, { globals }) => ({
    render: () =>
      h(
        'div',
        { class: 'cells-narrow' },
        sheets.map(([name, sheet]) => cellsOf(name, sheet, { locale: localeOf(globals), width: 320 })),
      ),
  }),
  async play({ canvasElement }) {
    await settled(canvasElement)
    await expect(cutOff(canvasElement)).toEqual([])
  },
})

export const English: Story = { ...narrow('en'), name: 'ux-36: English in 320 px: no text is cut off' }
export const SimplifiedChinese: Story = {
  ...narrow('zh-CN'),
  name: 'ux-36: 简体中文 in 320 px: no text is cut off',
}
export const TraditionalChinese: Story = {
  ...narrow('zh-TW'),
  name: 'ux-36: 繁體中文 in 320 px: no text is cut off',
}
export const Japanese: Story = { ...narrow('ja'), name: 'ux-36: 日本語 in 320 px: no text is cut off' }
export const Korean: Story = { ...narrow('ko'), name: 'ux-36: 한국어 in 320 px: no text is cut off' }
export const German: Story = { ...narrow('de'), name: 'ux-36: Deutsch in 320 px: no text is cut off' }
export const French: Story = { ...narrow('fr'), name: 'ux-36: français in 320 px: no text is cut off' }
export const Spanish: Story = { ...narrow('es'), name: 'ux-36: español in 320 px: no text is cut off' }
export const Portuguese: Story = {
  ...narrow('pt-BR'),
  name: 'ux-36: português in 320 px: no text is cut off',
}
export const Arabic: Story = { ...narrow('ar'), name: 'ux-36: العربية in 320 px: no text is cut off' }

/** A few states, in all languages beside each other. */
const TELLING: Readonly<Record<string, readonly string[]>> = {
  'status-bar': ['reconnecting', 'disconnected', 'maintenance', 'authRequired', 'syncing', 'attention'],
  'retry-modal': ['disconnected'],
  'queued-action-list': ['everyState'],
}

const column = (locale: Locale): VNode =>
  h('section', { class: 'language', lang: 'en', dir: locale.dir, 'aria-label': nameOf(locale) }, [
    h('h2', { lang: locale.lang }, nameOf(locale)),
    ...sheets
      .filter(([name]) => name in TELLING)
      .map(([name, sheet]) =>
        cellsOf(`${locale.lang} ${name}`, sheet, { locale, width: 400, only: TELLING[name]! }),
      ),
  ])

export const AllTen: Story = {
  name: 'All ten, side by side',
  render: () => ({ render: () => h('div', { class: 'languages' }, LANGUAGES.map(column)) }),
}
