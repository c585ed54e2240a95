/** The counter and its bakery on a network whose time stands still, one for each story. */
import type { Decorator } from '@storybook/vue3-vite'
import { computed, h, markRaw, provide } from 'vue'
import { manualClock, seededRandom, type ManualClock } from '../../mocks/index.js'
import { localeKey } from '../../src/components/index.js'
import type { Transport } from '../../src/live/index.js'
import { provideHoldfast } from '../../src/vue/index.js'
import { localeOf } from '../support/still.js'
import { createBakery, type Bakery } from './bakery.js'
import { createCounter, type Counter } from './counter.js'
import CounterPage from './CounterPage.vue'

/** A stage with its handles. */
export interface CounterStage extends Bakery {
  readonly clock: ManualClock
  readonly counter: Counter
}

/** How a stage is set. */
export interface CounterStageOptions {
  /** Default: all three, by preference. */
  readonly transports?: readonly Transport[]
  /** How many events the server keeps. Default: 10,000. */
  readonly ring?: number
  /** Messages go through the durable queue. Default: false. */
  readonly isDurable?: boolean
}

/** Stages that are up, by story: the play function and the page look at the same one. */
const stages = new Map<string, CounterStage>()

/** Sets a fresh stage for the story. */
export function counterLoader({ ring = 10_000, ...world }: CounterStageOptions = {}) {
  return ({ id }: { readonly id: string }): Record<string, unknown> => {
    stages.get(id)?.network.dispose()
    const clock = manualClock()
    const bakery = createBakery({ clock, ring })
    const counter = createCounter({ network: bakery.network, clock, random: seededRandom(1), ...world })
    stages.set(id, { ...bakery, clock, counter })
    return {}
  }
}

/** The stage of a story that has been loaded. */
export function counterStageOf(id: string): CounterStage {
  const stage = stages.get(id)
  if (!stage) throw new Error(`no stage was set for ${id}`)
  return stage
}

/** Takes the stage down with the story. */
export function takeCounterDown(id: string): void {
  stages.get(id)?.network.dispose()
  stages.delete(id)
}

/** The page, with everything around it that an application has. */
export function counterPage(counter: Counter, globals: Readonly<Record<string, unknown>>) {
  provide(
    localeKey,
    computed(() => localeOf(globals)),
  )
  provideHoldfast(counter.parts)
  return () => h(CounterPage, { counter: markRaw(counter) })
}

/** The counter on its stage. */
export const onCounterStage: Decorator = (_story, { id, globals }) => ({
  setup: () => counterPage(counterStageOf(id).counter, globals),
})
