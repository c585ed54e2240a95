/** One request of a fetch, in the shape in which the core sees requests. */
import { known } from '../core/known.js'
import { isSingle, markOf, type Config, type DurableMark, type HoldfastMark } from './config.js'
import { isReadOnce } from './idempotency.js'

/** What the attached fetch takes besides what every fetch takes. */
export interface HoldfastRequestInit extends RequestInit {
  /** `false`: the kit leaves this request alone (refresh and login must say so). */
  holdfast?: false | HoldfastMark
  /** Send this write through the queue. Its promise settles with the queue's outcome, as a `Response`. */
  durable?: DurableMark
}

/** A fetch that takes marks; fits wherever the platform's own does. */
export type HoldfastFetch = (input: RequestInfo | URL, init?: HoldfastRequestInit) => Promise<Response>

/** The shape of axios' config, made once for each request, so that the core needs no second way. */
export interface FetchConfig extends Config {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  /** What the caller gave, without the marks. */
  readonly input: RequestInfo | URL
  readonly init: RequestInit
  /** Holds the body, where that could change or be used up; each attempt sends a clone. Null: not needed. */
  readonly kept: Request | null
  /** The caller's signal: the core puts its own in `signal` while an attempt is in the air. */
  readonly wanted: AbortSignal | undefined
  /** The answer of the last attempt, as long as its caller may still get it. */
  response: Response | null
  /** Others read the same body: what ends it is not the caller's signal. */
  isShared: boolean
}

/** A Request, of this realm or of another one. */
export const isRequest = (input: unknown): input is Request =>
  typeof input === 'object' && input !== null && 'url' in input && 'clone' in input

/** Firefox does not show the body of a Request: there one of an unsafe method is taken to have one. */
const hasBody = ({ body, method }: Request): boolean =>
  (body as unknown) === undefined ? method !== 'GET' && method !== 'HEAD' : body !== null

/** Bodies that are the same whenever they are sent. */
const isFixed = (body: unknown): boolean => typeof body === 'string' || body instanceof Blob

/**
 * Makes the core's request of what fetch was called with. As in fetch, the body is taken now: a Request is used
 * up, what the caller changes afterwards changes nothing, and a form has one boundary for all attempts (a
 * server that compares the bytes under a key would refuse another). Strings and Blobs are only referred to;
 * a stream is sent as it comes, once.
 *
 * @throws TypeError as fetch rejects with, for headers that cannot be or a body that was used
 */
export function createFetchConfig(input: RequestInfo | URL, given: HoldfastRequestInit = {}): FetchConfig {
  const { holdfast, durable, ...init } = given
  const { body = null, ...rest } = init
  const request = isRequest(input) ? input : null
  const isKept = body === null ? request !== null && hasBody(request) : !isFixed(body) && !isReadOnce(body)
  const kept = isKept ? new Request(input, { ...init, signal: null }) : null
  const wanted = (init.signal === undefined ? request?.signal : init.signal) ?? undefined
  return {
    url: request ? request.url : String(input),
    method: init.method ?? request?.method ?? 'GET',
    headers: new Headers(kept ? kept.headers : (init.headers ?? request?.headers)),
    data: kept ? null : body,
    signal: wanted,
    ...known({ holdfast, durable }),
    input,
    init: kept ? rest : init,
    kept,
    wanted,
    response: null,
    isShared: false,
  }
}

/** What the platform's fetch is called with for one attempt, which `signal` ends. */
export function callOf(config: FetchConfig, signal: AbortSignal): [RequestInfo | URL, RequestInit] {
  const { input, kept, headers, init } = config
  // Only who repeats needs a copy; it is held in memory until the request is over.
  const target = kept && !isSingle(config) ? kept.clone() : (kept ?? input)
  return [
    target,
    {
      // With an init, however small, fetch forgets these two of a Request.
      ...(isRequest(input) ? { referrer: input.referrer, referrerPolicy: input.referrerPolicy } : {}),
      ...init,
      ...(config.maxRedirects === 0 ? { redirect: 'manual' } : {}),
      headers,
      signal,
    },
  ]
}

/** The signals by which the caller may cancel. */
export function signalsOf(config: FetchConfig): AbortSignal[] {
  return [config.wanted, markOf(config)?.signal].filter((one) => one !== undefined)
}

/** Aborts with the first of them, for its reason, and leaves no listener on them. */
export function firstOf(signals: readonly AbortSignal[]): AbortSignal {
  if (typeof AbortSignal.any === 'function') return AbortSignal.any([...signals])
  // Before 2024. A listener of each attempt stays on the caller's signal until that aborts or is gone.
  const end = new AbortController()
  for (const one of signals) {
    if (one.aborted) end.abort(one.reason)
    else one.addEventListener('abort', () => end.abort(one.reason), { once: true })
  }
  return end.signal
}

/** Why the caller has cancelled, as fetch tells it: the signal's own reason; undefined: it is still wanted. */
export function reasonOf(config: FetchConfig): unknown {
  const own = markOf(config)?.signal
  return config.wanted?.aborted ? config.wanted.reason : own?.aborted ? own.reason : undefined
}
