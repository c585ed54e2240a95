/** What the plays of the timelines share: a stage for each story, and the page around it. */
import type { Decorator } from '@storybook/vue3-vite'
import { computed, h, markRaw, provide } from 'vue'
import { localeKey, type Locale } from '../../src/components/index.js'
import { provideHoldfast } from '../../src/vue/index.js'
import { localeOf } from '../support/still.js'
import { forget } from './forget.js'
import OrderDesk from './OrderDesk.vue'
import { createDeskStage, type DeskStage, type StageOptions } from './stage.js'

/** Stages that are up, by story: the play function and the page look at the same one. */
const stages = new Map<string, DeskStage>()

/** Sets a fresh stage for the story. */
export function stageLoader(options: Omit<StageOptions, 'name'> = {}) {
  return async ({ id }: { readonly id: string }): Promise<Record<string, unknown>> => {
    stages.get(id)?.dispose()
    await forget(id)
    stages.set(id, createDeskStage({ name: id, ...options }))
    return {}
  }
}

/** The stage of a story that has been loaded. */
export function stageOf(id: string): DeskStage {
  const stage = stages.get(id)
  if (!stage) throw new Error(`no stage was set for ${id}`)
  return stage
}

/** Takes the stage down with the story: what is pending there does not reach the next one. */
export function takeDown(id: string): void {
  stages.get(id)?.dispose()
  stages.delete(id)
}

/** The order desk on its stage. */
export const onStage: Decorator = (_story, { id, globals }) => {
  const { desk } = stageOf(id)
  return {
    setup() {
      provide(
        localeKey,
        computed(() => localeOf(globals)),
      )
      provideHoldfast(desk.parts)
      return () => h(OrderDesk, { desk: markRaw(desk) })
    },
  }
}

/** The part of a story's context that a play needs. */
export interface PlayContext {
  readonly id: string
  readonly canvasElement: HTMLElement
  readonly globals: Readonly<Record<string, unknown>>
}

/** A time line: the server refuses from the loss on for so long; what then happens is up to the story. */
export const outage = (
  seconds: number,
  go: (stage: DeskStage, page: HTMLElement, words: Locale) => Promise<void>,
) =>
  async function play({ id, canvasElement, globals }: PlayContext): Promise<void> {
    const stage = stageOf(id)
    await stage.ready()
    const heal = stage.network.apply({ type: 'refuse' })
    stage.clock.schedule(stage.clock.now() + 50 + Math.round(seconds * 1000), 0, heal)
    await stage.lose()
    await go(stage, canvasElement, localeOf(globals))
  }
