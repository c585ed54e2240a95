/** The caller's own cancelling: axios knows two ways, fetch one, and a mark adds another. */
import { markOf, type Config } from './config.js'

/** The error of a request that its caller has cancelled, as its platform makes it; undefined: still wanted. */
export type Cancelled = (config: Config) => unknown

/** Calls when the caller cancels. Takes no closure, so that a request in the air costs none. */
export function listen(config: Config, listener: () => void): void {
  config.signal?.addEventListener?.('abort', listener)
  markOf(config)?.signal?.addEventListener('abort', listener)
  config.cancelToken?.subscribe(listener)
}

/** Takes the listener off again. */
export function unlisten(config: Config, listener: () => void): void {
  config.signal?.removeEventListener?.('abort', listener)
  markOf(config)?.signal?.removeEventListener('abort', listener)
  config.cancelToken?.unsubscribe(listener)
}
