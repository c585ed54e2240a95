/** The caller's own cancelling: axios knows two ways, and a mark adds a third. */
import { CanceledError } from 'axios'
import { markOf, type Config } from './config.js'

/** The error of a request that its caller has cancelled, as axios makes it; undefined: it is still wanted. */
export function cancelled(config: Config): unknown {
  if (config.cancelToken?.reason) return config.cancelToken.reason
  const isAborted = config.signal?.aborted || markOf(config)?.signal?.aborted
  return isAborted ? new CanceledError(undefined, config) : undefined
}

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
