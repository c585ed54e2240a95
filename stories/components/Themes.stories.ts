import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { createApp, defineComponent, h, onBeforeUnmount, onMounted, useTemplateRef, type VNode } from 'vue'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import style from '../../src/components/style.css?inline'
import {
  ConnectionBadge,
  QueuedActionList,
  RetryModal,
  SavedHint,
  StatusBar,
  type Locale,
} from '../../src/components/index.js'
import { createHoldfast } from '../../src/vue/index.js'
import { EVERY_ROW } from '../support/fixed-queue.js'
import { handlesFor, handlesOf, localeOf, still, stillPart, type Handles } from '../support/still.js'
import { atRest, bar, localeNamed, settled } from './bars.js'
import { MODALS } from './modals.js'
import { BARS, SILENT } from './phases.js'
import './matrix.css'

/** Tokens: light and dark, density, contrast, an application's own colours, a shadow root. */
const meta = { title: 'Components/Themes', tags: ['!autodocs'] } satisfies Meta

export default meta
type Story = StoryObj<typeof meta>

const colourOf = (element: Element) => getComputedStyle(element).backgroundColor
const heightOf = (element: Element) => element.getBoundingClientRect().height

/** The same bar in places that differ by their attributes. */
const sideBySide = (places: readonly Record<string, string>[]): Story => ({
  render: (_args, { globals }) => ({
    render: () =>
      h(
        'div',
        { class: 'matrix' },
        places.map((place, at) =>
          h('div', { class: 'place', ...place }, [
            h(
              stillPart(handlesFor(BARS.disconnected), () =>
                bar(localeNamed(localeOf(globals), String(at + 1)), {}),
              ),
            ),
          ]),
        ),
      ),
  }),
})
const barsIn = (root: HTMLElement) => [...root.querySelectorAll<HTMLElement>('.hf-bar')]

export const Themed: Story = {
  ...sideBySide([{ 'data-theme': 'light' }, { 'data-theme': 'dark' }, {}]),
  name: 'data-theme on any element; without one, as around it',
  async play({ canvasElement, globals }) {
    await settled(canvasElement)
    const [light, dark, around] = barsIn(canvasElement).map(colourOf)
    await expect([light, dark]).toEqual(['rgb(253, 236, 236)', 'rgb(53, 21, 23)'])
    await expect(around).toBe(globals['theme'] === 'dark' ? dark : light)
  },
}

export const Dense: Story = {
  ...sideBySide([{ 'data-density': 'compact' }, {}, { 'data-density': 'comfortable' }]),
  name: 'ux-31: Three densities; the targets stay as high',
  async play({ canvasElement }) {
    await settled(canvasElement)
    const bars = barsIn(canvasElement)
    const heights = bars.map(heightOf)
    await expect(heights).toEqual(heights.toSorted((one, other) => one - other))
    await expect(new Set(heights).size).toBe(3)
    const targets = bars.map((one) => heightOf(one.querySelector('button')!))
    await expect(targets).toEqual([28, 28, 28])
  },
}

export const Contrast: Story = {
  ...sideBySide([{ 'data-contrast': 'more' }, {}]),
  name: 'More contrast: accents and outlines in the colour of the text',
  async play({ canvasElement }) {
    await settled(canvasElement)
    const [more, usual] = barsIn(canvasElement)
    const line = (one: HTMLElement) => getComputedStyle(one.querySelector('button')!).borderTopColor
    const accent = (one: HTMLElement) => getComputedStyle(one.querySelector('.hf-icon')!).color
    await expect(accent(more!)).toBe(getComputedStyle(more!).color)
    await expect(accent(usual!)).not.toBe(getComputedStyle(usual!).color)
    await expect(line(more!)).not.toBe(line(usual!))
  },
}

export const Own: Story = {
  ...sideBySide([{ class: 'place own-colours' }]),
  name: 'An application’s own tokens win: the kit’s are in a layer, and ask nobody’s specificity',
  async play({ canvasElement }) {
    await settled(canvasElement)
    await expect(colourOf(barsIn(canvasElement)[0]!)).toBe('rgb(240, 230, 255)')
  },
}

