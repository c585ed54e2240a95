/** Of several writes to one thing that were never sent only the last one is sent. */
import { HoldfastError } from '../core/errors.js'
import { func } from '../core/options.js'
import { isNeverSent, type Action, type Coalesce } from './action.js'
import type { FeatureHost, QueueFeature } from './feature.js'
import { takePayload } from './payload.js'
import type { Edit } from './writer.js'

/**
 * Coalescing: `enqueue({ coalesce: { key, merge? } })` takes the place of an earlier action of the same key,
 * handler and lane that was never sent. The later one stands at the end of the lane with its own id, key, label
 * and `expiresAt`, and follows what the earlier one followed; the earlier one ends `replaced`. With `merge` its
 * payload is made of both by that function of the handler's `merges`. What others name in `after` is left alone.
 * A `merge` that throws, or does not make plain data, refuses the later action; the earlier one stays.
 */
export function coalescing(): QueueFeature {
  return {
    parts: ['coalesce'],
    hooks: ['merges'],
    check({ merges = {} }, option) {
      for (const [name, merge] of Object.entries(merges)) func()(`${option}.merges.${name}`, merge)
    },
    attach: (host) => ({
      prepare: (action, { coalesce }) =>
        coalesce === undefined ? action : { ...action, coalesce: checkCoalesce(coalesce, action, host) },
      mergePlaces: (action) =>
        host.rows.filter((row) => isSameThing(row, action)).map(({ position }) => position),
      merge(action, edit) {
        const earlier = findEarlier(action, edit, host)
        if (!earlier) return action
        const merged = mergeInto(action, earlier, host)
        edit.end(earlier, { outcome: 'replaced', to: action.id })
        return merged
      },
    }),
  }
}

function checkCoalesce(given: Coalesce, { handler }: Action, host: FeatureHost): Coalesce {
  const { key, merge, ...rest } = given
  const stray = Object.keys(rest)[0]
  if (stray !== undefined) throw new HoldfastError('bad-action', `coalesce has an unknown part ${stray}`)
  if (typeof key !== 'string' || !key || key.length > 1_000)
    throw new HoldfastError('bad-action', 'coalesce.key is no text of 1 to 1000 characters')
  if (merge === undefined) return { key }
  if (!Object.hasOwn(host.handler(handler)?.merges ?? {}, merge))
    throw new HoldfastError(
      'bad-action',
      `coalesce.merge is ${merge}; the handler has no such function in merges`,
    )
  return { key, merge }
}

function isSameThing(row: Action, { coalesce, handler, lane }: Action): boolean {
  return (
    coalesce !== undefined &&
    row.coalesce?.key === coalesce.key &&
    row.handler === handler &&
    row.lane === lane &&
    isNeverSent(row)
  )
}

/** The latest one, as the transaction has it: what came in the same turn is in no mirror yet. */
function findEarlier(action: Action, edit: Edit, { rows }: FeatureHost): Action | undefined {
  if (!action.coalesce) return undefined
  const known = new Map(rows.map((row) => [row.position, row]))
  for (const { action: put } of edit.changes.put) known.set(put.position, put)
  const followed = new Set([...known.values()].flatMap(({ id, after }) => (id === action.id ? [] : after)))
  const latest = [...known.keys()]
    .sort((one, other) => other - one)
    .map((position) => edit.row(position))
    .find((row) => row !== undefined && isSameThing(row, action))
  // One before it would pass it, and what is newer would be written over by what is older.
  return latest && !followed.has(latest.id) ? latest : undefined
}

function mergeInto(action: Action, earlier: Action, host: FeatureHost): Action {
  const after = new Set([...earlier.after, ...action.after])
  after.delete(earlier.id)
  const lists = {
    after: [...after],
    ...(earlier.tempIds && { tempIds: [...new Set([...earlier.tempIds, ...(action.tempIds ?? [])])] }),
  }
  const merge = action.coalesce?.merge
  const merges = host.handler(action.handler)?.merges
  if (merge === undefined || !merges) return { ...action, ...lists }
  const made = merges[merge]!(structuredClone(earlier.payload), structuredClone(action.payload))
  // Two files that were let in one by one may be together.
  const most = Math.max(host.maxActionBytes, earlier.bytes + action.bytes)
  return { ...action, ...lists, ...takePayload(made, most) }
}
