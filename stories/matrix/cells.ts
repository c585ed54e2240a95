/** Cells of the matrix: a component in a state that stands still, under the name of the state. */
import { defineComponent, h, type VNode } from 'vue'
import type { Locale } from '../../src/components/index.js'
import { handlesFor, stillPart } from '../support/still.js'
import type { Sheet, State } from './table.js'
import './cells.css'

/** A component in one state. Its clock stands still. */
export const part = (sheet: Sheet, state: State, locale: () => Locale) =>
  stillPart(handlesFor(state.view, state.rows, state.stored), () => sheet.show(locale(), state))

/** What a sheet is shown in. */
interface SheetOptions {
  readonly locale: Locale
  /** All that fits beside each other, or the cells one below the other in this width (CSS px). */
  readonly width?: number
  /** The states to be shown. Default: all. */
  readonly only?: readonly string[]
}

/** All states of a component, each in its cell. The pictures are cut at `data-cell`. */
export function cellsOf(name: string, sheet: Sheet, { locale, width, only }: SheetOptions): VNode {
  const states = Object.entries(sheet.states).filter(([state]) => !only || only.includes(state))
  const columns = width ? `${width}px` : `repeat(auto-fill, minmax(min(${sheet.width}px, 100%), 1fr))`
  return h(
    'div',
    { class: 'cells', style: { '--columns': columns, '--cell': `${width ?? sheet.width}px` } },
    states.map(([state, shown]) =>
      h('section', { class: 'cell', key: state, 'data-cell': `${name} ${state}`, 'aria-label': state }, [
        h('p', { class: 'cell-name', 'aria-hidden': 'true' }, state),
        h(StillCell, { sheet, shown, locale }),
      ]),
    ),
  )
}

/** Keeps its status while the language changes. */
const StillCell = defineComponent({
  props: {
    sheet: { type: Object, required: true },
    shown: { type: Object, required: true },
    locale: { type: Object, required: true },
  },
  setup(props) {
    const shown = part(props.sheet as Sheet, props.shown as State, () => props.locale as Locale)
    return () => h(shown)
  },
})
