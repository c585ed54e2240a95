import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { createApp, reactive, type Component } from 'vue'
import { expect } from 'storybook/test'
import { de } from '../../src/components/locales/de.js'
import * as badge from './ConnectionBadge.stories.js'
import * as details from './ConnectionDetails.stories.js'
import * as list from './QueuedActionList.stories.js'
import * as modal from './RetryModal.stories.js'
import * as hint from './SavedHint.stories.js'
import * as bar from './StatusBar.stories.js'
import * as inUse from './StatusBarInUse.stories.js'

/** A control that changes nothing is a promise that is not kept. Nothing to be looked at: not in the sidebar. */
const meta = { title: 'Components/Controls', tags: ['!dev', '!autodocs'] } satisfies Meta

export default meta

/** As much of a story as a control turns. */
interface Turned {
  readonly args?: object
  readonly loaders?: unknown
  readonly render?: unknown
}
type Load = () => object
type Render = (args: object, context: { loaded: object; globals: object }) => Component

/** Of each prop: a story, what its control says there, and what is to be seen of it. */
const CONTROLS: readonly (readonly [Component, Readonly<Record<string, readonly [Turned, unknown]>>])[] = [
  [
    bar.default.component,
    {
      locale: [bar.Reconnecting, de],
      placement: [bar.Reconnecting, 'sticky'],
      services: [inUse.OneOfSeveralServices, { chat: 'Tea room' }],
      open: [bar.Reconnecting, false],
    },
  ],
  [modal.default.component, { locale: [modal.Disconnected, de], open: [modal.Disconnected, false] }],
  [list.default.component, { locale: [list.EveryState, de], groupOf: [list.EveryState, () => 'Order 4711'] }],
  [badge.default.component, { locale: [badge.Counts, de], always: [badge.Well, true] }],
  [hint.default.component, { locale: [hint.OnThisDevice, de], action: [hint.NoChange, 'b'] }],
  [
    details.default.component,
    {
      locale: [details.Quiet, de],
      services: [details.SeveralServices, { api: 'Baker' }],
      open: [details.Quiet, false],
    },
  ],
]

const frame = () => new Promise((done) => requestAnimationFrame(done))

/** What there is once nothing comes or goes any more. */
async function atRest(root: HTMLElement): Promise<string> {
  for (let before = ''; ; before = root.innerHTML) {
    await frame()
    await frame()
    if (before === root.innerHTML) return before
  }
}

/** Renders a story, and turns one control of it. */
async function turned({ args, loaders, render }: Turned, name: string, value: unknown): Promise<string[]> {
  const [load] = loaders as readonly Load[]
  const loaded = load!() as { world?: { clock: { advance(ms: number): Promise<void> } } }
  const given = reactive<Record<string, unknown>>({ ...args })
  const app = createApp((render as Render)(given, { loaded, globals: { locale: 'en' } }))
  const root = document.body.appendChild(document.createElement('div'))
  app.mount(root)
  await loaded.world?.clock.advance(20)
  const before = await atRest(root)
  given[name] = value
  const after = await atRest(root)
  app.unmount()
  root.remove()
  return [before, after]
}

/** What Vue adds to a prop that is a model. */
const isModifier = (prop: string) => prop.endsWith('Modifiers')

export const EachDoesSomething: StoryObj = {
  name: 'Each prop of each component has a control that does something',
  render: () => ({ render: () => null }),
  async play() {
    for (const [component, controls] of CONTROLS) {
      const props = Object.keys((component as { props: object }).props).filter((prop) => !isModifier(prop))
      await expect(Object.keys(controls).toSorted()).toEqual(props.toSorted())
      for (const [name, [story, value]] of Object.entries(controls)) {
        const [before, after] = await turned(story, name, value)
        await expect({ name, changed: before !== after }).toEqual({ name, changed: true })
      }
    }
  },
}
