/**
 * A request as the core sees it, what it may say about itself, and what an error says about its attempts. Nothing
 * here knows axios: `holdfast/fetch` works, and compiles, where it is not installed.
 */
import type { OutcomeClass } from '../core/outcome.js'
import type { Schedule } from '../core/schedule.js'
import type { Why } from './log.js'

/** A request's own wishes. All are optional. */
export interface HoldfastMark {
  /**
   * The idempotency key, unquoted. Makes the request a single attempt: it is sent with this key, and neither
   * held nor retried; a lost link (not a planned one) ends it as `maybe-committed`. For whoever repeats himself.
   * It goes to an origin of the service or is refused (`bad-action`), and follows no redirect: that is
   * `maybe-committed` too. A page's XMLHttpRequest follows them all the same, and cannot be told otherwise;
   * where that matters, give the instance `adapter: 'fetch'` (of an axios that heeds `maxRedirects: 0` there).
   */
  key?: string
  /** Cancels the request as axios' own `signal` does, beside it. */
  signal?: AbortSignal
  /**
   * How long this request may be silent while the link is up, in ms. `Infinity` declares a poll or a stream:
   * its silence is no evidence, and nobody is told that it is slow. Default: `stalledMs` of `attachHttp`.
   */
  stalledMs?: number
  /** Its own number of repetitions, 0 to 5. Default: `retries` of the options; as all that follow. */
  retries?: number
  /** Its own pauses between attempts. */
  schedule?: Schedule
  /** How long one attempt of it may take, in ms; Infinity: as long as it likes. */
  attemptTimeoutMs?: number
  /** How long it may take over all attempts, pauses and holding, in ms; Infinity: as long as it likes. */
  deadlineMs?: number
  /** How long it is held at most, over all its waits, in ms. */
  holdMs?: number
  /** `'prefetch'`: after an outage it goes out when all others have gone. Default `'normal'`. */
  priority?: 'normal' | 'prefetch'
}

/**
 * Makes a write durable: it goes through the queue, also while online. Its `signal` (or CancelToken) ends the
 * waiting for it, with the platform's own error. Aborted before the write is handed to the queue (an interceptor
 * may still be at work), nothing is kept; after that the action stays, and is sent: discard it in the queue.
 */
export interface DurableMark {
  /** What people read in the list of waiting changes. */
  label: string
  /** Actions of one lane keep their order. Default: the queue's. */
  lane?: string
  /** The name of the queue's handler that sends it. Default `request`. */
  handler?: string
  /**
   * True: the promise resolves as soon as the write is kept, with the status 202 and `holdfast: { queued: id }`
   * in the answer, instead of waiting for the server's own. Needs a queue with `enqueue`. Default false.
   */
  queuedResult?: boolean
}

/** What a rejection of the kit knows about the request. */
export interface HoldfastReport {
  /** The class of the last outcome. */
  readonly outcome: OutcomeClass
  /** How often the request was handed to the network. */
  readonly attempts: number
  /** Why it was given back instead of being repeated; `read-once`: its body cannot be sent twice. */
  readonly why?: Why
}

/** What cancels a request: an AbortSignal, or what axios takes for one. */
interface Cancelling {
  readonly aborted: boolean
  addEventListener?: (type: 'abort', listener: () => void) => void
  removeEventListener?: (type: 'abort', listener: () => void) => void
}

/** Progress as axios tells it. */
export interface Progress {
  readonly loaded: number
  readonly total?: number | undefined
}

/** Hears of progress. A method's type, so that axios' own listeners, who are told more, are ones too. */
export type Ears = { hear(event: Progress): void }['hear']

/**
 * A request on its way through the core: the members of axios' config that the core reads and writes, under
 * axios' names. An axios config is one as it is, so that the way of axios copies nothing (performance.md, P8);
 * `attachFetch` makes one object a request.
 */
export interface Config {
  url?: string
  baseURL?: string
  allowAbsoluteUrls?: boolean
  method?: string
  /** Read by `header()`. */
  headers: object & { set(name: string, value: string): unknown }
  data?: unknown
  signal?: Cancelling | undefined
  cancelToken?:
    | {
        readonly reason?: unknown
        subscribe(listener: () => void): void
        unsubscribe(listener: () => void): void
      }
    | undefined
  onDownloadProgress?: Ears | undefined
  onUploadProgress?: Ears | undefined
  maxRedirects?: number
  responseType?: string
  holdfast?: false | HoldfastMark
  durable?: DurableMark
}

/** What an adapter resolves with, as far as the core reads it. The caller gets the adapter's own object. */
export interface Answer {
  readonly status: number
  /** Read by `header()`. */
  readonly headers: unknown
  readonly data?: unknown
  readonly config?: Pick<Config, 'method' | 'headers' | 'responseType'>
}

/** One way to the network, for one attempt. */
export type Adapter = (config: Config) => Promise<Answer>

/** The wishes of a request; undefined if it has none. */
export function markOf(config: Config): HoldfastMark | undefined {
  return config.holdfast || undefined
}

/** Whether it is sent once, under a key of its own: its caller repeats it, and nobody else. */
export const isSingle = (config: Config): boolean => markOf(config)?.key !== undefined
