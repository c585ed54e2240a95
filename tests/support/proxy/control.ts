/** The proxy by HTTP: `GET /`, `POST /mode`, `POST /faults`, `DELETE /faults/<id>`. Answers are JSON. */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { plainObject } from '../../../mocks/checks.js'
import type { Fault } from '../../../mocks/faults.js'
import { badOption } from '../../../src/core/errors.js'
import type { FaultProxy } from '../fault-proxy.js'
import { type AsyncStop, type FaultMode, faultModes } from './wire.js'

/** A running control port, on loopback alone. */
export interface ControlPort {
  readonly port: number
  readonly origin: string
  stop(): Promise<void>
}

interface Reply {
  readonly status: number
  readonly body?: unknown
}

/** No fault is longer, and nobody fills the memory. */
const LONGEST_BODY = 64 * 1024

/** Starts one; port 0 is any free one. */
export async function createControlPort(proxy: FaultProxy, port: number): Promise<ControlPort> {
  const faults = new Map<number, { fault: Fault; stop: AsyncStop }>()
  let ids = 0

  const state = async () => ({
    port: proxy.port,
    mode: await proxy.mode(),
    connections: proxy.connections,
    faults: [...faults].map(([id, { fault }]) => ({ id, fault })),
  })
  const routes: Readonly<Record<string, (body: unknown, id: string) => Promise<Reply>>> = {
    'GET /': async () => ({ status: 200, body: await state() }),
    'POST /mode': async (body) => {
      const { mode } = plainObject('body', body)
      if (!faultModes.includes(mode as FaultMode)) throw badOption('mode', mode, faultModes.join(', '))
      return {
        status: 200,
        body: { mode: await proxy.mode(mode as FaultMode) },
      }
    },
    'POST /faults': async (body) => {
      const fault = body as Fault
      const stop = await proxy.apply(fault)
      const id = ++ids
      faults.set(id, { fault, stop })
      return { status: 201, body: { id } }
    },
    'DELETE /faults': async (_body, id) => {
      const entry = faults.get(Number(id))
      if (!entry) return { status: 404, body: { error: `No fault ${id} is in force` } }
      faults.delete(Number(id))
      await entry.stop()
      return { status: 204 }
    },
  }

  async function serve(request: IncomingMessage): Promise<Reply> {
    const [, first = '', id = ''] = new URL(request.url ?? '/', 'http://localhost').pathname.split('/')
    const route = routes[`${request.method} /${first}`]
    if (!route)
      return {
        status: 404,
        body: { error: `${request.method} ${request.url} is not here` },
      }
    try {
      return await route(request.method === 'POST' ? await readJson(request) : undefined, id)
    } catch (error) {
      return {
        status: 400,
        body: { error: error instanceof Error ? error.message : String(error) },
      }
    }
  }
  const server = createServer((request, response) => {
    void serve(request).then((reply) => send(response, reply))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const own = (server.address() as { port: number }).port
  return {
    port: own,
    origin: `http://127.0.0.1:${own}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    Connection: 'close',
  })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > LONGEST_BODY)
      throw badOption('body', `${text.length} characters`, `up to ${LONGEST_BODY}`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw badOption('body', text.slice(0, 80), 'JSON')
  }
}
