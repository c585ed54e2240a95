/** Both ends of a durable write: into the queue as data, and out of it as a request. */
import { getAdapter, type AxiosInstance, type AxiosResponse } from 'axios'
import { HoldfastError } from '../core/errors.js'
import { cancelled, listen, unlisten } from './cancel.js'
import type { Config } from './config.js'
import type { DurablePort, RequestPayload, SendRequest, WireAnswer } from './durable-port.js'
import { header } from './headers.js'
import { absolute } from './origins.js'
import { refused } from './single.js'

/** The only headers that are kept: they describe the body. Tokens are put on when it is sent. */
const KEPT_HEADERS = ['Content-Type', 'Accept', 'If-Match'] as const

const METHODS = ['post', 'put', 'patch', 'delete']

/** Hands a marked request to the queue, and gives its caller the queue's outcome as axios' answer. */
export async function enqueue(
  config: Config,
  queue: DurablePort | undefined,
  axios: AxiosInstance,
): Promise<AxiosResponse> {
  const { durable, params, data } = config
  const method = config.method?.toLowerCase() ?? 'get'
  if (!durable || !queue) throw refused('it is marked durable, and http has no queue')
  if (!METHODS.includes(method)) throw refused(`${method} is no write`)
  const request = {
    handler: durable.handler ?? 'request',
    label: durable.label,
    payload: {
      method,
      url: addressOf(config, axios),
      headers: keptOf(config.headers),
      ...(params === undefined ? {} : { params }),
      ...(data === undefined ? {} : { data }),
    },
    ...(durable.lane === undefined ? {} : { lane: durable.lane }),
  }
  const result = await untilCancelled(config, () => queue.enqueueRequest(request))
  const answer = isWireAnswer(result) ? result : { status: 200, statusText: '', headers: {}, data: result }
  return { ...answer, config }
}

/**
 * How the queue's handler `request` sends a marked request: through this instance, as a single attempt under
 * the action's key (`HoldfastMark.key` says what that means). The interceptors run again, so that the token is
 * the one of today: one that rewrites a URL or a body must leave alone what it has rewritten before.
 *
 * A stored row is not trusted: its method, URL, query, body and the three kept headers are sent, nothing else,
 * and to the service's origins only. Only a 2xx confirms it, whatever the instance takes for a success.
 *
 * `createQueue({ handlers: { request: { honoursKeys: true, send: sendRequest(api) } }, ... })`
 *
 * @param axios an instance that the kit is attached to
 */
export function sendRequest(axios: AxiosInstance): (sending: SendRequest) => Promise<WireAnswer> {
  return async ({ payload, key, signal }) => {
    if (!isPayload(payload)) throw refused('its payload is no request')
    const { method, url, params, data, headers } = payload
    let answer: WireAnswer | undefined
    await axios.request({
      method,
      url,
      params,
      data,
      headers: keptOf(headers),
      // axios' own, so that it also ends what still waits for an interceptor.
      signal,
      holdfast: { key },
      validateStatus: (status) => status >= 200 && status < 300,
      // The bytes were fixed when it was accepted.
      transformRequest: (bytes: unknown) => bytes,
      // The answer is caught as it came over the wire: it is transformed where it was asked for.
      async adapter(config) {
        const response = await getAdapter(axios.defaults.adapter, config)(config)
        answer = {
          status: response.status,
          statusText: response.statusText,
          headers: textsOf(response.headers),
          data: response.data,
        }
        return response
      },
    })
    if (!answer) throw new HoldfastError('maybe-committed')
    return answer
  }
}

/** The URL as it is sent later, when the instance's own base is put before it; absolute if it had another. */
function addressOf({ url = '', baseURL, allowAbsoluteUrls }: Config, axios: AxiosInstance): string {
  const { defaults } = axios
  const isAbsoluteAllowed = defaults.allowAbsoluteUrls !== false
  if (baseURL === defaults.baseURL && (allowAbsoluteUrls !== false) === isAbsoluteAllowed) return url
  if (!isAbsoluteAllowed) throw refused('it has a base of its own, and the instance allows no absolute URL')
  const base = baseURL === undefined ? {} : { baseURL }
  const rule = allowAbsoluteUrls === undefined ? {} : { allowAbsoluteUrls }
  return absolute(axios.getUri({ ...base, ...rule, url, params: null }))
}

/** Waits, until the caller has had enough: what was handed over stays where it is. */
async function untilCancelled(config: Config, start: () => Promise<unknown>): Promise<unknown> {
  const reason = cancelled(config)
  if (reason !== undefined) throw reason
  let onCancel = () => {}
  const ended = new Promise((_resolve, reject) => (onCancel = () => reject(cancelled(config))))
  listen(config, onCancel)
  try {
    return await Promise.race([start(), ended])
  } finally {
    unlisten(config, onCancel)
  }
}

function keptOf(given: object): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of KEPT_HEADERS) {
    const value = header(given, name.toLowerCase())
    if (value !== undefined) kept[name] = value
  }
  return kept
}

function textsOf(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}

/** What comes out of a store is data: only what has the shape of a write is sent. */
function isPayload(given: unknown): given is RequestPayload {
  if (typeof given !== 'object' || given === null) return false
  const { method, url, headers } = given as Partial<RequestPayload>
  return (
    METHODS.includes(method ?? '') &&
    typeof url === 'string' &&
    typeof headers === 'object' &&
    headers !== null
  )
}

function isWireAnswer(given: unknown): given is WireAnswer {
  return typeof given === 'object' && given !== null && 'status' in given && 'headers' in given
}
