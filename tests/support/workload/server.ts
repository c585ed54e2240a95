/** The server of the workload: orders, a stream of ticks, and a socket that ticks and echoes. */
import { http, HttpResponse, ws, type AnyHandler } from 'msw'
import type { Network } from '../../../mocks/network.js'
import { createOrderApi, type LedgerEntry } from '../../../mocks/order-api.js'

/** Where it is. */
export const HOST = 'api.example'
/** The same for requests. */
export const BASE = `https://${HOST}`

const TICK_MS = 250
const WORK_MS = 35

/** A server, and what was done in it. */
export interface WorkloadServer {
  readonly handlers: readonly AnyHandler[]
  readonly ledger: readonly LedgerEntry[]
}

/** Makes the server; it lives in the network's time. */
export function createServer(network: () => Network): WorkloadServer {
  const wait = (ms: number) => network().delay(ms)
  const api = createOrderApi({ base: BASE, work: () => wait(WORK_MS) })
  return { handlers: [...api.handlers, ticks(wait), chatter(network)], ledger: api.ledger }
}

/** A stream of events, one each so many ms, from where the client was. */
function ticks(wait: (ms: number) => Promise<void>): AnyHandler {
  return http.get(`${BASE}/ticks`, ({ request }) => {
    let next = Number(request.headers.get('Last-Event-ID')) + 1
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await wait(TICK_MS)
        controller.enqueue(new TextEncoder().encode(`id: ${next}\ndata: tick ${next}\n\n`))
        next++
      },
    })
    return new HttpResponse(body, { headers: { 'Content-Type': 'text/event-stream' } })
  })
}

function chatter(network: () => Network): AnyHandler {
  return ws.link(`wss://${HOST}/chat`).addEventListener('connection', ({ client }) => {
    const { clock } = network()
    let n = 0
    const tick = (): void => {
      client.send(`tick ${++n}`)
      cancel = clock.setTimeout(tick, TICK_MS)
    }
    let cancel = clock.setTimeout(tick, TICK_MS)
    client.addEventListener('message', ({ data }) => client.send(`echo ${String(data)}`))
    client.addEventListener('close', () => cancel())
  })
}
