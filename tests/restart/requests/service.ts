/** A service of one's own: it can be taken away and brought back, and remembers who came when. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** A request that arrived; instants are ms of this process' clock. */
export interface Visit {
  readonly method: string
  readonly path: string
  readonly at: number
  /** How many were being answered when it came, and how many had been since the service is up. */
  readonly beside: number
  readonly before: number
  /** Bytes of its body, once they are all there. */
  bytes: number
  /** Whether its asker has gone before it was answered. */
  isLeft: boolean
}

/** The service. */
export interface Service {
  readonly origin: string
  readonly visits: readonly Visit[]
  /** Nobody listens, and every connection is reset. */
  leave(): Promise<void>
  comeBack(): Promise<void>
}

const OPEN_TO_ALL = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Allow-Methods': '*',
  'Access-Control-Expose-Headers': '*',
  'Access-Control-Max-Age': '600',
  Holdfast: '1',
}
/** What is read in pieces of at most 64 KiB takes so long for each. */
const CHUNK_MS = 3

/**
 * Starts it on a port of its own. `workMs`: how long an answer takes, so that several at once can be seen. `/busy…` is told once to wait 1 s, `/never…` gets no answer, `/slow…` is read slowly.
 */
export async function startService(workMs = 60): Promise<Service> {
  const visits: Visit[] = []
  const told = new Set<string>()
  let answering = 0
  let answered = 0

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '' } = request
    if (method === 'OPTIONS' || path === '/health') return void response.writeHead(204, OPEN_TO_ALL).end()
    const visit: Visit = {
      ...{ method, path, at: performance.now(), beside: answering, before: answered },
      ...{ bytes: 0, isLeft: false },
    }
    visits.push(visit)
    answering += 1
    response.once('close', () => {
      answering -= 1
      visit.isLeft = !response.writableFinished
    })
    for await (const chunk of request) {
      visit.bytes += (chunk as Buffer).byteLength
      if (path.startsWith('/slow')) await wait(CHUNK_MS)
    }
    if (path.startsWith('/never')) return
    await wait(workMs)
    answered += 1
    const headers = { ...OPEN_TO_ALL, 'Content-Type': 'application/json' }
    if (!path.startsWith('/busy') || told.has(path)) return void response.writeHead(200, headers).end(path)
    told.add(path)
    response.writeHead(429, { ...headers, 'Retry-After': '1' }).end('{}')
  }

  const listen = (port: number) => {
    const server = createServer((request, response) => void answer(request, response).catch(() => {}))
    return new Promise<typeof server>((ready) => server.listen(port, '127.0.0.1', () => ready(server)))
  }
  let server = await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    visits,
    leave: () =>
      new Promise((gone) => {
        server.close(() => gone())
        server.closeAllConnections()
      }),
    async comeBack() {
      answering = answered = 0
      server = await listen(port)
    },
  }
}
