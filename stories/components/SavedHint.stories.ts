import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { h } from 'vue'
import { expect, waitFor } from 'storybook/test'
import { SavedHint, type Locale } from '../../src/components/index.js'
import { fill } from '../../src/components/locales/text.js'
import type { QueueFacts } from '../../src/core/state.js'
import { EVERY_ROW, type RowSketch } from '../support/fixed-queue.js'
import {
  CHINESE,
  handlesFor,
  handlesOf,
  localeOf,
  RIGHT_TO_LEFT,
  still,
  stillPart,
} from '../support/still.js'
import { SILENT } from './phases.js'
import './matrix.css'

const meta = {
  title: 'Components/SavedHint',
  component: SavedHint,
  argTypes: {
    action: { type: 'string', control: { type: 'select' }, options: EVERY_ROW.map(({ id }) => id) },
  },
} satisfies Meta<typeof SavedHint>

export default meta
type Story = StoryObj<typeof meta>

const control = (args: Record<string, unknown>, locale: Locale, slots: Record<string, unknown> = {}) =>
  h('div', { class: 'control' }, [
    h('label', ['Note for the counter ', h('input', { value: 'Sliced, please' })]),
    h(SavedHint, { ...args, locale }, slots),
  ])
const hintIn = (root: HTMLElement) => root.querySelector<HTMLElement>('.hf-hint')!

const one = (row: RowSketch, stored?: Partial<QueueFacts>): Story => ({
  ...still(SILENT.online, (locale, args) => control({ action: row.id, ...args }, locale), [row], stored),
})

export const NoChange: Story = {
  ...still(SILENT.online, (locale, args) => control({ action: null, ...args }, locale), EVERY_ROW),
  name: 'No change: empty, and as high as with words',
  async play({ canvasElement }) {
    const hint = hintIn(canvasElement)
    await expect(hint).toBeEmptyDOMElement()
    await expect(hint.offsetHeight).toBe(18)
  },
}

export const OnThisDevice: Story = {
  ...one(EVERY_ROW[1]!, { persisted: true }),
  name: 'ux-37: Kept, and not yet sent: saved on this device',
  async play({ canvasElement, globals }) {
    const { hint } = localeOf(globals)
    await expect(hintIn(canvasElement).textContent).toBe(hint.onDevice)
    await expect(hintIn(canvasElement).textContent).not.toBe(hint.saved)
  },
}

export const InThisTab: Story = {
  ...one(EVERY_ROW[1]!, { persisted: false, standIn: 'unavailable' }),
  name: 'ux-37: Kept in memory alone: that is what it says',
  async play({ canvasElement, globals }) {
    await expect(hintIn(canvasElement).textContent).toBe(localeOf(globals).hint.inTab)
  },
}

export const Saved: Story = {
  ...one(EVERY_ROW[0]!, { persisted: true }),
  name: 'ux-37: Saved is said once the server has confirmed it, and never before',
  async play(context) {
    const hint = hintIn(context.canvasElement)
    const words = localeOf(context.globals)
    await expect(hint.textContent).toBe(words.list.states.sending)
    handlesOf(context).queue.confirm('a')
    await waitFor(() => expect(hint.textContent).toBe(words.hint.saved))
    await expect(hint).toHaveAttribute('data-tone', 'ok')
  },
}

export const NotSaved: Story = {
  ...one(EVERY_ROW[3]!),
  name: 'Refused: why, in the server’s words',
  async play({ canvasElement, globals }) {
    const words = localeOf(globals)
    const { state } = EVERY_ROW[3]!
    const reason = state.name === 'failed' ? state.detail! : ''
    await expect(hintIn(canvasElement).textContent).toBe(fill(words, words.hint.notSaved, { reason }))
  },
}

export const Gone: Story = {
  ...one(EVERY_ROW[1]!),
  name: 'A change that left without a word (sent in another tab, perhaps) is not called saved',
  async play(context) {
    const hint = hintIn(context.canvasElement)
    await handlesOf(context).queue.discard('b')
    await waitFor(() => expect(hint).toBeEmptyDOMElement())
  },
}

export const Slot: Story = {
  ...still(
    SILENT.online,
    (locale, args) =>
      control({ action: 'b', ...args }, locale, {
        default: ({ state, text, view }: { state: string; text: string; view: { phase: string } }) =>
          `${view.phase}, ${state}: ${text}`,
      }),
    [EVERY_ROW[1]!],
  ),
  name: 'Slot: its state, its words and the whole status',
  async play({ canvasElement }) {
    await expect(hintIn(canvasElement).textContent).toMatch(/^online, queued: /)
  },
}

const matrix = (extra: object): Story => ({
  render: (_args, { globals }) => ({
    render: () =>
      h('div', { class: 'matrix' }, [
        h(
          stillPart(handlesFor(SILENT.online, EVERY_ROW, { persisted: true }), () =>
            EVERY_ROW.map(({ id, state }) => [
              h('h3', state.name),
              h(SavedHint, { action: id, locale: localeOf(globals) }),
            ]).flat(),
          ),
        ),
      ]),
  }),
  ...extra,
})
export const EveryState = matrix({ name: 'Every state' })
export const Chinese = matrix({ name: 'ux-36: In Chinese', globals: CHINESE })
export const RightToLeft = matrix({ name: 'ux-34: From right to left', globals: RIGHT_TO_LEFT })
