/** The panel in a story: React's root in a Vue component, in the theme that the toolbar says. */
import { createElement } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { convert, themes } from 'storybook/theming'
import { defineComponent, h, onBeforeUnmount, onMounted, ref } from 'vue'
import { Panel, type PanelProps, type Sight } from '../../mocks/storybook/panel/panel.js'
import type { Bench } from './panel-bench.js'

/** What was asked of Storybook itself. */
export interface Outside {
  readonly speeds: number[]
  readonly copied: string[]
}

/** How the panel is shown. */
export interface ShowOptions {
  /** Without a bench there is no network. */
  readonly bench: Bench | null
  readonly outside: Outside
  readonly theme: 'light' | 'dark'
  readonly width: string
  readonly height: string
}

const renderPanel = (props: PanelProps) => createElement(Panel, props)

/** A component that holds the panel. */
export function panelOnBench({ bench, outside, theme, width, height }: ShowOptions) {
  return defineComponent({
    setup() {
      const place = ref<HTMLElement>()
      let sight: Sight = { filter: '', line: null }
      let unmount = (): void => {}
      onMounted(() => {
        const root = createRoot(place.value!)
        const draw = (): void =>
          // Drawn when this returns, as Vue's first rendering is.
          flushSync(() =>
            root.render(
              renderPanel({
                heard: bench?.heard ?? null,
                theme: convert(themes[theme]),
                sight,
                onSight(next) {
                  sight = next
                  draw()
                },
                ask: (ask) => bench?.ask(ask),
                onSpeed: (speed) => void outside.speeds.push(speed),
                onCopyLink: () => void outside.copied.push('link'),
                onCopy: (text) => void outside.copied.push(text),
              }),
            ),
          )
        unmount = () => root.unmount()
        bench?.onChange(draw)
        draw()
      })
      onBeforeUnmount(() => {
        bench?.dispose()
        unmount()
      })
      return () =>
        h('div', { ref: place, style: { inlineSize: width, blockSize: height, maxInlineSize: '100%' } })
    },
  })
}
