import { createFetch, useOnline, useWebSocket } from '@vueuse/core'

export const useShop = () => {
  const isOnline = useOnline()
  const { data, status, send } = useWebSocket<string>('wss://shop.example/feed', {
    autoReconnect: { retries: 10, delay: 3_000 },
    heartbeat: { message: 'ping', responseMessage: 'pong', pongTimeout: 2_000 },
  })
  return { isOnline, data, status, send }
}

export const useShopFetch = createFetch({ baseUrl: 'https://shop.example' })
