/** The order desk: a small application, wired to the kit as any other would be. */
import axios, { type AxiosAdapter, type AxiosInstance } from 'axios'
import { shallowRef, type Plugin, type ShallowRef } from 'vue'
import { attachHttp } from '../../src/http/index.js'
import {
  createConnection,
  createStatus,
  probe,
  type Clock,
  type Connection,
  type Random,
} from '../../src/index.js'
import type {
  AuthPort,
  PolicyOptions,
  Schedule,
  Signal,
  Status,
  StatusThresholds,
  Stop,
} from '../../src/index.js'
import { createQueue, type Queue, type QueueStore } from '../../src/queue/index.js'
import { createHoldfast, type HoldfastOptions } from '../../src/vue/index.js'

/** An order as the server has it. */
export interface Order {
  readonly id: string
  readonly position: number
  readonly item: string
  readonly qty: number
  readonly note: string | null
}

/** What a person fills in. */
export interface NewOrder {
  readonly item: string
  readonly qty: number
  readonly note: string | null
  /** The number that a test counts by. */
  readonly seq?: number
}

/** Where the desk lives: a real server and the system clock, or the simulator. */
export interface DeskWorld {
  readonly baseURL: string
  readonly store: QueueStore
  /** Whose actions the desk keeps. Default: `DESK_SCOPE`. */
  readonly scope?: string
  readonly signals: readonly Signal[]
  readonly fetch?: typeof globalThis.fetch
  readonly adapter?: AxiosAdapter
  readonly clock?: Clock
  readonly random?: Random
  readonly schedule?: Schedule
  /** Numbers of the connection that are not the default. */
  readonly policy?: PolicyOptions
  /** Numbers of what people see that are not the default. */
  readonly thresholds?: StatusThresholds
  /** Tokens, sent with every request. Default: none. */
  readonly auth?: AuthPort
  /**
   * How long one try of a request may take, in ms; then it is made anew, on a new connection. Default: as long as it
   * takes, until the kit has heard nothing for a minute.
   */
  readonly attemptTimeoutMs?: number
}

/** Everything that the page and its tests need. */
export interface Desk {
  readonly api: AxiosInstance
  readonly connection: Connection
  readonly queue: Queue
  readonly status: Status
  /** What the plugin is made of, for whoever provides it to a part of a page. */
  readonly parts: HoldfastOptions
  readonly plugin: Plugin
  readonly orders: Readonly<ShallowRef<readonly Order[]>>
  /** Accepted when it resolves; applied when the queue says so. */
  place(order: NewOrder): Promise<void>
  /** Whether what waits would survive a reload. */
  persisted(): boolean
  refresh(): Promise<void>
  /** Lets go of the client; the plugin stops the rest. */
  dispose: Stop
}

/** Whose actions the desk keeps, where nobody signs in. */
export const DESK_SCOPE = 'demo'

const only = <T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never

/** Wires the parts. Nothing runs until the plugin is installed. */
export function createDesk(world: DeskWorld): Desk {
  const { baseURL, store, signals, fetch, adapter, clock, random, schedule, policy, thresholds, auth } = world
  const connection = createConnection({
    probe: probe(`${baseURL}/health`, only({ fetch })),
    signals,
    ...only({ clock, random, schedule, auth }),
    ...policy,
  })
  const api = axios.create({ baseURL, ...only({ adapter }) })
  if (auth) {
    api.interceptors.request.use(async (config) => {
      config.headers.set('Authorization', `Bearer ${await auth.token()}`)
      return config
    })
  }
  const http = attachHttp(api, {
    ...{ connection, idempotency: 'honoured' },
    ...only({ attemptTimeoutMs: world.attemptTimeoutMs }),
  })
  const queue = createQueue({
    connection,
    store,
    scope: world.scope ?? DESK_SCOPE,
    handlers: {
      order: {
        honoursKeys: true,
        send: ({ payload, key, signal }) => api.post('/orders', payload, { holdfast: { key, signal } }),
      },
    },
  })
  const status = createStatus({
    connections: { orders: connection },
    sources: [http, queue],
    ...thresholds,
  })
  const orders = shallowRef<readonly Order[]>([])
  let isPersisted = false
  const stopFacts = queue.subscribe((facts) => (isPersisted = facts.queue?.persisted ?? isPersisted))

  /** One list at a time: a change in the middle of one asks once more. */
  let loading: 'no' | 'yes' | 'again' = 'no'
  async function refresh(): Promise<void> {
    if (loading !== 'no') return void (loading = 'again')
    loading = 'yes'
    try {
      orders.value = (await api.get<{ orders: Order[] }>('/orders')).data.orders
    } catch {
      // The list stays as it is; the status says why.
    }
    const isStale = (loading as string) === 'again'
    loading = 'no'
    if (isStale) await refresh()
  }
  const stopSettled = queue.onSettled(() => void refresh())

  const parts: HoldfastOptions = { connections: { orders: connection }, status, queue }

  return {
    api,
    connection,
    queue,
    status,
    parts,
    plugin: createHoldfast(parts),
    orders,
    async place({ item, qty, note, seq }) {
      const label = `${qty} × ${item}`
      await queue.enqueue({
        handler: 'order',
        payload: { item, qty, note, ...only({ seq }) },
        label,
        lane: 'orders',
      })
    },
    persisted: () => isPersisted,
    refresh,
    dispose() {
      stopSettled()
      stopFacts()
      http.detach()
    },
  }
}
