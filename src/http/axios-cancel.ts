/** Cancelling as axios does it: by a CancelToken, whose reason is the error, or by a signal. */
import { CanceledError, type InternalAxiosRequestConfig } from 'axios'
import { markOf } from './config.js'

/** The error of a request that its caller has cancelled, as axios makes it; undefined: it is still wanted. */
export function cancelled(config: InternalAxiosRequestConfig): unknown {
  if (config.cancelToken?.reason) return config.cancelToken.reason
  const isAborted = config.signal?.aborted || markOf(config)?.signal?.aborted
  return isAborted ? new CanceledError(undefined, config) : undefined
}
