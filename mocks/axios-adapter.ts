/** `network.axiosAdapter`: what axios' own XHR adapter does in a page, over the simulated network. */
import type {
  AxiosAdapter,
  AxiosError,
  AxiosHeaders,
  AxiosProgressEvent,
  AxiosResponse,
  InternalAxiosRequestConfig,
} from 'axios'
import { isRedirect, type Answer, type Bytes } from './answer.js'
import { lookalikes, type AxiosErrors } from './axios-errors.js'
import type { Exchange } from './exchange.js'
import type { InstallerPorts } from './fetch.js'
import { NoAnswer } from './no-answer.js'
import { sizeOf } from './xhr/request-body.js'

type Config = InternalAxiosRequestConfig

/**
 * An adapter for `axios.create({ adapter: network.axiosAdapter })`.
 *
 * Codes are those of a page: every network error is `ERR_NETWORK`, a timeout `ECONNABORTED` (or `ETIMEDOUT`
 * with `clarifyTimeoutError`), an abort `ERR_CANCELED`. It hears `signal` and `cancelToken`, asks
 * `validateStatus`, calls `onDownloadProgress` with each piece of the body, and `onUploadProgress` once, with all of it, when it
 * has been sent: a small body lies in the device's own buffer at once. `timeout` is of the network's clock. Its
 * `adapterName` is that of the adapter whose place it takes, `xhr`.
 *
 * @param errors axios' own classes; default: lookalikes that `axios.isAxiosError` and `isCancel` recognise.
 */
export function createAxiosAdapter(ports: InstallerPorts, errors: AxiosErrors = lookalikes): AxiosAdapter {
  const adapter: AxiosAdapter = (config) =>
    new Promise((resolve, reject) => {
      const url = urlOf(config, ports.origin)
      const method = (config.method ?? 'get').toUpperCase()
      if (config.signal?.aborted) return reject(new errors.CanceledError(undefined, config))
      const headers = toHeaders(config)
      const tellUploaded = createUpload(config)
      const request = () => {
        tellUploaded()
        return toRequest(config, method, url, headers)
      }
      const exchange = ports.send({ who: 'axios', method, url, headers, request })
      exchange.whenOver(hearCaller(config, exchange, ports))
      exchange.result
        .then((answer) => whole(config, answer))
        .then(
          (answer) => settle(config, answer, errors),
          (reason: unknown) => Promise.reject(toError(config, reason, errors)),
        )
        .then(resolve, reject)
    })
  return Object.assign(adapter, { adapterName: 'xhr' })
}

/** Tells once that all of the body was sent; what has none, or one whose size only a browser knows, tells nothing. */
function createUpload({ data, method, onUploadProgress }: Config): () => void {
  const bytes = method === 'get' || method === 'head' ? 0 : sizeOf(data)
  let state: 'waiting' | 'told' = 'waiting'
  return () => {
    if (state === 'told' || bytes === 0) return
    state = 'told'
    const all = { loaded: bytes, total: bytes, bytes, progress: 1 }
    onUploadProgress?.({ ...all, lengthComputable: true, upload: true })
  }
}

/** Aborts and the timeout end the exchange; returns what stops hearing them. */
function hearCaller(config: Config, exchange: Exchange, { clock }: InstallerPorts): () => void {
  const { signal, cancelToken, timeout = 0 } = config
  let heard: 'caller' | 'nobody' = 'caller'
  const onAbort = () => exchange.fail('aborted')
  signal?.addEventListener?.('abort', onAbort)
  // A token's promise has no way to be left; it is heard as long as the request lives.
  void cancelToken?.promise.then(() => heard === 'caller' && onAbort())
  const cancelTimeout = timeout > 0 ? clock.setTimeout(() => exchange.fail('timeout'), timeout) : () => {}
  return () => {
    heard = 'nobody'
    signal?.removeEventListener?.('abort', onAbort)
    cancelTimeout()
  }
}

function settle(config: Config, answer: Answer, errors: AxiosErrors): AxiosResponse {
  if (isRedirect(answer)) throw toError(config, new NoAnswer('error'), errors)
  const { status, statusText, body } = answer
  const Headers = config.headers.constructor as typeof AxiosHeaders
  const headers = new Headers(Object.fromEntries(answer.headers))
  const response: AxiosResponse = {
    data: dataOf(config, body),
    status,
    statusText,
    headers,
    config,
    request: null,
  }
  if (!config.validateStatus || config.validateStatus(status)) return response
  const code = status < 500 ? 'ERR_BAD_REQUEST' : 'ERR_BAD_RESPONSE'
  throw new errors.AxiosError(`Request failed with status code ${status}`, code, config, null, response)
}

