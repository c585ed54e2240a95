/**
 * An application with a form and a part that is loaded when it is needed, as one would be shipped. `?person=` says who
 * is signed in, `?guard=` when whoever leaves is asked.
 */
import { createApp, h } from 'vue'
import { createRouter, createWebHistory, RouterView } from 'vue-router'
import { chunkSignal } from '../../../src/signals/chunks.js'
import { StatusBar } from '../../../src/components/index.js'
import { browserSignals, createConnection, createStatus, probe } from '../../../src/index.js'
import { createHoldfast } from '../../../src/vue/index.js'
import '../../../src/components/style.css'
import OrderForm from './OrderForm.vue'

const chunks = chunkSignal()
const connection = createConnection({ probe: probe('/health'), signals: [browserSignals(), chunks] })
const status = createStatus({ connections: connection, sources: [chunks] })

const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: OrderForm },
    { path: '/reports', component: chunks.lazy(() => import('./ReportsPage.vue')) },
    { path: '/plain', component: chunks.lazy(() => import('./PlainPage.vue')) },
    { path: '/unwrapped', component: () => import('./OtherPage.vue') },
  ],
})
// The browser's own error says enough; the page stays where it is.
router.onError(() => {})

createApp({ render: () => [h(StatusBar), h(RouterView)] })
  .use(router)
  .use(createHoldfast({ connections: { api: connection }, status }))
  .mount('#app')
