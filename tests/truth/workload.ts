/**
 * The workload of the truth test: a connection, a status and a client that asks at planned moments. The same
 * code runs on the simulator and in a page; it knows only the ports that it is given.
 */
import axios, { type AxiosAdapter, type AxiosInstance, type AxiosResponse } from 'axios'
import { attachHttp } from '../../src/http/index.js'
import {
  createConnection,
  createStatus,
  type AuthPort,
  probe,
  type Clock,
  type ConnectionState,
  type Random,
  type Signal,
} from '../../src/index.js'
import type { PlannedRequest } from './plan.js'
import type { Moment, RequestTrace, Trace } from './trace.js'

/** Where it runs. */
export interface World {
  readonly baseURL: string
  readonly clock: Clock
  readonly random: Random
  readonly signals: readonly Signal[]
  readonly fetch: typeof globalThis.fetch
  readonly adapter: AxiosAdapter
}

/** A run under way. */
export interface Workload {
  /** The trace so far. */
  report(): Trace
  stop(): void
}

/** The connection starts so long before the scenario, and is up when that begins. */
export const LEAD_MS = 1_000
/** Before that, whatever is slow the first time is done once: in a page, a fetch and an XMLHttpRequest. */
const WARM_UP_MS = 1_500

type Note = { -readonly [K in keyof RequestTrace]: RequestTrace[K] }

/** Starts it now; the scenario begins at `startAt` (epoch ms), `LEAD_MS` after the connection does. */
export function startWorkload(world: World, plan: readonly PlannedRequest[], startAt: number): Workload {
  const { baseURL, clock, signals } = world
  // Keys have chance of their own: else each that is made before or after a probe by chance moves the next one.
  const random = { ...world.random, bytes: world.random.fork('keys').bytes }
  const sinceStart = () => clock.now() - startAt
  const links: Moment[] = []
  const phases: Moment[] = []
  const departures: Moment[] = []
  const notes = plan.map(({ number, method }): Note => {
    return { number, method, attempts: 0, outcome: 'pending', settledMs: null }
  })
  const note = (list: Moment[], what: string) => {
    if (list.at(-1)?.what !== what) list.push({ atMs: sinceStart(), what })
  }

  const fetch: typeof globalThis.fetch = (input, init) => {
    departures.push({ atMs: sinceStart(), what: 'probe' })
    return world.fetch(input, init)
  }
  const auth = createTokens()
  const health = probe(`${baseURL}/health`, { fetch })
  const connection = createConnection({ probe: health, signals, auth, clock, random })
  const adapter: AxiosAdapter = (config) => {
    const { n } = config.params as { n: number }
    departures.push({ atMs: sinceStart(), what: `request ${n}` })
    notes[n - 1]!.attempts += 1
    // Today's, however long it was held: else each that was held would be refused once more, in pairs or not, by chance.
    config.headers.set('Authorization', `Bearer ${auth.token()}`)
    return world.adapter(config)
  }
  const api = axios.create({ baseURL, adapter: Object.assign(adapter, namesOf(world.adapter)) })
  const http = attachHttp(api, { connection, idempotency: 'honoured' })
  const status = createStatus({ connections: connection, sources: [http] })
  connection.subscribe((state) => note(links, nameOf(state)))
  status.subscribe(({ phase }) => note(phases, phase))

  const ask = async ({ number, method }: PlannedRequest): Promise<void> => {
    const outcome = await send(api, number, method).then(outcomeOf, failureOf)
    Object.assign(notes[number - 1]!, { outcome, settledMs: sinceStart() })
  }
  const at = (ms: number, run: () => void) => clock.setTimeout(run, ms - sinceStart())
  const cancels = [
    at(-WARM_UP_MS, () => void warmUp(world)),
    at(-LEAD_MS, connection.start),
    status.start(),
    ...plan.map((planned) => at(planned.atMs, () => void ask(planned))),
  ]

  return {
    report: () => structuredClone({ links, phases, requests: notes, departures }),
    stop() {
      for (const cancel of cancels) cancel()
      http.detach()
      connection.stop()
    },
  }
}

async function warmUp({ baseURL, fetch, adapter }: World): Promise<void> {
  await (await fetch(`${baseURL}/health`)).text()
  await axios.create({ baseURL, adapter }).get('/orders')
}

/** What axios calls its own adapters: the kit asks for it. */
export const namesOf = (adapter: AxiosAdapter): object =>
  'adapterName' in adapter ? { adapterName: adapter.adapterName } : {}

function send(api: AxiosInstance, n: number, method: 'GET' | 'POST'): Promise<AxiosResponse> {
  const config = { params: { n } }
  return method === 'GET' ? api.get('/orders', config) : api.post('/orders', { item: 'rope', qty: n }, config)
}

interface Tokens extends AuthPort {
  token(): string
}

/** Tokens of nobody's making: a service that asks for none takes any, and `unauthorized` refuses the first. */
function createTokens(): Tokens {
  let number = 1
  return {
    token: () => `token-${number}`,
    async refresh() {
      number += 1
    },
  }
}

/** What people would call the state of a connection: that of its link, and of its tokens unless all is well. */
function nameOf({ link, auth }: ConnectionState): string {
  const cause = 'cause' in link && link.cause ? ` (${link.cause})` : ''
  const isNews = auth === 'refreshing' || auth === 'required'
  return `${link.name}${cause}${isNews ? `, ${auth}` : ''}`
}

const outcomeOf = ({ headers }: AxiosResponse): string =>
  headers['idempotent-replayed'] === 'true' ? 'ok (replayed)' : 'ok'

function failureOf(error: unknown): string {
  return axios.isAxiosError(error) || error instanceof Error
    ? String((error as { holdfast?: { outcome: string } }).holdfast?.outcome ?? error.message)
    : String(error)
}
