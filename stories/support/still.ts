/** Stories in which time stands still: each has a status, a connection and a queue of its own. */
import { defineComponent, h, type VNode } from 'vue'
import type { Locale } from '../../src/components/index.js'
import type { QueueFacts } from '../../src/core/state.js'
import type { StatusView } from '../../src/status/view.js'
import { provideHoldfast } from '../../src/vue/index.js'
import { fixedQueue, type FixedQueue, type RowSketch } from './fixed-queue.js'
import { fixedHoldfast, type FixedHoldfast } from './fixed-status.js'
import { languageOf } from './languages.js'

/** What a play function may pull. */
export interface Handles {
  readonly fixed: FixedHoldfast
  readonly queue: FixedQueue
}

/** The language that the story is given, else the toolbar's. */
export const localeOf = (
  globals: Readonly<Record<string, unknown>>,
  args: { readonly locale?: Locale | undefined } = {},
): Locale => args.locale ?? languageOf(String(globals['locale']))

/** Globals of a story in Chinese. */
export const CHINESE = { locale: 'zh-CN' }

/** Globals of a story on a page that runs from right to left; the words of the kit stay in their own language. */
export const RIGHT_TO_LEFT = { direction: 'rtl' }

/** The handles of the story that plays. */
export const handlesOf = (context: { readonly loaded: Record<string, unknown> }): Handles =>
  context.loaded as unknown as Handles

/** A part of a page with a status that stands still. */
export function stillPart({ fixed, queue }: Handles, show: () => VNode | VNode[]) {
  return defineComponent({
    setup() {
      provideHoldfast({ connections: fixed.connections, status: fixed.status, queue })
      return show
    },
  })
}

/** The handles of one status. */
export function handlesFor(
  view: Partial<StatusView>,
  rows: readonly RowSketch[] = [],
  stored?: Partial<QueueFacts>,
): Handles {
  const fixed = fixedHoldfast(view)
  return { fixed, queue: fixedQueue(rows, fixed.clock.now(), stored) }
}

/** Loader and render of a story that shows one view. */
export function still(
  view: Partial<StatusView>,
  show: (locale: Locale, args: Record<string, unknown>) => VNode | VNode[],
  rows: readonly RowSketch[] = [],
  stored?: Partial<QueueFacts>,
) {
  return {
    loaders: [() => ({ ...handlesFor(view, rows, stored) })],
    render: (
      args: object,
      context: { loaded: Record<string, unknown>; globals: Readonly<Record<string, unknown>> },
    ) => stillPart(handlesOf(context), () => show(localeOf(context.globals, args), { ...args })),
  }
}

/** A quiet line outside the component: where there is nothing to be seen, that nothing is right. */
export const nothingIsRight = (why: string): VNode =>
  h('p', { class: 'nothing' }, `Nothing shows here, and that is right: ${why}`)
