/** Decides conflicts without asking, where the handler can. */
import { untilAborted } from '../core/clock.js'
import { func, number, optional, readOptions } from '../core/options.js'
import type { Resolution } from './handler.js'
import type { FeatureHost, QueueFeature, Resolved } from './feature.js'
import type { Action } from './action.js'

/** Options of `resolving`. */
export interface ResolvingOptions {
  /** How often one action goes again by itself; after that a person is asked. Default: 5 (as `maxRetries`). */
  most?: number
}

/**
 * Conflicts: a handler's `resolve({ payload, answer, signal })` decides. `{ retry }` and `'mine'` send it again
 * in its place, under a new key (the old one was refused, and so has applied nothing); `'theirs'` ends it
 * `discarded`; `'ask'`, a rejection, no answer in time or anything else: a person is asked. A link that is lost
 * meanwhile decides nothing: it is sent again when it is back. Bad options throw `bad-option`.
 */
export function resolving(options: ResolvingOptions = {}): QueueFeature {
  const { most } = readOptions('resolving', options, { most: number(0, 1_000, 5) })
  return {
    hooks: ['resolve'],
    check({ resolve }, option) {
      optional(func())(`${option}.resolve`, resolve)
    },
    attach: (host) => ({
      async resolve(action, { error }, signal) {
        const handler = host.handler(action.handler)
        const { resolved = 0 } = action
        if (!handler?.resolve || resolved >= most) return undefined
        const conflict = { payload: host.hand(structuredClone(action.payload)), answer: error, signal }
        const resolution = await untilAborted(signal, Promise.resolve(handler.resolve(conflict)))
        return toChange(resolution, resolved + 1, action, host)
      },
    }),
  }
}

async function toChange(
  resolution: Resolution,
  resolved: number,
  { handler }: Action,
  host: FeatureHost,
): Promise<Resolved> {
  if (resolution === 'theirs') return resolution
  if (resolution === 'mine') return { resolved, override: true }
  if (typeof resolution !== 'object' || resolution === null || !('retry' in resolution)) return 'ask'
  const version = host.version(handler)
  return { resolved, override: false, version, ...(await host.fit(host.copy(resolution.retry))) }
}
