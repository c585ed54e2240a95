/** An attached fetch on a simulated network, with a real connection and the real health check. */
import { http as msw, HttpResponse, type RequestHandler } from 'msw'
import { manualClock, type ManualClock } from '../../mocks/manual-clock.js'
import { createNetwork, type Network } from '../../mocks/network.js'
import { createConnection } from '../../src/core/connection.js'
import { fixed } from '../../src/core/schedule.js'
import type { AuthPort, Connection, ConnectionEvent, Facts } from '../../src/core/state.js'
import { attachFetch, type AttachedFetch, type HttpOptions } from '../../src/http/fetch.js'
import { probe } from '../../src/signals/probe.js'
import { seededRandom } from '../../mocks/random.js'

export const HOST = 'api.test'
export const BASE = `https://${HOST}`

/** What reached the service. */
export interface Got {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: string
}

export interface World {
  readonly clock: ManualClock
  readonly network: Network
  readonly connection: Connection
  /** Everything that was sent to the connection. */
  readonly events: ConnectionEvent[]
  /** Requests that reached a handler, the last one last. */
  readonly got: Got[]
  /** Puts a handler before the default one, which answers everything with JSON. */
  on(path: string, answer: (request: Request) => Response | Promise<Response>): void
  /** How many requests left for this path. */
  attempts(path: string): number
  online(): Promise<void>
  /** Nobody listens, and the connection has noticed. */
  lose(): Promise<void>
  recover(): Promise<void>
}

/** Retries wait 1 s each, attempts of the connection are 1 s apart: numbers that are easy to follow. */
export function createWorld({ auth }: { auth?: AuthPort } = {}): World {
  const clock = manualClock()
  const got: Got[] = []
  const take = async (request: Request): Promise<void> => {
    const headers = Object.fromEntries(request.headers)
    got.push({ method: request.method, url: request.url, headers, body: await request.clone().text() })
  }
  const handler = (
    path: string,
    answer: (request: Request) => Response | Promise<Response>,
  ): RequestHandler =>
    msw.all(`${BASE}${path}`, async ({ request }) => {
      await take(request)
      return answer(request)
    })
  const network = createNetwork({
    ...{ clock, hosts: [HOST], latencyMs: 40 },
    handlers: [
      handler('/*', ({ method }) =>
        HttpResponse.json({ ok: true }, { status: method === 'POST' ? 201 : 200 }),
      ),
      msw.all('https://other.test/*', async ({ request }) => {
        await take(request)
        return HttpResponse.json({ other: true })
      }),
    ],
  })
  const events: ConnectionEvent[] = []
  const inner = createConnection({
    probe: probe(`${BASE}/health`, { fetch: network.fetch }),
    origins: [BASE],
    clock,
    random: seededRandom(1),
    schedule: fixed(1_000),
    ...(auth ? { auth } : {}),
  })
  const send = (event: ConnectionEvent) => {
    events.push(event)
    inner.send(event)
  }
  const connection = Object.create(inner, { send: { value: send } }) as Connection
  let listens = () => {}
  return {
    ...{ clock, network, connection, events, got },
    on: (path, answer) => void network.use(handler(path, answer)),
    // What a browser sends again by itself is no attempt of the kit.
    attempts: (path) =>
      network.calls().filter(({ url, end }) => new URL(url).pathname === path && end !== 'resent').length,
    async online() {
      connection.start()
      await clock.advance(100)
    },
    async lose() {
      listens = network.apply({ type: 'refuse' })
      inner.send({ type: 'SUSPICION', cause: 'server' })
      await clock.advance(100)
    },
    async recover() {
      listens()
      await clock.advance(1_100)
    },
  }
}

export interface Rig extends World {
  readonly http: AttachedFetch
  readonly facts: { held: number; pendingSince: number | null }
  /** The attached fetch, for a path of the service. */
  ask(path: string, init?: Parameters<AttachedFetch['fetch']>[1]): Promise<Response>
}

/** Options of `attachFetch`, with an auth port, and another fetch than the network's. */
export interface RigOptions extends Partial<Omit<HttpOptions, 'connection'>> {
  auth?: AuthPort
  fetch?: typeof globalThis.fetch
}

export function createRig({ auth, fetch, ...options }: RigOptions = {}): Rig {
  const world = createWorld(auth ? { auth } : {})
  const { connection, network } = world
  const http = attachFetch(fetch ?? network.fetch, { connection, schedule: fixed(1_000), ...options })
  const facts = { held: 0, pendingSince: null as number | null }
  http.subscribe((change: Partial<Facts>) => Object.assign(facts, change))
  return { ...world, http, facts, ask: (path, init) => http.fetch(`${BASE}${path}`, init) }
}
