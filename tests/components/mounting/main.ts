/**
 * Applications that come and go: one that a server has rendered, and the order desk on a network and a clock of the
 * page's own, as often as a test likes. A test drives it by `window.mounting`.
 */
import { createApp, h, nextTick, type App } from 'vue'
import '../../../src/components/style.css'
import { acrossTabs } from '../../../src/tabs/across.js'
import { createHoldfast } from '../../../src/vue/index.js'
import { forget } from '../../../stories/order-desk/forget.js'
import OrderDesk from '../../../stories/order-desk/OrderDesk.vue'
import { createDeskStage, type DeskStage } from '../../../stories/order-desk/stage.js'
import { setHidden } from '../../../stories/support/page-state.js'
import { createTree } from './tree.js'

const NAME = 'mounting'

/** What stays of what was created. */
const left = { timers: 0, dialogs: 0, dialogsSeen: 0 }

let stage: DeskStage
let leave: () => void = () => {}

/** A desk in the page, online. `shares`: with the other tabs of the browser. */
async function enter(shares = false): Promise<void> {
  await forget(NAME)
  stage = createDeskStage({ name: NAME, browser: true })
  const { desk } = stage
  const tabs = shares ? acrossTabs({ connections: desk.parts.connections, scope: NAME }) : null
  const at = document.body.appendChild(document.createElement('div'))
  const app: App = createApp({ render: () => h(OrderDesk, { desk }) })
  app.use(createHoldfast({ ...desk.parts, status: tabs?.status(desk.status) ?? desk.status })).mount(at)
  leave = () => {
    app.unmount()
    tabs?.stop()
    at.remove()
    stage.dispose()
  }
  await stage.ready()
}

/** The network refuses everything; 0 is when the desk learns of it. */
async function lose(): Promise<() => void> {
  const heal = stage.network.apply({ type: 'refuse' })
  await stage.lose()
  return heal
}

/** An outage with a change that waits, up to the open dialog; gone in the midst of it. */
async function cycle(): Promise<void> {
  await enter()
  await lose()
  await stage.desk.place({ item: 'Rye bread', qty: 1, note: null })
  await stage.to(10.1)
  await nextTick()
  left.dialogsSeen += document.querySelectorAll('dialog[open]').length
  leave()
  left.timers += stage.clock.pending()
  left.dialogs += document.querySelectorAll('dialog').length
}

let heal = () => {}

const mounting = {
  left,
  async cycles(times: number) {
    for (let time = 0; time < times; time++) await cycle()
  },
  enter,
  async lose() {
    heal = await lose()
  },
  /** The same, with nothing that waits for an answer. */
  async doubt() {
    heal = stage.network.apply({ type: 'refuse' })
    stage.rebase(stage.seconds())
    stage.desk.connection.send({ type: 'SUSPICION', cause: 'server' })
    await stage.clock.settle()
  },
  heal: () => heal(),
  async to(seconds: number) {
    await stage.to(seconds)
    await nextTick()
  },
  hide: () => setHidden(true),
  /** What shows, and how often the service was asked after the loss whether it is there. */
  look: () => {
    const bar = document.querySelector<HTMLElement>('.hf-bar')
    return {
      bar: bar && !bar.closest('.hf-bar-leave-active') ? bar.dataset['phase'] : null,
      isModal: document.querySelector('dialog:modal') !== null,
      asked: stage.attempts().length,
      link: stage.desk.connection.state.link.name,
    }
  },
  /** Takes over what a server has rendered; whether its elements were kept. */
  async hydrate(html: string) {
    const app = document.querySelector('#app')!
    app.innerHTML = html
    const before = [...app.querySelectorAll('*')]
    createTree().mount(app)
    const areKept = before.every((element) => element.isConnected)
    await new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))
    return { elements: before.length, areKept, isModal: document.querySelector('dialog:modal') !== null }
  },
}

declare global {
  interface Window {
    mounting: typeof mounting
  }
}
window.mounting = mounting
