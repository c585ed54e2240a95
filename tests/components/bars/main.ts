/** Every bar that there is, one after the other, in every language beside each other. */
import { createApp, defineComponent, h, nextTick, shallowRef } from 'vue'
import '../../../src/components/base.css'
import '../../../src/components/surfaces.css'
import { StatusBar } from '../../../src/components/index.js'
import { createHoldfast } from '../../../src/vue/index.js'
import { LANGUAGES } from '../../../stories/support/languages.js'
import { fixedHoldfast } from '../../../stories/support/fixed-status.js'
import { everyBar } from './every-bar.js'

const nothing = () => {}

/** With listeners for everything, so that every button is there. */
const HEARD = { onReview: nothing, onSignIn: nothing, onCopy: nothing, onDetails: nothing }

const views = everyBar()
const fixed = fixedHoldfast({})
const shown = shallowRef('')

const Bars = defineComponent(
  () => () =>
    // Another bar, and not the same with other words: those would fade.
    LANGUAGES.map((locale) =>
      h('div', { key: locale.lang + shown.value, 'data-lang': locale.lang, dir: locale.dir }, [
        h(StatusBar, { locale, ...HEARD }),
      ]),
    ),
)
createApp(Bars)
  .use(createHoldfast({ connections: fixed.connections, status: fixed.status }))
  .mount('#app')

/** What a test holds in its hands. */
const bars = {
  names: [...views.keys()],
  async show(name: string): Promise<void> {
    fixed.show(views.get(name)!)
    shown.value = name
    // Mounted with the one, there with the other.
    await nextTick()
    await nextTick()
  },
}
export type Bars = typeof bars
Object.assign(window, { bars })
