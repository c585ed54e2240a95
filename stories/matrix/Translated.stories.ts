import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { computed, defineComponent, h, ref } from 'vue'
import { expect, userEvent, waitFor } from 'storybook/test'
import { StatusBar } from '../../src/components/index.js'
import { en } from '../../src/components/locales/en.js'
import { translated } from '../../src/components/locales/translated.js'
import { BARS } from '../components/phases.js'
import '../components/matrix.css'
import { handlesFor, stillPart } from '../support/still.js'

/** The words of the kit from an application's own translate function. */
const meta = { title: 'Matrix/Translated', tags: ['!autodocs'] } satisfies Meta

export default meta
type Story = StoryObj

/** What an application's catalogue has; it is asked for by the path of the text. */
const CATALOGUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  nl: {
    'messages.attention': '{count} wijzigingen konden niet worden verzonden',
    'actions.review': 'Bekijken',
    'bar.label': 'Verbindingsstatus',
  },
  it: {
    'messages.attention': '{count} modifiche non sono state inviate',
    'actions.review': 'Controlla',
    'bar.label': 'Stato della connessione',
  },
}

const page = defineComponent({
  setup() {
    const language = ref('nl')
    const locale = computed(() =>
      translated(
        (key, params) =>
          CATALOGUES[language.value]?.[key]?.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name])),
        { ...en, lang: language.value },
      ),
    )
    const view = { ...BARS.attention, title: { key: 'attention', params: { count: 3 } } } as const
    const bar = stillPart(handlesFor(view), () => h(StatusBar, { locale: locale.value, onReview() {} }))
    const choose = () => (language.value = language.value === 'nl' ? 'it' : 'nl')
    return () => [
      h(bar),
      h('div', { class: 'page-text' }, [
        h('button', { class: 'hf-button', 'data-kind': 'line', onClick: choose }, 'Another language'),
      ]),
    ]
  },
})

export const OwnFunction: Story = {
  name: 'A translate function: its words are shown, and follow the language',
  render: () => page,
  async play({ canvas }) {
    const bar = await canvas.findByRole('region', { name: 'Verbindingsstatus' })
    await expect(bar.textContent).toContain('3 wijzigingen konden niet worden verzonden')
    await userEvent.click(canvas.getByRole('button', { name: 'Another language' }))
    await expect(await canvas.findByRole('region', { name: 'Stato della connessione' })).toBe(bar)
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Controlla' })).toBeVisible())
    await expect(bar.lang || bar.querySelector('[lang]')?.getAttribute('lang')).toBe('it')
  },
}