/** Mounts into a shadow root that has the kit's sheets and nothing else. */
const inShadow = (handles: Handles, show: () => VNode[], attributes: Record<string, string> = {}) =>
  defineComponent({
    setup() {
      const host = useTemplateRef<HTMLElement>('host')
      let unmount = () => {}
      onMounted(() => {
        const shadow = host.value!.attachShadow({ mode: 'open' })
        const sheet = new CSSStyleSheet()
        sheet.replaceSync(style)
        shadow.adoptedStyleSheets = [sheet]
        const place = shadow.appendChild(document.createElement('div'))
        const app = createApp({ render: show })
        const { fixed, queue } = handles
        app.use(createHoldfast({ connections: fixed.connections, status: fixed.status, queue }))
        app.mount(place)
        unmount = () => app.unmount()
      })
      onBeforeUnmount(() => unmount())
      return () => h('div', { ref: 'host', class: 'host', ...attributes })
    },
  })

const everything = (locale: Locale) => [
  bar(locale, {}),
  h('div', { class: 'page-text' }, [h('label', ['Note ', h('input', { value: 'abcdefg' })])]),
  h(ConnectionBadge, { locale }),
  h(SavedHint, { locale, action: 'b' }),
  h(QueuedActionList, { locale }),
  h(RetryModal, { locale }),
]

const shadow = (attributes: Record<string, string> = {}): Pick<Story, 'loaders' | 'render'> => ({
  ...still(BARS.disconnected, () => [], EVERY_ROW),
  render: (_args, context) =>
    inShadow(handlesOf(context), () => everything(localeOf(context.globals)), attributes),
})
const shadowOf = (root: HTMLElement) => root.querySelector('.host')!.shadowRoot!

export const Shadow: Story = {
  ...shadow(),
  name: 'In a shadow root: the same looks, focus and selection come back, and the place in the list is kept',
  async play(context) {
    const inside = shadowOf(context.canvasElement)
    const { fixed, queue } = handlesOf(context)
    const $ = <T extends HTMLElement>(selector: string) => inside.querySelector<T>(selector)!
    const isDark = context.globals['theme'] === 'dark'
    await waitFor(() =>
      expect(colourOf($('.hf-bar'))).toBe(isDark ? 'rgb(53, 21, 23)' : 'rgb(253, 236, 236)'),
    )
    // The dialog takes the focus and gives it back.
    $<HTMLInputElement>('input').focus()
    $<HTMLInputElement>('input').setSelectionRange(2, 5)
    fixed.show(MODALS.disconnected)
    await waitFor(() => expect(inside.activeElement).toBe($('.hf-dialog h2')))
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(inside.activeElement).toBe($('input')))
    const { selectionStart, selectionEnd } = $<HTMLInputElement>('input')
    await expect([selectionStart, selectionEnd]).toEqual([2, 5])
    // A button that goes hands its focus to its row.
    $('[data-id=d] [data-hand=retry]').focus()
    $('[data-id=d] [data-hand=retry]').click()
    await waitFor(() => expect(inside.activeElement).toBe($('[data-id=d]')))
    await expect(queue.asked).toEqual(['retry d'])
    // And a bar that changes keeps it.
    $('.hf-bar button').focus()
    fixed.show(BARS.recovered)
    await waitFor(() => expect(inside.activeElement).toBe($('.hf-bar')))
    await atRest($('.hf-bar'))
  },
}

export const DarkShadow: Story = {
  ...shadow({ 'data-theme': 'dark', 'data-density': 'compact' }),
  name: 'In a shadow root: theme and density of its host',
  async play({ canvasElement }) {
    const inside = shadowOf(canvasElement)
    await waitFor(() => expect(colourOf(inside.querySelector('.hf-bar')!)).toBe('rgb(53, 21, 23)'))
    await expect(within(inside as unknown as HTMLElement).getAllByRole('button').length).toBeGreaterThan(0)
  },
}

export const Silent: Story = {
  ...still(SILENT.online, (locale) => h(StatusBar, { locale })),
  name: 'Nothing of it has an inline style',
  async play({ canvasElement, loaded }) {
    handlesOf({ loaded }).fixed.show(BARS.syncing)
    await settled(canvasElement)
    await expect([...canvasElement.querySelectorAll('[style]')]).toEqual([])
  },
}
