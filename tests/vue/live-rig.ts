/** Composables that keep something open, outside of components and in one that is mounted, on a simulated network. */
import { createRenderer, defineComponent, effectScope } from 'vue'
import { onTestFinished } from 'vitest'
import { seededRandom } from '../../mocks/random.js'
import type { ReconnectingWebSocketOptions } from '../../src/live/reconnecting-options.js'
import { createReconnectingDesk } from '../live/reconnecting/rig.js'

export function createScope() {
  const scope = effectScope()
  onTestFinished(() => scope.stop())
  return { scope, use: <T>(composable: () => T): T => scope.run(composable)! }
}

export function createDesk() {
  const desk = createReconnectingDesk()
  const { clock, network } = desk
  const options: ReconnectingWebSocketOptions = {
    WebSocket: network.WebSocket,
    clock,
    random: seededRandom(7),
    signals: [network.signals],
  }
  return { ...desk, ...createScope(), options }
}

/** Renders to nothing: what hooks need is that something is mounted. */
const { createApp } = createRenderer<object, object>({
  createElement: () => ({}),
  createText: () => ({}),
  createComment: () => ({}),
  insert() {},
  remove() {},
  patchProp() {},
  setText() {},
  setElementText() {},
  parentNode: () => null,
  nextSibling: () => null,
})

/** Calls it in the setup of a component, which is mounted right after; `refused`: what Vue's error handler is told. */
export function mountWith<T>(
  setup: () => T,
  refused?: (reason: unknown) => void,
): { readonly is: T; unmount(): void } {
  let is: T | undefined
  const app = createApp(
    defineComponent({
      setup() {
        is = setup()
        return () => null
      },
    }),
  )
  if (refused) app.config.errorHandler = refused
  app.mount({})
  onTestFinished(() => app.unmount())
  return { is: is!, unmount: () => app.unmount() }
}
