/** One axios instance with the kit, a real connection, and a network and a health check that do as they are told. */
import axios, {
  AxiosError,
  AxiosHeaders,
  CanceledError,
  type AxiosInstance,
  type AxiosProgressEvent,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios'
import { manualClock, type ManualClock } from '../../mocks/manual-clock.js'
import { seededRandom } from '../../mocks/random.js'
import { createConnection } from '../../src/core/connection.js'
import { fixed } from '../../src/core/schedule.js'
import type {
  AuthPort,
  Connection,
  ConnectionEvent,
  Facts,
  OutageReport,
  ProbeResult,
} from '../../src/core/state.js'
import { attachHttp, type AttachedHttp, type HttpOptions } from '../../src/http/index.js'

/** A request on the wire. */
export interface Sent {
  readonly method: string
  readonly url: string
  /** A copy, names in lower case. */
  readonly headers: Record<string, string>
  readonly data: unknown
  readonly config: InternalAxiosRequestConfig
  /** Still in the air. */
  readonly isOpen: () => boolean
  answer(status?: number, data?: unknown, headers?: Record<string, string>): void
  fail(error: unknown): void
  /** An axios error with this code. */
  error(code: string, message?: string): void
  /** Bytes of the body came. */
  progress(): void
}

/** A network whose requests are answered by hand. */
export interface Net {
  readonly sent: Sent[]
  /** The last one. */
  readonly last: Sent
  readonly open: number
  adapter(config: InternalAxiosRequestConfig): Promise<AxiosResponse>
}

export const JSON_TYPE = { 'content-type': 'application/json' }

export function createNet(): Net {
  const sent: Sent[] = []
  let open = 0
  return {
    sent,
    get last() {
      const last = sent.at(-1)
      if (!last) throw new Error('nothing was sent')
      return last
    },
    get open() {
      return open
    },
    adapter: (config) =>
      new Promise((resolve, reject) => {
        let isOpen = true
        open += 1
        const end = (settle: () => void) => {
          if (!isOpen) return
          isOpen = false
          open -= 1
          config.signal?.removeEventListener?.('abort', onAbort)
          config.cancelToken?.unsubscribe(onToken)
          settle()
        }
        const onAbort = () => end(() => reject(new CanceledError(undefined, config)))
        const onToken = (reason: unknown) => end(() => reject(reason as Error))
        config.signal?.addEventListener?.('abort', onAbort)
        config.cancelToken?.subscribe(onToken)
        const plain = Object.entries(config.headers.toJSON() as Record<string, string>)
        sent.push({
          method: config.method ?? 'get',
          url: `${config.baseURL ?? ''}${config.url ?? ''}`,
          headers: Object.fromEntries(plain.map(([name, value]) => [name.toLowerCase(), value])),
          data: config.data,
          config,
          isOpen: () => isOpen,
          answer: (status = 200, data: unknown = '{"ok":true}', headers = JSON_TYPE) =>
            end(() => settle(config, status, data, headers, resolve, reject)),
          fail: (error) => end(() => reject(error as Error)),
          error: (code, message = code) => end(() => reject(new AxiosError(message, code, config, {}))),
          progress: () => config.onDownloadProgress?.({ loaded: 1, bytes: 1 } as AxiosProgressEvent),
        })
      }),
  }
}

function settle(
  config: InternalAxiosRequestConfig,
  status: number,
  data: unknown,
  headers: Record<string, string>,
  resolve: (response: AxiosResponse) => void,
  reject: (error: AxiosError) => void,
): void {
  const response = { status, statusText: '', data, headers: new AxiosHeaders(headers), config, request: {} }
  if (!config.validateStatus || config.validateStatus(status)) return resolve(response)
  const code = status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE
  reject(new AxiosError(`Request failed with status code ${status}`, code, config, {}, response))
}

export type Health = ProbeResult | 'silent'

export interface Rig {
  readonly clock: ManualClock
  readonly connection: Connection
  readonly net: Net
  readonly api: AxiosInstance
  readonly http: AttachedHttp
  /** Everything that was sent to the connection. */
  readonly events: ConnectionEvent[]
  readonly facts: { held: number; pendingSince: number | null }
  /** What the health check says from now on. */
  health: Health
  /** How often the health check was asked. */
  probes: number
  /** Starts the connection and waits until it is online. */
  online(): Promise<void>
  /** Proves a loss, by a suspicion and a failed probe. */
  lose(): Promise<void>
  /** The health check is good again, and is asked. */
  recover(): Promise<void>
  readonly link: string
}

export interface RigOptions extends Partial<Omit<HttpOptions, 'connection'>> {
  auth?: AuthPort
  baseURL?: string
  onOutage?: (outage: OutageReport) => void
}

export const BASE = 'https://api.test'

/** Retries wait 1 s each, attempts of the connection are 1 s apart: numbers that are easy to follow. */
export function createRig({ auth, baseURL = BASE, onOutage, ...options }: RigOptions = {}): Rig {
  const clock = manualClock()
  const events: ConnectionEvent[] = []
  const facts = { held: 0, pendingSince: null as number | null }
  const probe = (signal: AbortSignal): Promise<ProbeResult> => {
    rig.probes += 1
    if (rig.health !== 'silent') return Promise.resolve(rig.health)
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  }
  const inner = createConnection({
    probe,
    clock,
    random: seededRandom(1),
    schedule: fixed(1_000),
    ...(auth ? { auth } : {}),
    ...(onOutage ? { onOutage } : {}),
  })
  const send = (event: ConnectionEvent) => {
    events.push(event)
    inner.send(event)
  }
  const connection = Object.create(inner, { send: { value: send } }) as Connection
  const net = createNet()
  const api = axios.create({ baseURL, adapter: net.adapter })
  const http = attachHttp(api, { connection, schedule: fixed(1_000), ...options })
  http.subscribe((change: Partial<Facts>) => Object.assign(facts, change))

  const rig: Rig = {
    clock,
    connection,
    net,
    api,
    http,
    events,
    facts,
    health: { kind: 'good' },
    probes: 0,
    async online() {
      connection.start()
      await clock.settle()
    },
    async lose() {
      rig.health = { kind: 'failed' }
      inner.send({ type: 'SUSPICION', cause: 'server' })
      await clock.settle()
    },
    async recover() {
      rig.health = { kind: 'good' }
      await clock.advance(1_000)
    },
    get link() {
      return connection.state.link.name
    },
  }
  return rig
}

/** What became of a promise: settled how often, and how. */
export interface Watched {
  state: 'pending' | 'resolved' | 'rejected'
  times: number
  value: unknown
}

export function watch(promise: Promise<unknown>): Watched {
  const watched: Watched = { state: 'pending', times: 0, value: undefined }
  const end = (state: 'resolved' | 'rejected') => (value: unknown) => {
    watched.state = state
    watched.times += 1
    watched.value = value
  }
  promise.then(end('resolved'), end('rejected'))
  return watched
}

/** The rejection of a promise. */
export async function rejection(promise: Promise<unknown>): Promise<AxiosError> {
  try {
    await promise
  } catch (error) {
    return error as AxiosError
  }
  throw new Error('it was resolved')
}
