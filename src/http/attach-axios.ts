/** The kit on an axios instance: a wrapped adapter, not a pair of interceptors (docs/spec/performance.md). */
import { getAdapter, type AxiosAdapter, type AxiosInstance, type InternalAxiosRequestConfig } from 'axios'
import { badOption } from '../core/errors.js'
import { having } from '../core/options.js'
import type { FactSource, Stop } from '../core/state.js'
import { cancelled } from './axios-cancel.js'
import { axiosSharing } from './axios-sharing.js'
import { createClient, type Platform } from './client.js'
import { isSingle, type DurableMark, type HoldfastMark, type HoldfastReport } from './config.js'
import { enqueue } from './durable.js'
import { createSettings, type HttpOptions } from './options.js'
import { createOrigins } from './origins.js'
import { refuseForeign, sendSingle } from './single.js'

declare module 'axios' {
  interface AxiosRequestConfig {
    /** `false`: the kit leaves this request alone (refresh and login must say so). */
    holdfast?: false | HoldfastMark
    /** Send this write through the queue. Its promise settles with the queue's outcome. */
    durable?: DurableMark
  }
  interface AxiosError {
    /** Set on errors of the service's requests: what became of them. */
    holdfast?: HoldfastReport
  }
}

/** What `attachHttp` returns; a source of facts for `createStatus`. */
export interface AttachedHttp extends FactSource {
  /**
   * Takes the kit off: what is held rejects with `stopped` and is never sent, what is in the air ends by
   * itself, and the instance has its own adapter again.
   */
  detach: Stop
}

const instance = having<AxiosInstance>('request', 'an axios instance: axios.create()')

/** An adapter that is already ours. */
const ATTACHED = Symbol.for('holdfast.http')

/**
 * Attaches the kit to an axios instance: its requests to the service are held while the link is down, repeated
 * where that is safe, and give evidence to the connection. Requests with an `adapter` of their own, requests
 * marked `holdfast: false` and those to other origins are left as they are; only a kept write (`durable`, or
 * with a key in its mark) to another origin is refused with `bad-action`, and never sent.
 *
 * @param axios an instance (`axios.create()`), or axios itself
 * @throws `bad-option` for an unknown or impossible option, or an instance that is attached already
 */
export function attachHttp(axios: AxiosInstance, options: HttpOptions): AttachedHttp {
  instance('attachHttp.axios', axios)
  const settings = createSettings('attachHttp', options)
  const { connection, queue, origins } = settings
  const own = axios.defaults.adapter
  if (typeof own === 'function' && ATTACHED in own) {
    throw badOption('attachHttp.axios', 'attached already', 'an axios instance that is not attached yet')
  }
  const isOurs = createOrigins(axios, origins, connection.origins)
  let known = typeof own === 'function' ? own : null
  const through: AxiosAdapter = (config) => adapterFor(config)(config)
  // The core hands axios' own configs on, and gives its answers back; it only types them by what it reads.
  const platform = { adapterFor, cancelled, sharing: axiosSharing(axios) } as unknown as Platform
  const client = createClient(connection, settings, platform)
  const request = client.request as unknown as AxiosAdapter

  let way: AxiosAdapter = (config) => {
    if (config.holdfast === false) return through(config)
    if (!isOurs(config)) return config.durable || isSingle(config) ? refuseForeign() : through(config)
    if (config.durable) return enqueue(config, queue, axios)
    return isSingle(config) ? sendSingle(config, request) : request(config)
  }
  const adapter: AxiosAdapter = Object.assign((config: InternalAxiosRequestConfig) => way(config), {
    [ATTACHED]: true,
  })
  axios.defaults.adapter = adapter

  /** axios' own adapters are looked up once; only that of fetch depends on the config. */
  function adapterFor(config: InternalAxiosRequestConfig): AxiosAdapter {
    if (known) return known
    const found = getAdapter(own, config)
    if ('adapterName' in found) known = found
    return found
  }

  return {
    subscribe: client.subscribe,
    detach() {
      way = through
      if (axios.defaults.adapter === adapter) restore()
      client.close()
    },
  }

  function restore(): void {
    if (own === undefined) delete axios.defaults.adapter
    else axios.defaults.adapter = own
  }
}