/** The answer with the whole of its body; rejects where that breaks off. */
function whole(config: Config, answer: Answer): Answer | Promise<Answer> {
  const { stream, body } = answer
  const length = answer.headers.get('Content-Length')
  const total = stream ? (length === null ? undefined : Number(length)) : (body?.byteLength ?? 0)
  let loaded = 0
  const report = (bytes: number): void => {
    loaded += bytes
    const known = total === undefined ? {} : { total, progress: total === 0 ? 1 : loaded / total }
    const event: AxiosProgressEvent = {
      ...{ loaded, bytes, lengthComputable: total !== undefined, download: true },
      ...known,
    }
    config.onDownloadProgress?.(event)
  }
  if (!stream) {
    report(body?.byteLength ?? 0)
    return answer
  }
  return new Promise((resolve, reject) => {
    const pieces: Bytes[] = []
    stream({
      chunk(bytes) {
        pieces.push(bytes)
        report(bytes.byteLength)
      },
      end: () => resolve({ ...answer, body: joined(pieces, loaded) }),
      fail: (end) => reject(new NoAnswer(end)),
    })
  })
}

function joined(pieces: readonly Bytes[], length: number): Bytes {
  const body = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    body.set(piece, at)
    at += piece.byteLength
  }
  return body
}

function dataOf({ responseType }: Config, body: Bytes | null): unknown {
  const bytes = body ?? new Uint8Array()
  if (responseType === 'arraybuffer') return bytes.buffer
  if (responseType === 'blob') return new Blob([bytes])
  return new TextDecoder().decode(bytes)
}

function toError(config: Config, reason: unknown, errors: AxiosErrors): AxiosError {
  if (!(reason instanceof NoAnswer)) throw reason
  if (reason.end === 'aborted') {
    const given = config.cancelToken?.reason
    return given instanceof Error ? (given as AxiosError) : new errors.CanceledError(undefined, config)
  }
  if (reason.end === 'timeout') {
    const code = config.transitional?.clarifyTimeoutError ? 'ETIMEDOUT' : 'ECONNABORTED'
    const message = config.timeoutErrorMessage || `timeout of ${config.timeout}ms exceeded`
    return new errors.AxiosError(message, code, config, null)
  }
  return new errors.AxiosError('Network Error', 'ERR_NETWORK', config, null)
}

function toHeaders({ headers }: Config): Headers {
  return new Headers(headers.toJSON() as Record<string, string>)
}

function toRequest(config: Config, method: string, url: URL, given: Headers): Request {
  // The boundary of a form is the browser's to choose.
  const headers = config.data instanceof FormData ? withoutType(given) : given
  const body = method === 'GET' || method === 'HEAD' ? null : ((config.data as BodyInit | undefined) ?? null)
  return new Request(url, { method, headers, body })
}

function withoutType(given: Headers): Headers {
  const headers = new Headers(given)
  headers.delete('Content-Type')
  return headers
}

/** Base, path and params put together as axios does for the common cases; arrays as `key[]`. */
function urlOf(config: Config, origin: string): URL {
  const { baseURL, url: path = '', params, paramsSerializer } = config
  const base = new URL(baseURL ?? origin, origin).href
  const isAbsolute = /^([a-z][a-z\d+.-]*:)?\/\//i.test(path)
  const joined =
    baseURL && path && !isAbsolute ? `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}` : path
  const url = new URL(joined || base, origin)
  if (!params) return url
  if (paramsSerializer && typeof paramsSerializer !== 'function' && paramsSerializer.serialize) {
    url.search = paramsSerializer.serialize(params as Record<string, unknown>)
    return url
  }
  const pairs: Iterable<[string, unknown]> =
    params instanceof URLSearchParams ? params : Object.entries(params as Record<string, unknown>)
  for (const [key, value] of pairs) {
    if (value === null || value === undefined) continue
    if (Array.isArray(value)) for (const one of value) url.searchParams.append(`${key}[]`, String(one))
    else url.searchParams.append(key, value instanceof Date ? value.toISOString() : String(value))
  }
  return url
}
