/** The same, and writes that survive an outage, a reload and a crash. */
import axios from 'axios'
import { attachHttp, sendRequest } from '../../../src/http/index.js'
import { browserSignals, createConnection, createStatus, probe } from '../../../src/index.js'
import { createQueue, indexedDbStore, type QueueStore } from '../../../src/queue/index.js'
import { createHoldfast } from '../../../src/vue/index.js'
import type { World } from './net.js'

/** @param user whose changes these are: they are never sent as anybody else's */
export function createDurableNet(user: string, world: World & { store?: QueueStore } = {}) {
  const connection = createConnection({
    probe: probe('https://shop.example/health', world.probe),
    signals: [browserSignals()],
    ...world.connection,
  })
  const api = axios.create({ baseURL: 'https://shop.example', ...world.axios })
  const queue = createQueue({
    connection,
    store: world.store ?? indexedDbStore(),
    scope: user,
    // `honoursKeys`: the server does what comes twice under one key once. Leave it away where it does not.
    handlers: { request: { honoursKeys: true, send: sendRequest(api) } },
  })
  const http = attachHttp(api, { connection, queue, idempotency: 'honoured' })
  const status = createStatus({ connections: { shop: connection }, sources: [http, queue] })

  /** Resolves once the order is safe on this device; `queue.onSettled` tells when the server has it. */
  const order = (item: string, qty = 1) =>
    api.post('/orders', { item, qty }, { durable: { label: `Order ${item}`, queuedResult: true } })

  const plugin = createHoldfast({ connections: { shop: connection }, status, queue })
  return { api, connection, queue, status, order, plugin }
}
