/** What a durable write costs while all is well, beside the same write without the queue. */
import axios, { type AxiosAdapter } from 'axios'
import { createConnection } from '../../src/index.js'
import { attachHttp, sendRequest } from '../../src/http/index.js'
import { createQueue, indexedDbStore } from '../../src/queue/index.js'
import { timed } from './contestant.js'
import { itemOf } from './items.js'

const WARM_UP = 20

/** A service that answers at once. */
const adapter: AxiosAdapter = async (config) => ({
  ...{ data: '{}', status: 201, statusText: 'Created', headers: {}, config, request: null },
})

/** Of one write, from the call to the answer. */
export interface Cost {
  readonly medianMs: number
  readonly transactions: number
}

/** One after the other, as a person makes them. */
async function costOf(write: (seq: number) => Promise<unknown>, count: number): Promise<Cost> {
  const times: number[] = []
  let transactions = 0
  for (let seq = 1; seq <= WARM_UP + count; seq++) {
    const one = await timed(() => write(seq))
    if (seq <= WARM_UP) continue
    times.push(one.ms)
    transactions += one.transactions
  }
  return { medianMs: times.sort((a, b) => a - b)[count >> 1]!, transactions: transactions / count }
}

/** The same write with axios alone, through the kit, and through the kit's queue. */
export async function measureOnline(db: string, count: number) {
  const plain = axios.create({ baseURL: 'https://api.test', adapter })
  const api = axios.create({ baseURL: 'https://api.test', adapter })
  const connection = createConnection({ probe: async () => ({ kind: 'good' }) })
  const queue = createQueue({
    connection,
    store: indexedDbStore({ name: db, askToPersist: false }),
    scope: 'bench',
    handlers: { request: { honoursKeys: true, send: sendRequest(api) } },
  })
  const http = attachHttp(api, { connection, queue, idempotency: 'honoured' })
  connection.start()
  queue.start()
  const durable = (seq: number) => ({ durable: { label: `Order ${seq}` } })
  const costs = {
    'axios alone': await costOf((seq) => plain.post('/orders', itemOf(seq)), count),
    'holdfast, held in memory': await costOf((seq) => api.post('/orders', itemOf(seq)), count),
    'holdfast, durable': await costOf((seq) => api.post('/orders', itemOf(seq), durable(seq)), count),
  }
  http.detach()
  queue.stop()
  connection.stop()
  return costs
}
