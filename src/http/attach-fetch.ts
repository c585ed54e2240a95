/** The kit on a fetch: a second platform of the core that serves axios. */
import { badOption } from '../core/errors.js'
import { func } from '../core/options.js'
import type { FactSource, Stop } from '../core/state.js'
import { createClient, type Platform } from './client.js'
import { isSingle, type Config } from './config.js'
import { createFetchAdapter, drop, Impossible, type FetchAnswer } from './fetch-adapter.js'
import { enqueue } from './fetch-durable.js'
import {
  createFetchConfig,
  isRequest,
  reasonOf,
  type FetchConfig,
  type HoldfastFetch,
  type HoldfastRequestInit,
} from './fetch-request.js'
import { fetchSharing, partOf } from './fetch-sharing.js'
import { createSettings, type HttpOptions } from './options.js'
import { createOrigins } from './origins.js'
import type { Sharing } from './share.js'
import { refuseForeign, sendSingle } from './single.js'

/** What `attachFetch` returns; a source of facts for `createStatus`. */
export interface AttachedFetch extends FactSource {
  /** To be called, and handed to libraries, in place of the fetch that was given. */
  readonly fetch: HoldfastFetch
  /**
   * Takes the kit off: what is held rejects with `stopped` and is never sent, what is in the air ends by itself,
   * and `fetch` is the one that was given.
   */
  detach: Stop
}

/** A fetch that is already ours. */
const ATTACHED = Symbol.for('holdfast.fetch')

/**
 * Makes a fetch whose requests to the service are held while the link is down, repeated where that is safe, and
 * give evidence to the connection. Everything else of fetch stays as it is: it resolves with the `Response`
 * whatever its status (the last one, when the attempts are used up), and rejects with the platform's TypeError,
 * or the signal's reason, which is heard while a request is held too. A `HoldfastError` comes only where the
 * platform has none: held in vain, silent for `stalledMs`, or an answer that is not the service's.
 *
 * Untouched, argument for argument: other origins, `mode: 'no-cors'` (its answers tell nothing), requests marked
 * `holdfast: false`, and all of them while the connection is idle. Only a kept write (`durable`, or with a key in
 * its mark) to another origin is refused with `bad-action`.
 *
 * - Strings and Blobs are sent again as they are; of other bodies, and of a Request's, a copy is held in memory
 *   until the request is over. A stream (`body: ReadableStream`) is sent once, and never again.
 * - The kit's part ends with the head of the answer, and so do its limits (`attemptTimeoutMs`, `deadlineMs`,
 *   `stalledMs`): bodies, event streams among them, are not touched; only the caller's signal ends them. A long
 *   poll says `holdfast: { stalledMs: Infinity }`; so does an upload that may take longer than `stalledMs`, for
 *   fetch tells nothing of its progress.
 * - Identical reads that are held are sent once (method, address, headers and what else says how to fetch), and
 *   each caller reads a part of his own of the answer, which his signal alone ends. One that is not read stays in
 *   memory as long as it is kept, as with any `clone()`.
 * - Unmarked HTML with a success is taken for a captive portal's page, unless the request's `Accept` names html.
 *
 * @param fetch the fetch to be used, such as `globalThis.fetch`
 * @throws `bad-option` for an unknown or impossible option, or a fetch that is attached already
 */
export function attachFetch(fetch: typeof globalThis.fetch, options: HttpOptions): AttachedFetch {
  func('a fetch')('attachFetch.fetch', fetch)
  if (ATTACHED in fetch)
    throw badOption('attachFetch.fetch', 'attached already', 'a fetch that is not attached yet')
  const settings = createSettings('attachFetch', options)
  const { connection, queue, origins } = settings
  const isOurs = createOrigins({ defaults: {} }, origins, connection.origins)
  const adapter = createFetchAdapter(fetch)
  // The core hands on the configs that it is given, and gives back the adapter's answers.
  const client = createClient(connection, settings, {
    adapterFor: () => adapter,
    cancelled: reasonOf as Platform['cancelled'],
    sharing: fetchSharing as Sharing,
  })
  const request = client.request as (config: Config) => Promise<FetchAnswer>

  const through: HoldfastFetch = (input, init) => fetch(input, init && withoutMarks(init))

  async function send(config: FetchConfig): Promise<Response> {
    try {
      const { response } = await (isSingle(config) ? sendSingle(config, request) : request(config))
      return partOf(config, response)
    } catch (error) {
      drop(config)
      throw error instanceof Impossible ? error.cause : error
    }
  }

  let way: HoldfastFetch = async (input, init) => {
    const { link, intent } = connection.state
    const isKept = Boolean(init?.durable || (init?.holdfast && init.holdfast.key !== undefined))
    const url = isRequest(input) ? input.url : String(input)
    if (init?.holdfast === false) return through(input, init)
    if (!isOurs({ url } as Config)) return isKept ? refuseForeign() : through(input, init)
    const isOpaque = (init?.mode ?? (isRequest(input) ? input.mode : '')) === 'no-cors'
    const isIdle = link.name === 'idle' && intent === 'online'
    if (!isKept && (isOpaque || isIdle)) return through(input, init)
    const config = createFetchConfig(input, init)
    return config.durable ? enqueue(config, queue) : send(config)
  }

  return {
    fetch: Object.assign(((input, init) => way(input, init)) as HoldfastFetch, { [ATTACHED]: true }),
    subscribe: client.subscribe,
    detach() {
      way = through
      client.close()
    },
  }
}

/** The caller's own object, if there is nothing to be left out. */
function withoutMarks(init: HoldfastRequestInit): RequestInit {
  if (!('holdfast' in init) && !('durable' in init)) return init
  const { holdfast: _holdfast, durable: _durable, ...rest } = init
  return rest
}
