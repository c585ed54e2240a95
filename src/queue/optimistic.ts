/** Shows a change before the server has confirmed it, and takes it back when it will not come true. */
import { badOption } from '../core/errors.js'
import { heard } from '../core/listeners.js'
import { flag } from '../core/options.js'
import type { Action, Ended } from './action.js'
import type { FeatureHost, FeatureWork, QueueFeature } from './feature.js'
import type { RollbackReason } from './handler.js'

/** What an action was shown as. */
interface Shown {
  readonly handler: string
  readonly payload: unknown
  readonly edits: number
  /** False: taken back, and shown again if a person tries it again. */
  readonly isOn: boolean
}

/**
 * Optimistic changes: calls `apply(payload)` of the handler when its action is kept, and `rollback(payload, why)`
 * when it fails, conflicts, is discarded or replaced, or is changed by hand (then the new one is applied). Each
 * is called once; one that is tried again after it was taken back is applied again. `confirmed`: neither.
 *
 * A reload begins with a page that shows nothing: what is kept is applied again only where the handler says
 * `rehydrate`, and what was not applied in this page is not rolled back in it. What a hook throws is told as an
 * unhandled rejection and stops nothing.
 */
export function optimistic(): QueueFeature {
  return {
    hooks: ['apply', 'rollback', 'rehydrate'],
    check({ apply, rollback, rehydrate = false }, option) {
      const has = typeof apply
      if (has !== typeof rollback || (apply !== undefined && has !== 'function'))
        throw badOption(`${option}.apply`, has, 'a function, together with a function rollback')
      flag()(`${option}.rehydrate`, rehydrate)
    },
    attach: attachShows,
  }
}

function attachShows(host: FeatureHost): FeatureWork {
  const shown = new Map<string, Shown>()

  const takeBack = (known: Shown, why: RollbackReason) => {
    if (known.isOn) heard(() => host.handler(known.handler)?.rollback?.(known.payload, why))
  }

  const show = ({ id, handler, payload, edits = 0, state }: Action) => {
    const known = shown.get(id)
    const hooks = host.handler(handler)
    if (!hooks?.apply || (!known && !hooks.rehydrate && !host.isOwn(id))) return
    const why = state.name === 'failed' ? state.why : state.name === 'conflict' ? state.name : null
    if (why !== null) {
      if (known) takeBack(known, why)
      // Not shown at all: it is if a person tries it again in this page.
      shown.set(id, { handler, payload, edits, isOn: false })
      return
    }
    if (known?.isOn && known.edits === edits) return
    if (known) takeBack(known, 'edited')
    const own = host.hand(structuredClone(payload))
    shown.set(id, { handler, payload: own, edits, isOn: true })
    heard(() => hooks.apply?.(own))
  }

  const end = (id: string, as: Ended | { readonly outcome: 'moved'; readonly to: string }) => {
    const known = shown.get(id)
    if (!known) return
    shown.delete(id)
    const { outcome } = as
    if (outcome === 'moved') shown.set(as.to, known)
    else if (outcome === 'failed') takeBack(known, as.why)
    else if (outcome !== 'confirmed' && outcome !== 'stopped') takeBack(known, outcome)
  }

  return {
    note({ put, ended }, all) {
      if (all) {
        const kept = new Set(put.map(({ action }) => action.id))
        for (const id of [...shown.keys()]) if (!kept.has(id)) end(id, { outcome: 'unconfirmed' })
      }
      for (const { action, as } of ended) end(action.id, as)
      const gone = new Set(ended.map(({ action }) => `${action.position} ${action.id}`))
      for (const { action } of put) if (!gone.has(`${action.position} ${action.id}`)) show(action)
    },
  }
}
