/** Both ends of a durable write: into the queue as data, and out of it as a request. */
import { getAdapter, type AxiosInstance, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios'
import { HoldfastError } from '../core/errors.js'
import { known } from '../core/known.js'
import { cancelled } from './axios-cancel.js'
import type { Cancelled } from './cancel.js'
import type { DurablePort, SendRequest, WireAnswer } from './durable-port.js'
import { keep, keptOf, payloadOf } from './kept-write.js'
import { absolute } from './origins.js'
import { refused } from './single.js'

/** Hands a marked request to the queue, and gives its caller the queue's outcome as axios' answer. */
export async function enqueue(
  config: InternalAxiosRequestConfig,
  queue: DurablePort | undefined,
  axios: AxiosInstance,
): Promise<AxiosResponse> {
  const { params, paramsSerializer, data } = config
  const queryBy = (serializer: typeof paramsSerializer) =>
    axios.getUri(known({ url: '', params: params as unknown, paramsSerializer: serializer }))
  if (params !== undefined && queryBy(paramsSerializer) !== queryBy(undefined)) {
    throw refused('it has a paramsSerializer of its own, which cannot be kept: write its query into the url')
  }
  const answer = await keep(config, queue, cancelled as Cancelled, async () =>
    known({
      url: addressOf(config, axios),
      headers: keptOf(config.headers),
      params: params as unknown,
      data: data as unknown,
    }),
  )
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
    const { method, url, params, data, headers } = payloadOf(payload)
    let answer: WireAnswer | undefined
    await axios.request({
      method,
      url,
      params,
      data,
      // Its key goes with it whatever has become of the kit: it may have been taken off meanwhile.
      headers: { ...keptOf(headers), 'Idempotency-Key': `"${key}"` },
      maxRedirects: 0,
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
function addressOf(
  { url = '', baseURL, allowAbsoluteUrls }: InternalAxiosRequestConfig,
  axios: AxiosInstance,
): string {
  const { defaults } = axios
  const isAbsoluteAllowed = defaults.allowAbsoluteUrls !== false
  if (baseURL === defaults.baseURL && (allowAbsoluteUrls !== false) === isAbsoluteAllowed) return url
  if (!isAbsoluteAllowed) throw refused('it has a base of its own, and the instance allows no absolute URL')
  return absolute(axios.getUri(known({ baseURL, allowAbsoluteUrls, url, params: null })))
}

function textsOf(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}
