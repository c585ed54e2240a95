/** The queue's side of a marked request: what http declares as its `DurablePort`, met by shape. */
import { HoldfastError } from '../core/errors.js'
import type { Ended } from './action.js'

/** What the caller of a durable request gets: the handler's result, or a rejection that says why there is none. */
export function resultOf(ended: Ended): unknown {
  if (ended.outcome === 'confirmed') return ended.result
  if ('error' in ended) throw ended.error
  switch (ended.outcome) {
    case 'failed':
      throw new HoldfastError('rejected', ended.detail ?? ended.why)
    case 'conflict':
      throw new HoldfastError('conflict', ended.detail)
    case 'unconfirmed':
      throw new HoldfastError('maybe-committed')
    default:
      throw new HoldfastError(ended.outcome)
  }
}
