/** A network with the orders API on a manual clock, and ways to ask it. */
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork, type NetworkOptions } from '../../mocks/network.js'
import { createOrderApi, type OrderApiOptions } from '../../mocks/order-api.js'

export const HOST = 'api.example'
export const BASE = `https://${HOST}`

/** How a request ended for its caller. */
export interface Asked {
  /** A status, the name of an error, or `pending`. */
  end: string
  /** When (ms after the start); -1: not yet. */
  atMs: number
  answer: Response | null
}

export function createDesk(options: NetworkOptions = {}, apiOptions: Omit<OrderApiOptions, 'base'> = {}) {
  const clock = manualClock()
  const startAt = clock.now()
  const api = createOrderApi({ base: BASE, ...apiOptions })
  const network = createNetwork({ clock, hosts: [HOST], handlers: api.handlers, latencyMs: 40, ...options })

  const ask = (path = '/orders', init?: RequestInit): Asked => {
    const asked: Asked = { end: 'pending', atMs: -1, answer: null }
    const note = (end: string, answer: Response | null = null) => {
      Object.assign(asked, { end, atMs: clock.now() - startAt, answer })
    }
    network.fetch(new URL(path, BASE), init).then(
      (answer) => note(String(answer.status || answer.type), answer),
      (error: Error) => note(error.name),
    )
    return asked
  }
  const order = (key: string, body: object = { item: 'rope', qty: 2 }): Asked =>
    ask('/orders', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `"${key}"` },
      body: JSON.stringify(body),
    })
  return { clock, api, network, ask, order, sinceStart: () => clock.now() - startAt }
}
