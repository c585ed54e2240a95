/** The kit on an axios instance: a wrapped adapter, not a pair of interceptors (docs/spec/performance.md). */
import { getAdapter, type AxiosAdapter, type AxiosInstance } from 'axios'
import { badOption } from '../core/errors.js'
import type { FactSource, Stop } from '../core/state.js'
import { createClient } from './client.js'
import { isSingle, type Config } from './config.js'
import { enqueue } from './durable.js'
import { createSettings, type HttpOptions } from './options.js'
import { createOrigins } from './origins.js'
import { refuseForeign, sendSingle } from './single.js'

/** What `attachHttp` returns; a source of facts for `createStatus`. */
export interface AttachedHttp extends FactSource {
  /**
   * Takes the kit off: what is held rejects with `stopped` and is never sent, what is in the air ends by
   * itself, and the instance has its own adapter again.
   */
  detach: Stop
}

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
  const settings = createSettings(options)
  const { connection, queue } = options
  const own = axios.defaults.adapter
  if (typeof own === 'function' && ATTACHED in own) {
    throw badOption('attachHttp', 'an attached instance', 'an axios instance that is not attached yet')
  }
  const isOurs = createOrigins(axios, options.origins, connection.origins)
  let known = typeof own === 'function' ? own : null
  const through: AxiosAdapter = (config) => adapterFor(config)(config)
  const client = createClient(connection, settings, adapterFor)

  let way: AxiosAdapter = (config) => {
    if (config.holdfast === false) return through(config)
    if (!isOurs(config)) return config.durable || isSingle(config) ? refuseForeign() : through(config)
    if (config.durable) return enqueue(config, queue, axios)
    return isSingle(config) ? sendSingle(config, client.request) : client.request(config)
  }
  const adapter: AxiosAdapter = Object.assign((config: Config) => way(config), { [ATTACHED]: true })
  axios.defaults.adapter = adapter

  /** axios' own adapters are looked up once; only that of fetch depends on the config. */
  function adapterFor(config: Config): AxiosAdapter {
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
