import { browserSignals, createConnection, createStatus, probe } from 'holdfast'
import { RetryModal, StatusBar } from 'holdfast/components'
import { attachHttp } from 'holdfast/http'
import { createQueue, indexedDbStore } from 'holdfast/queue'
import { createRecorder } from 'holdfast/recorder'
import { createHoldfast } from 'holdfast/vue'
import 'holdfast/style.css'
import { createApp, h } from 'vue'
import { api } from './api'
import ShopCart from './ShopCart.vue'

// #region dev
if (import.meta.env.DEV) {
  const { installFromUrl } = await import('holdfast/simulator/dev-server')
  const { handlers } = await import('./handlers')
  installFromUrl({ handlers })
}
// #endregion dev

const connection = createConnection({
  probe: probe('https://shop.example/health'),
  signals: [browserSignals()],
})
const http = attachHttp(api, { connection, log: (line) => recorder.log(line) })
const recorder = createRecorder({ connection, sources: [http], routes: ['/cart'] })
const queue = createQueue({
  connection,
  store: indexedDbStore({ name: 'shop' }),
  scope: 'someone',
  handlers: {
    cart: { send: ({ payload, key, signal }) => api.post('/cart', payload, { holdfast: { key, signal } }) },
  },
})
const status = createStatus({ connections: { connection }, sources: [http, queue] })

createApp({ render: () => [h(StatusBar), h(ShopCart), h(RetryModal)] })
  .use(createHoldfast({ connections: { connection }, status, queue }))
  .mount('#app')
