/** A page on a stage (a simulated network and a clock that stands still), with parts of a team's own. */
import { computed, getCurrentInstance, h, markRaw, provide, type App, type Component } from 'vue'
import { localeKey } from '../../src/components/index.js'
import { provideHoldfast } from '../../src/vue/index.js'
import type { Desk } from '../order-desk/desk.js'
import { stageOf } from '../order-desk/play.js'
import { localeOf } from '../support/still.js'
import BakeryPage from './BakeryPage.vue'

/** The parts of a recipe. */
export interface RecipeParts {
  readonly bar: Component
  readonly dialog: Component
  /** What else is on the page. Default: nothing. */
  readonly more?: Component
  /** Around everything, for a library whose variables are set there. Default: none. */
  readonly class?: string
  /** What the application installs. Default: nothing. */
  install?(app: App, desk: Desk): void
}

/** A decorator: the page of a story's stage, with these parts. */
export function pageOf(parts: RecipeParts) {
  return (
    _story: unknown,
    { id, globals }: { readonly id: string; readonly globals: Readonly<Record<string, unknown>> },
  ) => ({
    setup() {
      const { desk } = stageOf(id)
      parts.install?.(getCurrentInstance()!.appContext.app, desk)
      provide(
        localeKey,
        computed(() => localeOf(globals)),
      )
      provideHoldfast(desk.parts)
      return () =>
        h('div', { class: parts.class }, [
          h(
            BakeryPage,
            { desk: markRaw(desk) },
            {
              bar: () => h(parts.bar),
              dialog: () => h(parts.dialog),
              default: () => parts.more && h(parts.more),
            },
          ),
        ])
    },
  })
}
