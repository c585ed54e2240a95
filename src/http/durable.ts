/** Both ends of a durable write: into the queue as data, and out of it as a request. */
import { getAdapter, type AxiosInstance, type AxiosResponse } from 'axios'
import { HoldfastError } from '../core/errors.js'
import type { Config } from './config.js'
import type { DurablePort, RequestPayload, SendRequest, WireAnswer } from './durable-port.js'
import { header } from './headers.js'

/** The only headers that are kept: they describe the body. Tokens are put on when it is sent. */
const KEPT_HEADERS = ['Content-Type', 'Accept', 'If-Match'] as const

const METHODS = ['post', 'put', 'patch', 'delete']

/** Hands a marked request to the queue, and gives its caller the queue's outcome as axios' answer. */
export async function enqueue(config: Config, queue: DurablePort | undefined): Promise<AxiosResponse> {
  const { durable, params, data } = config
  const method = config.method?.toLowerCase() ?? 'get'
  if (!durable || !queue) throw new HoldfastError('bad-action', 'it is marked durable, and http has no queue')
  if (!METHODS.includes(method)) throw new HoldfastError('bad-action', `${method} is no write`)
  const headers: Record<string, string> = {}
  for (const name of KEPT_HEADERS) {
    const value = header(config.headers, name.toLowerCase())
    if (value !== undefined) headers[name] = value
  }
  const result = await queue.enqueueRequest({
    handler: durable.handler ?? 'request',
    label: durable.label,
    payload: {
      method,
      url: config.url ?? '',
      headers,
      ...(params === undefined ? {} : { params }),
      ...(data === undefined ? {} : { data }),
    },
    ...(durable.lane === undefined ? {} : { lane: durable.lane }),
  })
  const answer = isWireAnswer(result) ? result : { status: 200, statusText: '', headers: {}, data: result }
  return { ...answer, config }
}

/**
 * How the queue's handler `request` sends a marked request: through this instance, as a single attempt under
 * the action's key. The interceptors run again, so that the token is the one of today.
 *
 * `createQueue({ handlers: { request: { honoursKeys: true, send: sendRequest(api) } }, ... })`
 */
export function sendRequest(axios: AxiosInstance): (sending: SendRequest) => Promise<WireAnswer> {
  return async ({ payload, key, signal }) => {
    if (!isPayload(payload)) throw new HoldfastError('bad-action', 'its payload is no request')
    let answer: WireAnswer | undefined
    await axios.request({
      ...payload,
      holdfast: { key, signal },
      // The bytes were fixed when it was accepted.
      transformRequest: (data: unknown) => data,
      // The answer is caught as it came over the wire: it is transformed where it was asked for.
      async adapter(config) {
        const response = await getAdapter(axios.defaults.adapter, config)(config)
        const { status, statusText, data } = response
        answer = { status, statusText, headers: textsOf(response.headers), data }
        return response
      },
    })
    if (!answer) throw new HoldfastError('maybe-committed')
    return answer
  }
}

function textsOf(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}

/** What comes out of a store is data: only what has the shape of a write is sent. */
function isPayload(given: unknown): given is RequestPayload {
  if (typeof given !== 'object' || given === null) return false
  const { method, url, headers } = given as Partial<RequestPayload>
  return METHODS.includes(method ?? '') && typeof url === 'string' && typeof headers === 'object'
}

function isWireAnswer(given: unknown): given is WireAnswer {
  return typeof given === 'object' && given !== null && 'status' in given && 'headers' in given
}
