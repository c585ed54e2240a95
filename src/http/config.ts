/** What a request may say about itself, on its axios config; and what an error says about its attempts. */
import type { InternalAxiosRequestConfig } from 'axios'
import type { OutcomeClass } from '../core/outcome.js'

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
}

/**
 * Makes a write durable: it goes through the queue, also while online. Its `signal` (or CancelToken) ends the
 * waiting for it, with axios' CanceledError. Aborted before the write is handed to the queue (an interceptor
 * may still be at work), nothing is kept; after that the action stays, and is sent: discard it in the queue.
 */
export interface DurableMark {
  /** What people read in the list of waiting changes. */
  label: string
  /** Actions of one lane keep their order. Default: the queue's. */
  lane?: string
  /** The name of the queue's handler that sends it. Default `request`. */
  handler?: string
}

/** What a rejection of the kit knows about the request. */
export interface HoldfastReport {
  /** The class of the last outcome. */
  readonly outcome: OutcomeClass
  /** How often the request was handed to the network. */
  readonly attempts: number
}

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

/** A config as an adapter gets it. */
export type Config = InternalAxiosRequestConfig

/** The wishes of a request; undefined if it has none. */
export function markOf(config: Config): HoldfastMark | undefined {
  return config.holdfast || undefined
}

/** Whether it is sent once, under a key of its own: its caller repeats it, and nobody else. */
export const isSingle = (config: Config): boolean => markOf(config)?.key !== undefined
