import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { computed, defineComponent, h, type FunctionalComponent, type PropType } from 'vue'
import { expect } from 'storybook/test'
import { localeOf } from '../support/still.js'
import { part } from './cells.js'
import { sheets, type Sheet } from './table.js'

/** What the URL says: `args=component:status-bar;state:disconnected`. */
interface Asked {
  component: string
  state: string
}

const names = sheets.map(([name]) => name)
const states = [...new Set(sheets.flatMap(([, { states }]) => Object.keys(states)))]

/**
 * One component in one state, standing still. Everything about it is in the URL, so that a link shows what
 * somebody saw: `iframe.html?id=matrix-one-state--one-state&args=component:status-bar;state:disconnected` and
 * `&globals=theme:dark;locale:ar;direction:rtl`.
 */
const meta = {
  title: 'Matrix/One state',
  tags: ['!autodocs'],
  argTypes: {
    component: { control: 'select', options: names, description: 'The component' },
    state: { control: 'select', options: states, description: 'Its state; not every component has each' },
  },
  args: { component: 'status-bar', state: 'disconnected' },
} satisfies Meta<FunctionalComponent<Asked>>

export default meta
type Story = StoryObj<FunctionalComponent<Asked>>

const sheetOf = (component: string): Sheet | undefined => sheets.find(([name]) => name === component)?.[1]

/** In its own frame; another state is another part, with a status of its own. */
const One = defineComponent({
  props: {
    asked: { type: Object as PropType<Asked>, required: true },
    globals: { type: Object as PropType<Readonly<Record<string, unknown>>>, required: true },
  },
  setup(props) {
    const key = computed(() => `${props.asked.component} ${props.asked.state}`)
    const shown = computed(() => {
      const [component = '', state = ''] = key.value.split(' ')
      const sheet = sheetOf(component)
      const found = sheet?.states[state]
      if (!sheet || !found) return h('p', { class: 'nothing' }, missing(component, state))
      return h(part(sheet, found, () => localeOf(props.globals)))
    })
    return () =>
      h('div', { class: 'cell', 'data-cell': key.value, style: { '--cell': '100%' } }, [
        h(shown.value, { key: key.value }),
      ])
  },
})

const missing = (component: string, state: string) => {
  const sheet = sheetOf(component)
  if (!sheet) return `There is no component ${component}; there are ${names.join(', ')}.`
  return `${component} has no state ${state}; it has ${Object.keys(sheet.states).join(', ')}.`
}

export const OneState: Story = {
  render: (args, { globals }) => ({ render: () => h(One, { asked: { ...args }, globals }) }),
  async play({ canvasElement, args }) {
    await expect(canvasElement.querySelector('[data-cell]')).toHaveAttribute(
      'data-cell',
      `${args.component} ${args.state}`,
    )
  },
}
