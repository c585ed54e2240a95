import { createFetch } from '@vueuse/core'
import { computed } from 'vue'
import { attachFetch } from '../../../src/http/fetch.js'
import { fixed, type Connection } from '../../../src/index.js'
import { fixedHeartbeat } from '../../../src/live/index.js'
import { useConnection } from '../../../src/vue/index.js'
import { useWebSocket, type UseWebSocketOptions } from '../../../src/vue/live.js'

export const useShop = (options: UseWebSocketOptions = {}) => {
  const { connection, state } = useConnection()
  // `navigator.onLine` knows of a cable; this knows of the service.
  const isOnline = computed(() => state.value.link.name === 'online')
  const { data, status, send } = useWebSocket<string>('wss://shop.example/feed', {
    connection,
    maxRetries: 10,
    schedule: fixed(3_000),
    heartbeat: fixedHeartbeat(10_000, { ping: () => 'ping', isPong: (text) => text === 'pong' }),
    ...options,
  })
  return { isOnline, data, status, send }
}

/** VueUse's own useFetch, over a fetch whose reads wait for the server instead of failing. */
export const createShopFetch = (connection: Connection, fetch = globalThis.fetch) =>
  createFetch({
    baseUrl: 'https://shop.example',
    options: { fetch: attachFetch(fetch, { connection, origins: ['https://shop.example'] }).fetch },
  })
