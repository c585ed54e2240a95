/** R02: one central place that knows the network. Pages, guards and other stores ask it; none of them listens itself. */
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useConnection, useQueue, useStatus } from '../../../src/vue/index.js'

/** The store. It needs `app.use(createHoldfast(...))` beside `app.use(createPinia())`, in any order. */
export const useNetwork = defineStore('network', () => {
  const { state, setIntent } = useConnection()
  const { view, retryNow } = useStatus()
  const { actions } = useQueue()

  return {
    /** The verdict: not `navigator.onLine`, which may lie both ways. */
    isUp: computed(() => state.value.link.name === 'online'),
    /** What people are told, as one word. */
    phase: computed(() => view.value.phase),
    /** When the running outage began (epoch ms); null: none. */
    downSince: computed(() => view.value.since),
    /** How many changes are not yet at the server. */
    waiting: computed(() => actions.value.length),
    isPaused: computed(() => state.value.intent === 'offline'),
    retryNow,
    pause: () => setIntent('offline'),
    resume: () => setIntent('online'),
  }
})
