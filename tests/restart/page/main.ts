/**
 * The page of the restart tests: the order desk as an application would ship it, against a real service.
 * `?api=` names the service, `?run=` keeps runs apart. Pages with one `?store=` share a queue; `?first=` is the
 * number from which a page counts its writes. A test drives it by `window.desk`.
 */
import { createApp, h } from 'vue'
import '../../../src/components/style.css'
import { browserSignals } from '../../../src/index.js'
import { indexedDbStore } from '../../../src/queue/index.js'
import OrderDesk from '../../../stories/order-desk/OrderDesk.vue'
import { createDesk } from '../../../stories/order-desk/desk.js'
import { createDriver } from './driver.js'
import { createJournal } from './journal.js'

const query = new URLSearchParams(location.search)
const run = query.get('run') ?? 'run'
const desk = createDesk({
  baseURL: query.get('api') ?? location.origin,
  store: indexedDbStore({ name: query.get('store') ?? run }),
  signals: [browserSignals()],
})

createApp({ render: () => h(OrderDesk, { desk }) })
  .use(desk.plugin)
  .mount('#app')

const driver = createDriver(desk, createJournal(run, Number(query.get('first') ?? 1)))

declare global {
  interface Window {
    /** What a test drives the page by. */
    desk: typeof driver
  }
}
window.desk = driver
